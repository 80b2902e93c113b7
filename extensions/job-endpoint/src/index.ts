/**
 * Hands each waiting job to exactly one worker, and puts a scheduled one into the queue once, however many ask for it.
 * Keeps the ledger of mails. What a job does is the worker's affair.
 */
import { defineEndpoint } from '@directus/extensions-sdk';
import type { Knex } from 'knex';
import type { Table } from '../../../schema/fields.ts';
import { tables } from '../../../schema/index.ts';
import { type Caller, refusedTables } from '../../shared/access.ts';
import { fromRow } from '../../shared/values.ts';
import { latestCaseJobs, queueCaseJob } from './case-jobs.ts';
import { claimMail, type MailKey, settleMail } from './mail.ts';

interface ClaimRequest {
  readonly worker: string;
  /** Seconds without a heartbeat after which a running job counts as abandoned. */
  readonly stale: number;
  /** Kinds that the caller's lane does; without them any. */
  readonly kinds: readonly string[] | null;
}

interface QueueRequest {
  /** Name of the schedule's entry. */
  readonly schedule: string;
  readonly nextAt: Date | null;
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
    if (request.kinds) waiting.whereIn('kind', [...request.kinds]);
    const postgres = String(trx.client.config.client).startsWith('pg') || trx.client.config.client === 'postgres';
    const [job]: Record<string, unknown>[] = await (postgres ? waiting.forUpdate().skipLocked() : waiting);
    if (!job) return null;
    const mark = { state: '进行中', worker: request.worker, started_at: now, heartbeat_at: now, progress: 0, message: null };
    await trx('jobs').where({ id: job.id }).update(mark);
    return fromRow(tables.jobs as unknown as Table, { ...job, ...mark });
  });

/** Queued by this call or waiting already; else the state that it is in, null where there is no such entry. */
const queue = async (database: Knex, { schedule, nextAt }: QueueRequest, now: Date): Promise<{ queued: boolean; state: string | null }> => {
  const mark = { state: '排队', requested_at: now, ...(nextAt ? { next_at: nextAt } : {}) };
  const changed = await database('jobs').where({ schedule, state: '定时' }).update(mark);
  if (changed > 0) return { queued: true, state: '排队' };
  const row = await database('jobs').where({ schedule }).first<{ state: string } | undefined>('state');
  return { queued: row?.state === '排队', state: row?.state ?? null };
};

const asKinds = (given: unknown): string[] | null => (Array.isArray(given) ? given.map(String) : null);
const asDate = (given: unknown): Date | null => (typeof given === 'string' && !Number.isNaN(Date.parse(given)) ? new Date(given) : null);

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const fault = (status: number, code: string, message: string): Reply => ({ status, body: { errors: [{ message, extensions: { code } }] } });

const mailKey = ({ purpose, recipient }: Record<string, unknown>): MailKey => ({ purpose: String(purpose), recipient: String(recipient) });

export default defineEndpoint({
  id: 'kehou-jobs',
  handler: (router, { database }) => {
    const route = (path: string, work: (body: Record<string, unknown>) => Promise<unknown>): void => {
      router.post(path, async (req, res, next) => {
        try {
          const caller = (req as unknown as { accountability?: Caller | null }).accountability ?? null;
          if ((await refusedTables(database, caller, ['jobs'])).length) {
            return res.status(403).json({ errors: [{ message: '无权领取任务', extensions: { code: 'FORBIDDEN' } }] });
          }
          return res.json({ data: await work((req.body ?? {}) as Record<string, unknown>) });
        } catch (error) {
          return next(error);
        }
      });
    };
    /** For whoever may do `actions` on cases; they get no right on other jobs by it. */
    const forCases = (
      method: 'get' | 'post',
      actions: readonly ('read' | 'update')[],
      work: (body: Record<string, unknown>) => Promise<Reply>,
    ): void => {
      router[method]('/cases', async (req, res, next) => {
        try {
          const caller = (req as unknown as { accountability?: Caller | null }).accountability ?? null;
          const refused = (await refusedTables(database, caller, ['cases'], actions)).length > 0;
          const { status, body } = refused
            ? fault(403, 'FORBIDDEN', '您的角色不能发布案例')
            : await work((req.body ?? {}) as Record<string, unknown>);
          return res.status(status).json(body);
        } catch (error) {
          return next(error);
        }
      });
    };
    forCases('post', ['read', 'update'], async (body) => {
      const queued = await queueCaseJob(database, body, new Date());
      return 'refused' in queued ? fault(400, 'INVALID_PAYLOAD', queued.refused) : { status: 200, body: { data: queued } };
    });
    forCases('get', ['read'], async () => ({ status: 200, body: { data: await latestCaseJobs(database) } }));
    route('/claim', ({ worker, stale, kinds }) =>
      claim(database, { worker: String(worker), stale: Number(stale) || 120, kinds: asKinds(kinds) }, new Date()),
    );
    route('/mail-claim', (body) => claimMail(database, mailKey(body), new Date()));
    route('/mail-settle', (body) => settleMail(database, mailKey(body), body.sent === true, String(body.words ?? ''), new Date()));
    route('/queue', ({ schedule, next_at }) => queue(database, { schedule: String(schedule), nextAt: asDate(next_at) }, new Date()));
  },
});
