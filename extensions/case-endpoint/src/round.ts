/**
 * The round of judging as it stands in the database: cases under review, who has handed in, what is sealed. Reads and writes rows;
 * marks stay sealed until every reviewer of a case has handed in or declined.
 */
import type { Knex } from 'knex';
import { type Conventions, conventionsOf } from '../../../schema/cases/conventions.ts';
import type { Table } from '../../../schema/fields.ts';
import { type Row, tables } from '../../../schema/index.ts';
import { fromRow } from '../../shared/values.ts';
import { reviewersOf } from './reviewers.ts';

export type CaseRow = Row<typeof tables.cases> & { readonly id: string };
export type ReviewRow = Row<typeof tables.case_reviews> & { readonly id: string };

/** Directus' own service for a table: hooks and history apply. */
export interface Items {
  createOne(values: Record<string, unknown>): Promise<unknown>;
  updateOne(id: string, values: Record<string, unknown>): Promise<unknown>;
}

export interface Records {
  readonly database: Knex;
  items(table: 'case_reviews'): Promise<Items>;
}

const read = <T>(table: Table, rows: readonly Record<string, unknown>[]): T[] => rows.map((row) => fromRow(table, row) as T);
const caseTable = tables.cases as unknown as Table;
const reviewTable = tables.case_reviews as unknown as Table;

export const readConventions = async (database: Knex): Promise<Conventions> => {
  const row = await database('settings').first('*');
  return conventionsOf(row ? fromRow(tables.settings as unknown as Table, row) : {});
};

export const underReview = async (database: Knex): Promise<CaseRow[]> =>
  read(caseTable, await database('cases').where({ state: '评审中' }).orderBy('id').select('*'));

export const findCase = async (database: Knex, id: string): Promise<CaseRow | null> => {
  const row = await database('cases').where({ id }).first('*');
  return row ? (fromRow(caseTable, row) as CaseRow) : null;
};

export const reviewsOf = async (database: Knex, cases: readonly string[]): Promise<ReviewRow[]> =>
  read(
    reviewTable,
    await database('case_reviews')
      .whereIn('case', [...cases])
      .select('*'),
  );

/** Everybody who may be asked: the county's list, and whoever a case under review names. */
export const allReviewers = (conventions: Conventions, cases: readonly CaseRow[]): string[] => [
  ...new Set([...conventions.reviewers, ...cases.flatMap((row) => reviewersOf(row.reviewers, []))]),
];

const finished: ReadonlySet<string> = new Set(['已交', '已开封', '回避']);
export const isFinished = (review: ReviewRow | undefined): boolean => finished.has(review?.state ?? '');

export interface Sealed {
  readonly marks: Readonly<Record<string, number>>;
  readonly total: number;
  readonly verdict: string;
  readonly advice: string;
}

/** What a reviewer has handed in for a case, for their own eyes only; null: nothing yet, or it is opened by now. */
export const sealedOf = async (database: Knex, caseId: string, reviewer: string): Promise<Sealed | null> => {
  const row: { marks: string; verdict: string; advice: string } | undefined = await database('kehou_marks')
    .where({ case: caseId, reviewer })
    .first('*');
  return row ? { ...(JSON.parse(row.marks) as Pick<Sealed, 'marks' | 'total'>), verdict: row.verdict, advice: row.advice } : null;
};

const noteState = async ({ database, items }: Records, caseId: string, reviewer: string, values: Record<string, unknown>): Promise<void> => {
  const known: { id: string } | undefined = await database('case_reviews').where({ case: caseId, reviewer }).first('id');
  const service = await items('case_reviews');
  if (known) await service.updateOne(known.id, values);
  else await service.createOne({ case: caseId, reviewer, ...values });
};

/** Puts marks under seal, in place of earlier ones of the same reviewer. */
export const handIn = async (records: Records, caseId: string, reviewer: string, { marks, total, verdict, advice }: Sealed): Promise<void> => {
  const now = new Date();
  const sealed = { marks: JSON.stringify({ marks, total }), verdict, advice, submitted_at: now };
  await records
    .database('kehou_marks')
    .insert({ case: caseId, reviewer, ...sealed })
    .onConflict(['case', 'reviewer'])
    .merge(sealed);
  await noteState(records, caseId, reviewer, { state: '已交', submitted_at: now.toISOString() });
};

/** A reviewer who is too near to a case declines; what they handed in before is gone. */
export const decline = async (records: Records, caseId: string, reviewer: string): Promise<void> => {
  await records.database('kehou_marks').where({ case: caseId, reviewer }).delete();
  await noteState(records, caseId, reviewer, { state: '回避', submitted_at: new Date().toISOString() });
};

/** Makes the sealed marks of a case rows that everybody concerned can read. Done again after a stop half-way, it goes on where it was. */
export const openMarks = async (records: Records, caseId: string): Promise<number> => {
  const { database } = records;
  const rows: { reviewer: string; marks: string; verdict: string; advice: string }[] = await database('kehou_marks')
    .where({ case: caseId })
    .select('*');
  for (const { reviewer, marks: text, verdict, advice } of rows) {
    const { marks, total } = JSON.parse(text) as Pick<Sealed, 'marks' | 'total'>;
    await noteState(records, caseId, reviewer, { state: '已开封', marks, total, verdict, advice: advice || null });
    await database('kehou_marks').where({ case: caseId, reviewer }).delete();
  }
  return rows.length;
};

/** Opens a case whose reviewers have all handed in or declined; tells whether it is open now. */
export const openIfComplete = async (records: Records, row: CaseRow, conventions: Conventions): Promise<boolean> => {
  const expected = reviewersOf(row.reviewers, conventions.reviewers);
  const reviews = await reviewsOf(records.database, [row.id]);
  const complete = expected.length > 0 && expected.every((reviewer) => isFinished(reviews.find((review) => review.reviewer === reviewer)));
  if (complete) await openMarks(records, row.id);
  return complete;
};
