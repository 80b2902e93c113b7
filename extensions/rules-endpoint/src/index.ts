/**
 * Hands over one school's rows in one call, for the rules; and the rows behind a figure of a return. It reads; it never writes and never
 * judges.
 */
import { defineEndpoint } from '@directus/extensions-sdk';
import { type Caller, refusedTables } from '../../shared/access.ts';
import { withoutValues } from '../../shared/safe-error.ts';
import { originOf, originTables } from './origins.ts';
import { readSchool, requestFault, type SchoolRequest } from './read-school.ts';

const refusal = (message: string, code: string) => ({ errors: [{ message, extensions: { code } }] });

const callerOf = (req: unknown): Caller | null => (req as { accountability?: Caller | null }).accountability ?? null;

export default defineEndpoint({
  id: 'kehou-rules',
  handler: (router, { database }) => {
    router.post('/school', async (req, res, next) => {
      try {
        const request = req.body as SchoolRequest;
        const fault = requestFault(request);
        if (fault) return res.status(400).json(refusal(fault, 'INVALID_PAYLOAD'));
        const refused = await refusedTables(database, callerOf(req), Object.keys(request.columns), ['read']);
        if (refused.length) return res.status(403).json(refusal(`无权查看:${refused.join('、')}`, 'FORBIDDEN'));
        return res.json({ data: await readSchool(database, request) });
      } catch (error) {
        return next(withoutValues(error));
      }
    });

    router.get('/origins/:report/:field', async (req, res, next) => {
      try {
        const refused = await refusedTables(database, callerOf(req), originTables, ['read']);
        if (refused.length) return res.status(403).json(refusal(`无权查看:${refused.join('、')}`, 'FORBIDDEN'));
        return res.json({ data: await originOf(database, String(req.params.report), String(req.params.field)) });
      } catch (error) {
        return next(withoutValues(error));
      }
    });
  },
});
