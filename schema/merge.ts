/**
 * Three-way merge of one row: what the sheet says, what Directus holds, and what both last agreed on.
 * Pure. It decides per field and never picks a winner where both sides changed.
 */

export type Values = Readonly<Record<string, unknown>>;

export interface Merged {
  /** Fields to write into Directus. */
  readonly inward: Record<string, unknown>;
  /** Fields to write into the sheet. */
  readonly outward: Record<string, unknown>;
  /** Fields that both sides changed to different values: neither is overwritten. */
  readonly conflicts: string[];
  /** What both sides agree on after this merge; a field stays at its old agreement until the sheet is seen to follow. */
  readonly agreed: Record<string, unknown>;
}

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** Equality of values in normal form: lists by content in order, a blank is a blank however it is written, numbers by value. */
export const sameValue = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (isBlank(a) || isBlank(b)) return isBlank(a) && isBlank(b);
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, index) => sameValue(one, b[index]));
  if (typeof a === 'object' && typeof b === 'object') return JSON.stringify(a) === JSON.stringify(b);
  return false;
};

const normal = (value: unknown): unknown => (isBlank(value) ? null : value);

/**
 * Merges the fields that the sheet has. `base` null: the row was never agreed on, so a value stands against a blank,
 * and two different values are a conflict. `readOnly` names the fields that only ever flow outwards.
 */
export const mergeRow = (sheet: Values, live: Values, base: Values | null, readOnly: ReadonlySet<string>): Merged => {
  const merged: Merged = { inward: {}, outward: {}, conflicts: [], agreed: {} };
  for (const name of Object.keys(sheet)) {
    const ours = normal(live[name]);
    const theirs = normal(sheet[name]);
    if (sameValue(ours, theirs)) {
      merged.agreed[name] = ours;
      continue;
    }
    const before = base && name in base ? normal(base[name]) : undefined;
    const sheetMoved = before === undefined ? theirs !== null : !sameValue(theirs, before);
    const liveMoved = before === undefined ? ours !== null : !sameValue(ours, before);
    if (readOnly.has(name) || (liveMoved && !sheetMoved)) {
      merged.outward[name] = ours;
      if (before !== undefined) merged.agreed[name] = before;
    } else if (sheetMoved && !liveMoved) {
      merged.inward[name] = theirs;
      merged.agreed[name] = theirs;
    } else {
      merged.conflicts.push(name);
      if (before !== undefined) merged.agreed[name] = before;
    }
  }
  return merged;
};
