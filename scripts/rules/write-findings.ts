/**
 * Writes planned findings in bulk, through Directus, so that its checks and its history apply. A second evaluation of the
 * same school at the same time does no harm: ids are made of school, rule and cause.
 */
import { markWorkbooks } from '../directus/outdated.ts';
import { type Store, StoreError } from '../directus/store.ts';
import type { Change, FindingPlan } from './plan-findings.ts';

/** Rows of one call: few calls for a county, and no call that holds others up for long. */
const chunk = 100;

const createMissing = async (store: Store, rows: readonly Change[]): Promise<void> => {
  const there = new Set(
    (await store.readRows('findings', { filter: { id: { _in: rows.map((row) => row.id) } }, fields: ['id'] })).map((row) => row.id),
  );
  const missing = rows.filter((row) => !there.has(row.id));
  if (missing.length) await store.call('POST', '/items/findings?fields=id', missing);
};

const create = async (store: Store, rows: readonly Change[]): Promise<void> => {
  try {
    await store.call('POST', '/items/findings?fields=id', rows);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'RECORD_NOT_UNIQUE') throw error;
    // Another evaluation found the same meanwhile; what it has written is as good as ours.
    await createMissing(store, rows);
  }
};

export interface FindingWriter {
  add(plan: FindingPlan): Promise<void>;
  flush(): Promise<void>;
}

const change = async (store: Store, rows: readonly Change[]): Promise<void> => {
  for (let start = 0; start < rows.length; start += chunk) await store.call('PATCH', '/items/findings?fields=id', rows.slice(start, start + chunk));
};

/**
 * Writes plans: new findings when there are enough of them, and at `flush`; changes of known ones at once, for somebody may
 * be about to answer or close them.
 */
export const findingWriter = (store: Store): FindingWriter => {
  let opened: Change[] = [];
  /** Schools whose workbooks lack what was opened. */
  const behind = new Set<string>();
  const createFrom = async (least: number): Promise<void> => {
    while (opened.length >= least) {
      await create(store, opened.slice(0, chunk));
      opened = opened.slice(chunk);
    }
  };
  return {
    async add(plan) {
      opened.push(...plan.opened);
      for (const { school } of plan.opened) behind.add(String(school));
      await change(store, plan.changed);
      await createFrom(chunk);
    },
    async flush() {
      await createFrom(1);
      await markWorkbooks(store, behind);
      behind.clear();
    },
  };
};
