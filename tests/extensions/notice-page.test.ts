import { describe, expect, test } from 'vitest';
import type { OpenLetter } from '../../extensions/notice-endpoint/src/letter.ts';
import { letterPage, textPage } from '../../extensions/notice-endpoint/src/letter-page.ts';
import { textParts } from '../../extensions/notice-endpoint/src/letter-text.ts';
import { readCode } from '../../extensions/notice-endpoint/src/lookup.ts';
import { brokenPage, formPage, noticePage, unknownPage, waitPage } from '../../extensions/notice-endpoint/src/page.ts';
import { rateLimit } from '../../extensions/notice-endpoint/src/rate-limit.ts';
import { readReply } from '../../extensions/notice-endpoint/src/reply.ts';
import { noticeSessions } from '../../extensions/notice-endpoint/src/session.ts';
import { newCode, newShortCode } from '../../scripts/notices/codes.ts';

const notice = {
  code: 'a'.repeat(26),
  state: '有效',
  school: '汝南县第一小学(示例)',
  kind: '告家长书',
  term: '2026—2027学年上学期',
  dated: '2026-09-01',
} as const;

const openLetter = (): OpenLetter => ({
  copyId: 'A',
  code: 'a'.repeat(26),
  studentId: 'B',
  schoolCode: '2141000001',
  termId: '2026-1',
  kind: '告家长书',
  school: '汝南县第一小学(示例)',
  term: '2026—2027学年上学期',
  dated: '2026-09-01',
  studentName: '<b>张晓雨</b>',
  grade: 3,
  classNo: '2',
  folder: null,
  file: null,
  contentHash: 'c',
  textHash: 't',
  read: false,
  answer: null,
  answeredAt: null,
  mailTo: null,
  delivery: null,
  closes: '2026-09-06',
  items: Array.from({ length: 30 }, (_, index) => `活动${index}`),
});

describe('what a visitor types', () => {
  test('the long code of a QR is taken as it is, in either case', () => {
    const code = newCode();
    expect(readCode(code)).toEqual({ column: 'code', value: code });
    expect(readCode(code.toUpperCase())).toEqual({ column: 'code', value: code });
  });

  test('the short code may be typed with or without its hyphen, in small letters, with blanks', () => {
    const code = newShortCode();
    for (const typed of [code, `${code.slice(0, 4)}-${code.slice(4)}`, ` ${code.slice(0, 4).toLowerCase()} ${code.slice(4)} `])
      expect(readCode(typed)).toEqual({ column: 'short_code', value: code });
  });

  test.each(['', 'abc', "' OR 1=1 --", 'a'.repeat(27), '../../etc/passwd', '１２３４５６７８'])('%j is no code', (typed) => {
    expect(readCode(typed)).toBeNull();
  });
});

