import { describe, expect, test } from 'vitest';
import { argumentsFor, emptyForm, faultsOf, type NoticeForm, scopeWords } from '../../extensions/cockpit-module/src/notice-request.ts';
import { classStatus, countsByNotice, mailTroubles } from '../../extensions/cockpit-module/src/notice-status.ts';
import { placeholders } from '../../schema/letters.ts';
import { readNoticeJob } from '../../scripts/notices/job-arguments.ts';
import { withoutAddresses } from '../../scripts/notices/notice-job.ts';
import { placeholderNames } from '../../scripts/notices/words.ts';

const form = (changed: Partial<NoticeForm>): NoticeForm => ({ ...emptyForm, school: '2141000001', ...changed });

describe('what the screen asks for is what the job does', () => {
  test.each<[string, NoticeForm, Parameters<typeof argumentsFor>[1], object]>([
    ['a class', form({ grade: '3', classNo: '2', duplex: true }), 'print', { options: { grade: 3, classNo: '2', oddStarts: true, upload: 'sets' } }],
    [
      'a township with a condition',
      form({ scope: '乡镇', township: '城关镇', only: '应缴未缴' }),
      'plan',
      { area: { township: '城关镇' }, options: { only: '应缴未缴', dryRun: true } },
    ],
    ['the county', form({ scope: '全县', upload: 'all', zip: true }), 'print', { area: {}, options: { upload: true, zip: true } }],
    [
      'some students',
      form({ students: ['S1', 'S2'] }),
      'preview',
      { do: 'preview', area: { school: '2141000001' }, options: { students: ['S1', 'S2'] } },
    ],
    ['whole schools are sent out, whatever class was chosen', form({ grade: '3' }), 'deliver', { do: 'deliver', options: { upload: true } }],
    ['a notice of another term', form({ notice: 'N1', term: '2025-2' }), 'print', { options: { notice: 'N1', term: '2025-2' } }],
    ['another layout and date', form({ layout: '标准', date: '2026-09-02' }), 'print', { options: { layout: '标准', dated: '2026-09-02' } }],
  ])('%s', (_case, asked, task, job) => {
    expect(faultsOf(asked, task)).toEqual([]);
    expect(readNoticeJob(argumentsFor(asked, task))).toMatchObject(job);
  });

  test.each<[Partial<NoticeForm>, Parameters<typeof faultsOf>[1], string]>([
    [{ school: '' }, 'print', '请选择学校'],
    [{ scope: '乡镇' }, 'print', '请选择乡镇/学区'],
    [{ scope: '全县' }, 'preview', '样张看一名学生的信:范围请选“一所学校”'],
    [{ kind: '变更停课通知', scope: '全县' }, 'print', '请选择是哪一份变更停课通知'],
    [{ kind: '报名结果' }, 'replies', '报名结果不收回执,没有名册'],
  ])('%j with %s is asked back', (changed, task, fault) => {
    expect(faultsOf(form(changed), task)).toEqual([fault]);
  });

  test.each([
    [{ kind: '告家长书' }, '缺“school”'],
    [{ school: '1', grade: 12 }, '1 到 9'],
    [{ school: '1', class: '2' }, '还要写“grade”'],
    [{ county: true, student: 'S' }, '还要写“school”'],
    [{ school: '1', do: 'burn' }, '参数“do”'],
    [{ school: '1', only: '全部' }, '参数“only”'],
  ])('%j in a row of jobs is refused in words', (given, words) => {
    expect(readNoticeJob(given)).toContain(words);
  });

  test('the question names what is going to be done', () => {
    expect(scopeWords(form({ grade: '3', classNo: '2', only: '应缴未缴' }), '东关小学', 'print')).toBe('东关小学 三年级2班 应缴未缴');
    expect(scopeWords(form({ grade: '3' }), '东关小学', 'deliver')).toBe('东关小学');
  });
});

test('every placeholder of the list is filled in, and every one that is filled in stands in the list', () => {
  expect(placeholderNames.toSorted()).toEqual(Object.keys(placeholders).toSorted());
});

test('what a mail server says goes into a job without the address', () => {
  expect(withoutAddresses('550 <parent.zhang@mail.example.cn>: user unknown')).toBe('550 <…>: user unknown');
});

describe('how far the letters are', () => {
  const pupil = (id: string, name: string, class_no: string) => ({ id, name, grade: 3, class_no });
  const pupils = [pupil('a', '张三', '2'), pupil('b', '李四', '10'), pupil('c', '王五', '2')];
  const copy = (student: string, changed: object = {}) => ({
    id: `copy ${student}`,
    student,
    read_at: null,
    answered_at: null,
    answer: null,
    delivery: null,
    deliveries: null,
    ...changed,
  });

  test('classes stand in their order, phone and paper count together, those missing are named', () => {
    const copies = [copy('a', { read_at: '2026-09-02', answered_at: '2026-09-02', answer: { takesPart: true } }), copy('b'), copy('c')];
    expect(classStatus(pupils, copies, [{ student: 'c', state: '已通过' }])).toMatchObject([
      { place: '三年级2班', students: 2, sent: 2, read: 1, answered: 2, onPhone: 1, onPaper: 1, takingPart: 2, missing: 0, missingNames: [] },
      { place: '三年级10班', sent: 1, missing: 1, missingNames: ['李四'] },
    ]);
  });

  test('counts of Directus come together by notice', () => {
    const row = (delivery: string | null, id: string, read_at: number) => ({ notice: 'N', delivery, count: { id, read_at, answered_at: 1 } });
    expect(countsByNotice([row(null, '10', 2), row('已发', '3', 1), row('失败', '2', 0)]).get('N')).toEqual({
      copies: 15,
      read: 3,
      answered: 3,
      queued: 0,
      sent: 3,
      failed: 2,
      unclear: 0,
    });
  });

  test('mail that was refused comes with the last words of the server', () => {
    const deliveries = [
      { result: '失败', words: 'first' },
      { result: '失败', words: 'last' },
    ];
    expect(
      mailTroubles(pupils, [copy('a', { delivery: '失败', deliveries }), copy('b', { delivery: '发送中' }), copy('c', { delivery: '已发' })]),
    ).toEqual([
      { copy: 'copy a', pupil: '三年级2班 张三', state: '失败', words: 'last', tries: 2 },
      { copy: 'copy b', pupil: '三年级10班 李四', state: '发送中', words: '发送时程序中断,对方可能已收到', tries: 0 },
    ]);
  });
});
