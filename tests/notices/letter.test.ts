import { describe, expect, test } from 'vitest';
import { newCode, newShortCode } from '../../scripts/notices/codes.ts';
import { type Facts, noRecords, type Student } from '../../scripts/notices/facts.ts';
import { feeOf } from '../../scripts/notices/fee-words.ts';
import { openFormBook } from '../../scripts/notices/forms.ts';
import { parentNotice as noticeFor } from '../../scripts/notices/letter.ts';
import { planLetter } from '../../scripts/notices/plan-run.ts';
import { openPress } from '../../scripts/notices/template.ts';
import { sentence, typeset, weekdaysText } from '../../scripts/notices/wording.ts';
import { facts, plan, settings, student, term } from './fixture.ts';

const url = 'https://kehou.example';
const press = openPress('parent-notice', url, '紧凑');
const parentNotice = (of: Facts, pupil: Student, dated: string, words = '') =>
  noticeFor({ facts: of, student: pupil, records: noRecords, dated, words });

describe('the fee of one student', () => {
  test('a monthly fee is multiplied by the months of the term', () => {
    expect(feeOf(facts, student())).toEqual({ standard: '60元/生·月', arithmetic: '60元 × 4个月 = 240元', amount: '240元', waived: null });
  });

  test('a family freed by S01 owes nothing, and the arithmetic says why', () => {
    const fee = feeOf(facts, student({ waiver_kind: '脱贫户', waiver_state: '已认定' }));
    expect(fee.arithmetic).toBe('60元 × 4个月 = 240元，免收240元');
    expect(fee.amount).toBe('0元');
  });

  test('a waiver that is not decided yet changes nothing', () => {
    expect(feeOf(facts, student({ waiver_kind: '脱贫户', waiver_state: '待审核' })).amount).toBe('240元');
  });

  test('a recognised waiver of another kind names no sum, because only the school knows it', () => {
    const fee = feeOf(facts, student({ waiver_kind: '农村低保', waiver_state: '已认定' }));
    expect(fee.amount).toBeNull();
    expect(fee.waived).toContain('由学校核定');
  });

  test('a fee by lesson is settled by lessons served', () => {
    const byLesson = { ...facts, plan: { ...plan, fee_rate: 2.5, fee_unit: '元/生·课时' } };
    expect(feeOf(byLesson, student())).toMatchObject({ standard: '2.50元/生·课时', arithmetic: '2.50元 × 实际服务课时数，据实结算', amount: null });
  });

  test('a sum that the database hands over as text is still a sum', () => {
    const asText = { ...facts, plan: { ...plan, fee_rate: '60.00' as unknown as number } };
    expect(feeOf(asText, student()).arithmetic).toBe('60元 × 4个月 = 240元');
  });
});

describe('the words of a letter', () => {
  test('the kind of a waiver is not written in the letter, which the child carries home', () => {
    const html = press.letter(parentNotice(facts, student({ waiver_kind: '脱贫户', waiver_state: '已认定' }), '2026-09-01'), {
      code: newCode(),
      shortCode: newShortCode(),
    });
    expect(html).not.toContain('脱贫户');
    expect(html).toContain('免收');
  });

  test('only the courses of the own grade stand in it', () => {
    const names = parentNotice(facts, student({ grade: 1 }), '2026-09-01').courses.map(({ name }) => name);
    expect(names).toContain('绘本阅读');
    expect(names).not.toContain('篮球');
  });

  test('the school’s own refund rule goes before the county’s', () => {
    const own = { ...facts, plan: { ...plan, refund_rule: '按本校办法退费' } };
    expect(parentNotice(own, student(), '2026-09-01').refunds).toEqual(['按本校办法退费。']);
  });

  test('what the office has said in its own words is not said again', () => {
    const count = (privacy_words: string) =>
      parentNotice({ ...facts, settings: { ...settings, privacy_words } }, student(), '2026-09-01').privacy.length;
    expect(count('只用于编班。')).toBe(2);
    expect(count('只用于编班,保存至学期结束。')).toBe(1);
  });

  test('nothing on the slip is ticked beforehand', () => {
    const html = press.letter(parentNotice(facts, student(), '2026-09-01'), { code: newCode(), shortCode: newShortCode() });
    expect(html).not.toMatch(/[☑✓✔√]|checked/);
    expect(html.match(/class="box">(自愿参加|不参加)</g)).toHaveLength(2);
  });

  test('dates are written after GB/T 9704, and the slip is due the agreed days later', () => {
    const letter = parentNotice(facts, student(), '2026-09-28');
    expect(letter.dated).toBe('2026年9月28日');
    expect(letter.replyBy).toBe('2026年10月3日');
    expect(letter.seasons.map(({ span }) => span)).toEqual(['5月1日至9月30日', '10月1日至次年4月30日']);
  });

  test('text that looks like HTML or a template stays text', () => {
    const html = press.letter(parentNotice(facts, student({ name: '<img src=file:///etc/passwd>{{stamp.url}}' }), '2026-09-01'), {
      code: newCode(),
      shortCode: newShortCode(),
    });
    expect(html).toContain('&lt;img src&#x3D;file:///etc/passwd&gt;{{stamp.url}}');
    expect(html).not.toContain('<img');
  });
});

