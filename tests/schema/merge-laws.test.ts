/** What holds for every merge of a row: nothing is overwritten unseen, nothing is decided twice, and neither side is preferred. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeRow, sameValue, type Values } from '../../schema/merge.ts';

const fields = ['name', 'phone', 'days', 'fee', 'served'] as const;
const none: ReadonlySet<string> = new Set();

/** Few values, so that the three sides often agree; blanks in each of their spellings. */
const value = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, '', []),
  fc.constantFrom('李彤', '1', '2', '免费'),
  fc.constantFrom(0, 1, 60, 60.5),
  fc.boolean(),
  fc.subarray([1, 2, 3]),
);
const row = (some: boolean): fc.Arbitrary<Values> =>
  fc.record(Object.fromEntries(fields.map((field) => [field, value])), some ? { requiredKeys: [] } : {}) as fc.Arbitrary<Values>;
const owned = fc.subarray([...fields]).map((names): ReadonlySet<string> => new Set(names));
const base = fc.option(row(true), { nil: null });

const holds = (law: (sheet: Values, live: Values, before: Values | null, readOnly: ReadonlySet<string>) => void): void =>
  fc.assert(fc.property(row(true), row(false), base, owned, law), { numRuns: 500 });

const without =
  (names: readonly string[]) =>
  (merged: Record<string, unknown>): string[] =>
    Object.keys(merged).filter((name) => !names.includes(name));

describe('every field of the sheet', () => {
  test('ends in one place alone: inward, outward, conflict, or agreed on both sides', () => {
    holds((sheet, live, before, readOnly) => {
      const { inward, outward, conflicts } = mergeRow(sheet, live, before, readOnly);
      for (const name of Object.keys(sheet)) {
        const places = [name in inward, name in outward, conflicts.includes(name), sameValue(sheet[name], live[name])];
        expect(places.filter(Boolean)).toHaveLength(1);
      }
      expect([...Object.keys(inward), ...Object.keys(outward), ...conflicts].every((name) => name in sheet)).toBe(true);
    });
  });

  test('is never overwritten where both sides have moved, nor where only the other has', () => {
    holds((sheet, live, before) => {
      const { inward, outward } = mergeRow(sheet, live, before, none);
      const moved = (side: Values, name: string): boolean =>
        before && name in before ? !sameValue(side[name], before[name]) : !sameValue(side[name], null);
      for (const name of Object.keys(inward)) expect([name, moved(live, name)]).toEqual([name, false]);
      for (const name of Object.keys(outward)) expect([name, moved(sheet, name)]).toEqual([name, false]);
    });
  });

  test('travels unchanged: what goes in is what the sheet says, what goes out is what Directus holds', () => {
    holds((sheet, live, before, readOnly) => {
      const { inward, outward } = mergeRow(sheet, live, before, readOnly);
      for (const [name, given] of Object.entries(inward)) expect(sameValue(given, sheet[name])).toBe(true);
      for (const [name, given] of Object.entries(outward)) expect(sameValue(given, live[name])).toBe(true);
    });
  });

  test('that the bureau owns never goes in and never conflicts', () => {
    holds((sheet, live, before, readOnly) => {
      const { inward, conflicts } = mergeRow(sheet, live, before, readOnly);
      expect([...Object.keys(inward), ...conflicts].filter((name) => readOnly.has(name))).toEqual([]);
    });
  });
});

describe('a merge', () => {
  test('favours neither side: seen from the other, inward and outward change places', () => {
    holds((sheet, live, before) => {
      const both = Object.fromEntries(fields.map((name) => [name, sheet[name]]));
      const here = mergeRow(both, live, before, none);
      const there = mergeRow(live, both, before, none);
      expect(there.inward).toEqual(here.outward);
      expect(there.outward).toEqual(here.inward);
      expect([...there.conflicts].sort()).toEqual([...here.conflicts].sort());
    });
  });

  test('of equal sides has nothing to do, whatever was agreed before', () => {
    holds((sheet, _live, before, readOnly) => {
      expect(mergeRow(sheet, sheet, before, readOnly)).toMatchObject({ inward: {}, outward: {}, conflicts: [] });
    });
  });

  test('done twice is done once: with both sides written, only the conflicts are left', () => {
    holds((sheet, live, before, readOnly) => {
      const first = mergeRow(sheet, live, before, readOnly);
      const written = { ...live, ...first.inward };
      const followed = { ...sheet, ...first.outward };
      const second = mergeRow(followed, written, { ...before, ...first.agreed }, readOnly);
      expect(second.inward).toEqual({});
      expect(second.outward).toEqual({});
      expect(second.conflicts).toEqual(first.conflicts);
      // Until the sheet has followed, the same goes out again, and nothing else happens.
      const waiting = mergeRow(sheet, written, { ...before, ...first.agreed }, readOnly);
      expect(waiting.inward).toEqual({});
      expect(waiting.outward).toEqual(first.outward);
      expect(waiting.conflicts).toEqual(first.conflicts);
    });
  });

  test('changes only what it names: fields that are not in the sheet stay out of it', () => {
    holds((sheet, live, before, readOnly) => {
      const merged = mergeRow(sheet, live, before, readOnly);
      expect(without(Object.keys(sheet))(merged.agreed)).toEqual([]);
    });
  });

  test('leaves its three rows as they were', () => {
    holds((sheet, live, before, readOnly) => {
      const copies = structuredClone([sheet, live, before]);
      mergeRow(sheet, live, before, readOnly);
      expect([sheet, live, before]).toEqual(copies);
    });
  });
});

test('sameness of values is the same from both sides, and of a value with itself', () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(sameValue(one, one)).toBe(true);
      expect(sameValue(one, other)).toBe(sameValue(other, one));
    }),
  );
});
