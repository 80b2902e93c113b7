import { expect, test } from 'vitest';
import { findAlike, markCommon, passagesOf, prepare } from '../../schema/cases/similar.ts';
import { caseTexts } from '../../scripts/county/case-texts.ts';

const texts = caseTexts.map((text, index) => ({
  id: String(index),
  parts: [text.summary, text.background, text.practice, text.results, text.lessons],
}));
const alike = (all: { id: string; parts: string[] }[], from = 30) => findAlike(all.map(prepare), from).map(({ a, b }) => [a, b]);

test('cases that were written apart are not alike, though they speak of the same things', () => {
  expect(alike(texts, 15)).toEqual([]);
});

test('last year’s text with new figures and a new beginning is found', () => {
  const [first] = texts as [(typeof texts)[0]];
  const again = {
    id: 'again',
    parts: first.parts.map((part, index) => (index === 0 ? '今年学校换了一种说法来概括这项工作。' : part.replaceAll(/\{.\}/g, '77'))),
  };
  expect(alike([...texts, again])).toEqual([['0', 'again']]);
});

test('one part taken over whole is found in a text that is new otherwise and much longer', () => {
  const [first, second, third] = texts as [(typeof texts)[0], (typeof texts)[0], (typeof texts)[0]];
  const patched = { id: 'patched', parts: [...second.parts, ...third.parts, first.parts[2] as string] };
  const pairs = alike([first, patched], 20);
  expect(pairs).toEqual([['0', 'patched']]);
});

test('punctuation, blanks, line breaks and full-width digits do not hide a copy', () => {
  const [first] = texts as [(typeof texts)[0]];
  const hidden = {
    id: 'hidden',
    parts: first.parts.map((part) =>
      part
        .replaceAll(/[,。;]/g, ' ')
        .replaceAll('一', '一\u200b')
        .replaceAll('5', '５'),
    ),
  };
  expect(findAlike([first, hidden].map(prepare), 90)).toHaveLength(1);
});

test('similar passages stand beside each other as they are written, with the changed words in between', () => {
  const mine = prepare({ id: 'a', parts: ['前面是自己写的话。第一时段的前五分钟不写作业,学生在计划卡上写下三件事,先写哪样。后面也是。'] });
  const theirs = prepare({ id: 'b', parts: ['完全两样的开头呀。第一时段的前十分钟不写作业,学生在计划卡上写下三件事;先写哪样!结尾不同。'] });
  expect(passagesOf(mine, theirs)).toEqual([
    {
      mine: '第一时段的前五分钟不写作业,学生在计划卡上写下三件事,先写哪样',
      theirs: '第一时段的前十分钟不写作业,学生在计划卡上写下三件事;先写哪样',
    },
  ]);
  const pieces = markCommon('第一时段的前五分钟不写作业', '第一时段的前十分钟不写作业');
  expect(pieces.filter((piece) => !piece.same).map((piece) => piece.text)).toEqual(['五']);
});

test('texts too short to say anything are never alike', () => {
  expect(
    alike([
      { id: 'a', parts: ['见附件。'] },
      { id: 'b', parts: ['见附件。'] },
    ]),
  ).toEqual([]);
});