describe('the page', () => {
  test.each([
    ['有效', '本通知有效'],
    ['已替换', '已被新的一份替换'],
    ['已撤回', '本通知已撤回'],
  ] as const)('says of a letter that is %s: %s', (state, words) => {
    expect(noticePage({ ...notice, state })).toMatch(new RegExp(`<h1>.*${words}`));
  });

  test('shows school, kind, term and date', () => {
    for (const words of [notice.school, notice.kind, notice.term, '2026年9月1日']) expect(noticePage(notice)).toContain(words);
  });

  test('needs no script and no second file, and is small enough for an old phone', () => {
    for (const html of [noticePage(notice), formPage(), unknownPage('../notice'), waitPage(), brokenPage()]) {
      expect(html).not.toMatch(/<script|<link|<img|src=|url\(/);
      expect(Buffer.byteLength(html)).toBeLessThan(30_000);
      expect(html).toContain('noindex');
    }
  });

  test('a school name with markup in it stays text', () => {
    expect(noticePage({ ...notice, school: '<b onclick="x">学校</b>' })).toContain('&lt;b onclick=&quot;x&quot;&gt;学校&lt;/b&gt;');
  });
});

describe('the 回执 as it comes from the form', () => {
  const items = ['作业辅导', '篮球'];
  const full = 'read=yes&part=yes&day=1&day=3&item=篮球&item=马术&pick_up=家长接&waiver=no&consent=yes';
  const read = (text: string) => readReply(new URLSearchParams(text), items);
  const faults = (text: string): string[] => {
    const checked = read(text);
    return 'faults' in checked ? checked.faults.map(({ part, words }) => `${part}: ${words}`) : [];
  };

  test('a full answer is taken, and an activity that is not offered is left out', () => {
    expect(read(full)).toEqual({
      answer: {
        takesPart: true,
        consent: true,
        days: [1, 3],
        services: ['篮球'],
        pickUp: '家长接',
        entrustedName: null,
        entrustedPhone: null,
        waiver: false,
      },
    });
  });

  test('saying no needs no more than the two ticks', () => {
    expect(read('read=yes&part=no')).toMatchObject({ answer: { takesPart: false, consent: null, days: [] } });
  });

  test('nothing is presumed: an empty form is asked for everything that counts', () => {
    expect(faults('')).toEqual(['read: 请先勾选“已阅读并知悉”。', 'part: 请选择自愿参加或不参加。']);
    expect(faults('read=yes&part=yes')).toEqual([
      'day: 请勾选参加的星期（周一、周二、周三、周四、周五）。',
      'pick_up: 请选择接送方式。',
      'waiver: 请选择是否申请减免。',
      'consent: 请就个人信息单独选择同意或不同意。',
    ]);
  });

  test('without consent nothing of the child is kept', () => {
    expect(read(full.replace('consent=yes', 'consent=no'))).toEqual({
      answer: { takesPart: true, consent: false, days: [], services: [], pickUp: null, entrustedName: null, entrustedPhone: null, waiver: false },
    });
  });

  test('an entrusted person needs a name, and a telephone number that can be one', () => {
    const entrusted = full.replace('家长接', '委托接');
    expect(faults(entrusted)).toEqual(['entrusted_name: 请填写委托接送人的姓名。']);
    expect(faults(`${entrusted}&entrusted_name=王奶奶&entrusted_phone=12`)).toEqual([expect.stringMatching(/^entrusted_phone: .*电话不对/)]);
    expect(read(`${entrusted}&entrusted_name=王奶奶&entrusted_phone=13800001111`)).toMatchObject({ answer: { entrustedName: '王奶奶' } });
  });
});

describe('the page of an opened letter', () => {
  const letter = openLetter();
  const html = letterPage({ letter, text: null, base: '/notice/x', today: '2026-09-06' });

  test('nothing is ticked beforehand, no is as large as yes, and there is no script', () => {
    expect(html).not.toMatch(/ checked|<script|onclick/);
    const choices = [...html.matchAll(/<label><input type="radio" name="part" value="(\w+)">/g)].map((match) => match[1]);
    expect(choices).toEqual(['yes', 'no']);
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
  });

  test('a name with markup in it stays text', () => {
    expect(html).toContain('&lt;b&gt;张晓雨&lt;/b&gt;');
  });

  test('after the closing day there is no form any more', () => {
    const late = letterPage({ letter, text: null, base: '/notice/x', today: '2026-09-07' });
    expect(late).toContain('已于2026年9月6日截止');
    expect(late).not.toContain('name="part"');
  });
});

describe('the words of a letter on its page', () => {
  const letter = openLetter();
  const show = (text: string, more: Partial<Parameters<typeof letterPage>[0]> = {}) =>
    letterPage({ letter, text, base: '/notice/x', today: '2026-09-06', ...more });
  const paragraph = (index: number) => `<p>第${index}段:${'各班每天的安排由班主任在放学前说明。'.repeat(8)}</p>`;
  const long = Array.from({ length: 120 }, (_, index) => `${index % 10 === 0 ? `<h3>第${index}节</h3>\n` : ''}${paragraph(index)}`).join('\n');

  test('stand before the slip, with a way past them', () => {
    const html = show('<h2>题</h2><p>正文</p>');
    expect(html).toContain('<article class="letter"><h2>题</h2><p>正文</p></article>');
    expect(html.indexOf('<article')).toBeLessThan(html.indexOf('<h2 id="reply">'));
    expect(html).toContain('<a href="#reply">跳到回执</a>');
  });

  test('an attempt that has to be mended is not buried under them', () => {
    expect(show('<p>正文</p>', { faults: [{ part: 'day', words: '请勾选' }] })).not.toContain('正文');
  });

  test('get pages of their own where they would make the page too heavy: each is light, and together they are the letter', () => {
    const html = show(long);
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
    expect(html).toContain('href="/notice/x/text"');
    expect(html).not.toContain('第0段');
    const count = textParts(long, 24_000).length;
    expect(count).toBeGreaterThan(2);
    let words = '';
    for (let part = 1; part <= count; part += 1) {
      const page = textPage(letter, long, '/notice/x', part);
      expect(Buffer.byteLength(page)).toBeLessThan(30_000);
      expect(page.includes(`/text?part=${part + 1}`)).toBe(part < count);
      words += /<article class="letter">([\s\S]*)<\/article>/.exec(page)?.[1];
    }
    expect(words.replace(/\s/g, '')).toBe(long.replace(/\s/g, ''));
    for (const odd of [0, -3, 99, Number.NaN]) expect(textPage(letter, long, '/notice/x', odd)).toContain('第');
  });

  test('a heading goes with what follows it, a table is not cut, and what is too long for any page is left to the PDF', () => {
    const table = `<table><tbody>${'<tr><td>周一</td><td>篮球<br>书法</td></tr>'.repeat(4)}</tbody></table>`;
    const parts = textParts(`${'<p>一二三四五六七八九十</p>'.repeat(4)}<h3>节</h3>${table}`, 300);
    expect(parts).toEqual(['<p>一二三四五六七八九十</p>'.repeat(4), `<h3>节</h3>${table}`]);
    expect(textParts(`<h3>节</h3><p>${'长'.repeat(200)}</p><p>后</p>`, 300).join('')).toMatch(/^<h3>节<\/h3><p>（这一段太长.*<\/p><p>后<\/p>$/);
  });
});

describe('the mark of an opened letter', () => {
  const sessions = noticeSessions('secret', true);
  const cookie = sessions.open('A', 0).split(';')[0];

  test('opens its own letter for half an hour and no other', () => {
    expect(sessions.isOpen('A', cookie, 29 * 60_000)).toBe(true);
    expect(sessions.isOpen('A', cookie, 31 * 60_000)).toBe(false);
    expect(sessions.isOpen('B', cookie, 0)).toBe(false);
    expect(sessions.isOpen('A', undefined, 0)).toBe(false);
  });

  test('cannot be made without the secret, and is hidden from scripts and other sites', () => {
    expect(noticeSessions('other', true).isOpen('A', cookie, 0)).toBe(false);
    expect(sessions.open('A', 0)).toMatch(/HttpOnly; SameSite=Strict; .*Secure/);
  });
});

describe('the limit', () => {
  test('an address that guesses has to wait, and may ask again a minute later', () => {
    const limit = rateLimit(60, 3);
    for (let guess = 0; guess < 3; guess += 1) {
      expect(limit.allows('a', 0)).toBe(true);
      limit.miss('a', 0);
    }
    expect(limit.allows('a', 1000)).toBe(false);
    expect(limit.allows('b', 1000)).toBe(true);
    expect(limit.allows('a', 60_000)).toBe(true);
  });

  test('an address that asks without end has to wait too', () => {
    const limit = rateLimit(5, 3);
    expect(Array.from({ length: 7 }, () => limit.allows('a', 0))).toEqual([true, true, true, true, true, false, false]);
  });

  test('many addresses do not fill the memory, and those that wait are remembered while there is room', () => {
    const limit = rateLimit(1, 1, 100);
    for (let address = 0; address < 1000; address += 1) limit.allows(String(address), 0);
    expect(limit.allows('999', 0)).toBe(false);
  });
});
