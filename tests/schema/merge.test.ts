import { expect, test } from 'vitest';
import { mergeRow, sameValue } from '../../schema/merge.ts';

const none: ReadonlySet<string> = new Set();

test('the school changed a figure: it goes in', () => {
  expect(mergeRow({ phone: '2' }, { phone: '1' }, { phone: '1' }, none)).toEqual({
    inward: { phone: '2' },
    outward: {},
    conflicts: [],
    agreed: { phone: '2' },
  });
});

test('the bureau corrected a figure: it goes out, and the agreement waits until the sheet follows', () => {
  expect(mergeRow({ phone: '1' }, { phone: '2' }, { phone: '1' }, none)).toEqual({
    inward: {},
    outward: { phone: '2' },
    conflicts: [],
    agreed: { phone: '1' },
  });
});

test('the school changes the name while the bureau corrects the phone: both stand', () => {
  const merged = mergeRow({ name: '李彤', phone: '1' }, { name: '李晓彤', phone: '2' }, { name: '李晓彤', phone: '1' }, none);
  expect(merged.inward).toEqual({ name: '李彤' });
  expect(merged.outward).toEqual({ phone: '2' });
  expect(merged.conflicts).toEqual([]);
});

test('both changed the same figure to different values: neither is overwritten', () => {
  expect(mergeRow({ phone: '3' }, { phone: '2' }, { phone: '1' }, none)).toEqual({
    inward: {},
    outward: {},
    conflicts: ['phone'],
    agreed: { phone: '1' },
  });
});

test('both changed it to the same value: done', () => {
  expect(mergeRow({ phone: '2' }, { phone: '2' }, { phone: '1' }, none)).toEqual({ inward: {}, outward: {}, conflicts: [], agreed: { phone: '2' } });
});

test('a cell that the school emptied is emptied, not taken for unchanged', () => {
  expect(mergeRow({ phone: null }, { phone: '1' }, { phone: '1' }, none).inward).toEqual({ phone: null });
});

test('a column that the sheet does not have is left alone', () => {
  expect(mergeRow({}, { phone: '1' }, { phone: '1' }, none)).toEqual({ inward: {}, outward: {}, conflicts: [], agreed: {} });
});

test('what the bureau owns only flows outwards', () => {
  expect(mergeRow({ approval: '已同意' }, { approval: '退回修改' }, { approval: '退回修改' }, new Set(['approval']))).toMatchObject({
    inward: {},
    outward: { approval: '退回修改' },
    conflicts: [],
  });
});

test('rows that meet for the first time: a value fills a blank, two values are a conflict', () => {
  expect(mergeRow({ phone: '1', name: '李彤' }, { phone: null, name: '李彤' }, null, none)).toMatchObject({
    inward: { phone: '1' },
    agreed: { phone: '1', name: '李彤' },
  });
  expect(mergeRow({ phone: null }, { phone: '1' }, null, none).outward).toEqual({ phone: '1' });
  expect(mergeRow({ phone: '2' }, { phone: '1' }, null, none).conflicts).toEqual(['phone']);
});

test('values are equal by content: blanks alike, lists in order, zero is not blank', () => {
  expect(sameValue(null, '')).toBe(true);
  expect(sameValue([], null)).toBe(true);
  expect(sameValue([1, 3], [1, 3])).toBe(true);
  expect(sameValue([1, 3], [3, 1])).toBe(false);
  expect(sameValue(0, null)).toBe(false);
  expect(sameValue(false, null)).toBe(false);
});
