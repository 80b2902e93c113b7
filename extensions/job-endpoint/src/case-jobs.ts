/**
 * The jobs that communications staff may ask for, and no other: whoever may change cases may have them previewed, published, withdrawn and printed.
 * They get no permission on `jobs`: the row is written for them, and they are told how their own kind of jobs goes on.
 */
import type { Knex } from 'knex';
import { readCaseRequest } from '../../../schema/cases/request.ts';
import { newRowId } from '../../../schema/row-id.ts';

/** What is kept of a request: names that a job of this kind knows, nothing else. */
const known = ['do', 'cases', 'year', 'category', 'all', 'title', 'reason', 'issue', 'note', 'to'] as const;

export type Queued = { readonly id: string } | { readonly refused: string };

export const queueCaseJob = async (database: Knex, body: Readonly<Record<string, unknown>>, now: Date): Promise<Queued> => {
  const request = readCaseRequest(body);
  if (typeof request === 'string') return { refused: request };
  const values = Object.fromEntries(known.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]));
  const id = newRowId();
  await database('jobs').insert({ id, kind: 'showcase', arguments: JSON.stringify(values), state: '排队', progress: 0, requested_at: now });
  return { id };
};

export interface CaseJob {
  readonly id: string;
  readonly do: string;
  readonly state: string;
  readonly message: string | null;
  readonly requested_at: unknown;
  readonly finished_at: unknown;
  /** What came of it; null until it is done. */
  readonly result: unknown;
}

const shown = 8;

const asObject = (value: unknown): Record<string, unknown> | null => {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : null;
};

/** SQLite keeps moments as milliseconds. */
const asMoment = (value: unknown): string | null =>
  value === null || value === undefined ? null : new Date(value as string | number | Date).toISOString();

/** The latest jobs of this kind, newest first. */
export const latestCaseJobs = async (database: Knex): Promise<CaseJob[]> => {
  const rows: Record<string, unknown>[] = await database('jobs')
    .where({ kind: 'showcase' })
    .whereNotNull('requested_at')
    .orderBy('requested_at', 'desc')
    .limit(shown)
    .select('id', 'arguments', 'state', 'message', 'requested_at', 'finished_at', 'result');
  return rows.map((row) => ({
    id: String(row.id),
    do: String(asObject(row.arguments)?.do ?? 'update'),
    state: row.state === '定时' ? '完成' : String(row.state),
    message: (row.message as string | null) ?? null,
    requested_at: asMoment(row.requested_at),
    finished_at: asMoment(row.finished_at),
    result: asObject(row.result),
  }));
};
