import { expect, test } from 'vitest';
import { excerpt, printedText, toBlocks } from '../../scripts/showcase/text.ts';
import { cleanText } from '../../scripts/text/clean.ts';
import { typeset } from '../../scripts/text/typeset.ts';

const shapes = (text: string) =>
  toBlocks(printedText(text)).map((block) => (block.kind === 'heading' ? `h${block.level} ${block.text}` : `p ${block.lead}|${block.text}`));

test('numbered lines become headings of two levels, other lines paragraphs', () => {
  expect(shapes('一、健全机制\n\n学校成立小组。\n(一)分工\n 各负其责。')).toEqual([
    'h3 一、健全机制',
    'p |学校成立小组。',
    'h4 （一）分工',
    'p |各负其责。',
  ]);
});

test('without a first level the bracketed number is the first level, so that no level is skipped', () => {
  expect(shapes('(一)分工\n(二)交接')).toEqual(['h3 （一）分工', 'h3 （二）交接']);
});

test('a heading that runs on stays in its paragraph as a lead', () => {
  expect(shapes('(二)老师怎样排班。采用轮换的办法。')).toEqual(['p （二）老师怎样排班。|采用轮换的办法。']);
});

test('a numbered sentence is a paragraph', () => {
  expect(shapes('一、先问家长再排课。')).toEqual(['p |一、先问家长再排课。']);
});

test('marks in Chinese text become full-width, those of figures and times stay', () => {
  expect(typeset('参加1,204人(含教学点),16:30开始;率98%,好')).toBe('参加1,204人（含教学点），16:30开始；率98%，好');
  expect(typeset('see https://a.example/b?c=d, (x)')).toBe('see https://a.example/b?c=d, (x)');
});

test('invisible and direction-turning characters do not reach a page', () => {
  expect(cleanText('a\u202eb\u200bc\u0000d\r\ne\ud800')).toBe('abcd\ne');
});

test('an excerpt ends at a full stop or says that it goes on', () => {
  expect(excerpt('学校成立小组。再有别的话说个不停', 9)).toBe('学校成立小组。');
  expect(excerpt(printedText('学校成立小组,由校长任组长'), 7)).toBe('学校成立小组……');
});
