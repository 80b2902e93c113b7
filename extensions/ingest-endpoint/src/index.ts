/**
 * POST /kehou-ingest/workbooks: the sync hands over the parsed tabs of a few workbooks and gets an answer for every row.
 * POST /kehou-ingest/notes: which versions of which sheets have been answered.
 * GET /kehou-ingest/tabs: the columns of workbooks as they are by now, with the fields that staff added.
 * GET /kehou-ingest/changes/COLLECTION/ID: who changed this row, when, from what, in which cell or on which screen.
 * POST /kehou-ingest/plain-tables: the schema command checks or makes the tables that Directus does not manage.
 * GET and POST /kehou-ingest/applied-model: what the schema command applied last.
 */
import { defineEndpoint } from '@directus/extensions-sdk';
import type { PlainTable } from '../../../schema/directus.ts';
import { tables } from '../../../schema/index.ts';
import { type HandedOver, type IngestRequest, packAnswer, type SheetNote } from '../../../schema/ingest.ts';
import { type Caller, refusedTables } from '../../shared/access.ts';
import { type SheetRowsWritten, sheetRowsWritten } from '../../shared/events.ts';
import { liveModelReader, modelRevision } from '../../shared/live-model.ts';
import { withoutValues } from '../../shared/safe-error.ts';
import { changesOf } from './changes.ts';
import { type IngestResult, ingest, sheetTables, touchedTables, unknownScopes } from './ingest.ts';
import { noteSheets } from './note-sheets.ts';
import { appliedModel, noteAppliedModel, plainTablesMissing } from './plain-tables.ts';
import type { TablePlan } from './plan-types.ts';

/** What Directus puts into every request. Asking it for its schema again would copy all of it once more. */
interface CallerRequest {
  readonly accountability?: Caller | null;
  readonly schema: unknown;
}

const isAdmin = (req: unknown): boolean => (req as CallerRequest).accountability?.admin === true;

const refusal = (message: string, code: string) => ({ errors: [{ message, extensions: { code } }] });

export default defineEndpoint({
  id: 'kehou-ingest',
  handler: (router, { database, emitter, env, logger, services }) => {
    const liveModel = liveModelReader(services.FieldsService);
    const modelNow = async ({ schema }: CallerRequest) => liveModel.read({ knex: database, schema }, await modelRevision(database));
    /** Tells other extensions, and empties the data cache where there is one, as Directus' own services do after a write. */
    const announce = async (written: readonly TablePlan[], caller: Caller, schema: unknown) => {
      if (!written.length) return;
      const context = { database, schema: schema as never, accountability: caller as never };
      for (const { table, inserts, updates } of written)
        emitter.emitAction(sheetRowsWritten(table), { inserts, updates } satisfies SheetRowsWritten, context);
      if (env.CACHE_ENABLED)
        await new services.UtilsService({ schema: schema as never, accountability: { admin: true } as never }).clearCache({ system: false });
    };

    /** What the sync is told of a workbook. The log has what is wrong, without the values that the database quotes. */
    const told = (request: IngestRequest, result: PromiseSettledResult<IngestResult>): HandedOver => {
      if (result.status === 'fulfilled') return { answer: packAnswer(result.value.answer, result.value.places, request) };
      logger.error(withoutValues(result.reason));
      return { refused: { message: '系统存这份表时出错', code: 'INTERNAL_SERVER_ERROR' } };
    };

    router.post('/workbooks', async (req, res, next) => {
      try {
        const { accountability, schema } = req as unknown as CallerRequest;
        const caller = accountability ?? null;
        const requests = req.body as IngestRequest[];
        if (!Array.isArray(requests) || requests.some((one) => !Array.isArray(one?.tabs) || !one.source?.school))
          return res.status(400).json(refusal('a list of workbooks, each with source and tabs, is required', 'INVALID_PAYLOAD'));
        const refused = await refusedTables(database, caller, [...new Set(requests.flatMap(touchedTables))]);
        if (refused.length || !caller) return res.status(403).json(refusal(`无权写入:${refused.join('、')}`, 'FORBIDDEN'));
        const unknown = await unknownScopes(database, requests);
        const known = requests.filter((one) => !unknown.has(one));
        const model = await modelNow(req as unknown as CallerRequest);
        const author = { user: caller.user, ip: caller.ip ?? null, agent: caller.userAgent ?? null, origin: caller.origin ?? null };
        const results = await ingest(database, model, known, author, new Date());
        for (const result of results) if (result.status === 'fulfilled') await announce(result.value.written, caller, schema);
        const answers = new Map(known.map((request, index) => [request, told(request, results[index] as PromiseSettledResult<IngestResult>)]));
        return res.json({
          data: requests.map((one) => answers.get(one) ?? { refused: { message: unknown.get(one) as string, code: 'UNKNOWN_SCHOOL' } }),
        });
      } catch (error) {
        return next(withoutValues(error));
      }
    });

    router.post('/notes', async (req, res, next) => {
      try {
        const caller = (req as unknown as CallerRequest).accountability ?? null;
        const refused = await refusedTables(database, caller, ['sources'], ['update']);
        if (refused.length) return res.status(403).json(refusal(`无权写入:${refused.join('、')}`, 'FORBIDDEN'));
        if (!Array.isArray(req.body)) return res.status(400).json(refusal('a list of notes is required', 'INVALID_PAYLOAD'));
        await noteSheets(database, req.body as SheetNote[]);
        return res.json({ data: null });
      } catch (error) {
        return next(withoutValues(error));
      }
    });

    router.get('/tabs', async (req, res, next) => {
      try {
        const caller = (req as unknown as CallerRequest).accountability ?? null;
        const refused = await refusedTables(database, caller, sheetTables, ['read']);
        if (refused.length) return res.status(403).json(refusal(`无权查看:${refused.join('、')}`, 'FORBIDDEN'));
        const { tabs, mark } = await modelNow(req as unknown as CallerRequest);
        return res.json({ data: { tabs, mark } });
      } catch (error) {
        return next(withoutValues(error));
      }
    });

    router.get('/changes/:collection/:item', async (req, res, next) => {
      try {
        const { collection, item } = req.params as { collection: string; item: string };
        const caller = (req as unknown as CallerRequest).accountability ?? null;
        if (!(collection in tables) || (await refusedTables(database, caller, [collection], ['read'])).length) {
          return res.status(403).json(refusal(`无权查看:${collection}`, 'FORBIDDEN'));
        }
        return res.json({ data: await changesOf(database, collection, item) });
      } catch (error) {
        return next(withoutValues(error));
      }
    });

    router.get('/applied-model', async (req, res, next) => {
      try {
        if (!isAdmin(req)) return res.status(403).json(refusal('管理员才能查看', 'FORBIDDEN'));
        return res.json({ data: await appliedModel(database) });
      } catch (error) {
        return next(error);
      }
    });

    router.post('/applied-model', async (req, res, next) => {
      try {
        if (!isAdmin(req)) return res.status(403).json(refusal('管理员才能写入', 'FORBIDDEN'));
        await noteAppliedModel(database, req.body);
        return res.json({ data: null });
      } catch (error) {
        return next(error);
      }
    });

    router.post('/plain-tables', async (req, res, next) => {
      try {
        if (!isAdmin(req)) return res.status(403).json(refusal('管理员才能建内部表', 'FORBIDDEN'));
        const body = req.body as { tables: PlainTable[]; create: boolean };
        return res.json({ data: { missing: await plainTablesMissing(database, body.tables, body.create === true) } });
      } catch (error) {
        return next(error);
      }
    });
  },
});
