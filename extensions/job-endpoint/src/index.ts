/**
 * Hands each waiting job to exactly one worker. Reads and marks in one transaction; what a job does is the worker's affair.
 */
import { defineEndpoint } from '@directus/extensions-sdk';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { type Caller, refusedTables } from '../../shared/access.ts';
import { fromRow } from '../../shared/values.ts';

interface ClaimRequest {
  readonly worker: string;
  /** Seconds without a heartbeat after which a running job counts as abandoned. */
  readonly stale: number;
}

/** Puts back jobs whose worker died: what they do is safe to do again. */
const requeueAbandoned = (trx: Knex, now: Date, stale: number): Promise<number> =>
  trx('jobs')
    .where({ state: '进行中' })
    .where('heartbeat_at', '<', new Date(now.getTime() - stale * 1000))
    .update({ state: '排队', worker: null, message: '上次执行中断,重新排队' });

const claim = (database: Knex, request: ClaimRequest, now: Date): Promise<Record<string, unknown> | null> =>
  database.transaction(async (trx) => {
    await requeueAbandoned(trx, now, request.stale);
    const waiting = trx('jobs').where({ state: '排队' }).orderBy('requested_at').orderBy('id').select('*').limit(1);
    const postgres = String(trx.client.config.client).startsWith('pg') || trx.client.config.client === 'postgres';
    const [job]: Record<string, unknown>[] = await (postgres ? waiting.forUpdate().skipLocked() : waiting);
    if (!job) return null;
    const mark = { state: '进行中', worker: request.worker, started_at: now, heartbeat_at: now, progress: 0, message: null };
    await trx('jobs').where({ id: job.id }).update(mark);
    return fromRow(tables.jobs as unknown as Table, { ...job, ...mark });
  });

export default defineEndpoint({
  id: 'kehou-jobs',
  handler: (router, { database }) => {
    router.post('/claim', async (req, res, next) => {
      try {
        const caller = (req as unknown as { accountability?: Caller | null }).accountability ?? null;
        if ((await refusedTables(database, caller, ['jobs'])).length) {
          return res.status(403).json({ errors: [{ message: '无权领取任务', extensions: { code: 'FORBIDDEN' } }] });
        }
        const { worker, stale } = req.body as ClaimRequest;
        return res.json({ data: await claim(database, { worker: String(worker), stale: Number(stale) || 120 }, new Date()) });
      } catch (error) {
        return next(error);
      }
    });
  },
});