describe('punctuation', () => {
  test.each([
    ['请假,停课的,退费(按天).', '请假，停课的，退费（按天）.'],
    ['当天16:00前', '当天16:00前'],
    ['电话:0396-0000001', '电话：0396-0000001'],
    ['60元(不含餐费)', '60元（不含餐费）'],
    ['1,200元', '1,200元'],
  ])('%s becomes %s', (typed, printed) => {
    expect(typeset(typed)).toBe(printed);
  });

  test('an open sentence is ended, an ended one left alone', () => {
    expect(sentence('原路退回')).toBe('原路退回。');
    expect(sentence('原路退回;')).toBe('原路退回。');
    expect(sentence('好！')).toBe('好！');
  });

  test('days in a row are written as a span', () => {
    expect(weekdaysText([1, 2, 3, 4, 5])).toBe('周一至周五');
    expect(weekdaysText([3, 1])).toBe('周一、周三');
  });
});

describe('codes', () => {
  test('a code holds all 128 bits', () => {
    expect(newCode(new Uint8Array(16).fill(255))).toBe('77777777777777777777777774');
    expect(newCode(new Uint8Array(16))).toBe('a'.repeat(26));
    expect(new Set(Array.from({ length: 1000 }, () => newCode())).size).toBe(1000);
  });

  test('a short code has no characters that are mistaken for each other', () => {
    expect(Array.from({ length: 200 }, () => newShortCode()).join('')).not.toMatch(/[01258BILOSVZ]/);
  });
});

describe('what counts as the same letter', () => {
  const pupil = student();
  const bookOf = (of: Facts) => openFormBook(press, url, of, (one) => parentNotice(of, one, '2026-09-01'));

  test('the same words keep the code of the copy that is out already', () => {
    const first = planLetter(bookOf(facts), pupil, []);
    const copy = { id: first.copyId, code: first.stamp.code, short_code: first.stamp.shortCode, content_hash: first.contentHash } as never;
    const second = planLetter(bookOf(facts), pupil, [copy]);
    expect(second.kept).toBe(copy);
    expect(second.stamp).toEqual(first.stamp);
    expect(second.replaced).toEqual([]);
  });

  test('a changed word makes a new letter with a new code that replaces the old one', () => {
    const first = planLetter(bookOf(facts), pupil, []);
    const copy = { id: first.copyId, code: first.stamp.code, short_code: first.stamp.shortCode, content_hash: first.contentHash } as never;
    const second = planLetter(bookOf({ ...facts, term: { ...term, months: 5 } }), pupil, [copy]);
    expect(second.stamp.code).not.toBe(first.stamp.code);
    expect(second.replaced).toEqual([copy]);
  });

  test('another name is another letter, with the same form', () => {
    const book = bookOf(facts);
    const [one, two] = [book.entryOf(pupil), book.entryOf({ ...pupil, name: '王小明' })];
    expect(one.contentHash).not.toBe(two.contentHash);
    expect(one.form).toBe(two.form);
    expect(one.form?.html).not.toContain(pupil.name);
  });

  test('a setting that the letter does not show makes no new letter', () => {
    const other = { ...facts, settings: { ...settings, report_mailbox: 'new@example.com' } };
    expect(bookOf(other).entryOf(pupil).contentHash).toBe(bookOf(facts).entryOf(pupil).contentHash);
  });

  test('names that need room of their own, or that hold a mark of the blanks, get a letter of their own', () => {
    const book = bookOf(facts);
    for (const name of ['欧阳买买提·吐尔逊江', 'Anna', '王', '囗小明', '𠮷田', '<b>王</b>']) expect(book.entryOf({ ...pupil, name }).form).toBeNull();
    expect(bookOf({ ...facts, school: { ...facts.school, name: '圜丘小学' } }).entryOf(pupil).form).toBeNull();
  });
});
