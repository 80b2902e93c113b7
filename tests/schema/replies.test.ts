import { expect, test } from 'vitest';
import { countReplies, isMissing, replyOf } from '../../schema/replies.ts';

const child = { id: 'S', grade: 3, class_no: '2' };
const copy = { read_at: null, answered_at: null, answer: null };
const said = (takesPart: boolean) => ({ read_at: 'then', answered_at: 'then', answer: { takesPart } });

test.each([
  ['nothing came', copy, undefined, null, null],
  ['by phone', said(true), undefined, '手机', '参加'],
  ['refused by phone', said(false), undefined, '手机', '不参加'],
  ['an application in the sheet', copy, '待审核', '纸质', '参加'],
  ['who left again', copy, '中途退出', '纸质', '不参加'],
  // The school said no, not the family.
  ['an application that the school refused', copy, '已拒绝', '纸质', '参加'],
  ['the phone goes before what the sheet says', said(false), '中途退出', '手机', '不参加'],
])('%s', (_case, of, state, channel, answer) => {
  expect(replyOf(child, of, state)).toMatchObject({ sent: true, channel, answer });
});

test('only a letter that went out and was not answered is to be reminded of', () => {
  const replies = [replyOf(child, copy, undefined), replyOf(child, undefined, undefined), replyOf(child, said(false), undefined)];
  expect(replies.map(isMissing)).toEqual([true, false, false]);
  expect(countReplies(replies)).toEqual({ students: 3, sent: 2, read: 1, answered: 1, onPhone: 1, onPaper: 0, takingPart: 0, missing: 1 });
});
