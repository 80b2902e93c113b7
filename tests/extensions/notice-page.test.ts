import { describe, expect, test } from 'vitest';
import { readCode } from '../../extensions/notice-endpoint/src/lookup.ts';
import { brokenPage, formPage, noticePage, unknownPage, waitPage } from '../../extensions/notice-endpoint/src/page.ts';
import { rateLimit } from '../../extensions/notice-endpoint/src/rate-limit.ts';
import { newCode, newShortCode } from '../../scripts/notices/codes.ts';

const notice = { state: '有效', school: '汝南县第一小学(示例)', kind: '告家长书', term: '2026—2027学年上学期', dated: '2026-09-01' } as const;

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
