/**
 * What print runs on any machine need of the one Directus that they share: a notice to themselves, and a place for the words of letters.
 * Never prints and decides nothing about letters.
 */
import { defineEndpoint } from '@directus/extensions-sdk';
import type { HoldRequest, LetterText } from '../../../schema/press.ts';
import { type Caller, refusedTables } from '../../shared/access.ts';
import { withoutValues } from '../../shared/safe-error.ts';
import { hold, leave } from './hold.ts';
import { keepTexts } from './texts.ts';

export default defineEndpoint({
  id: 'kehou-press',
  handler: (router, { database }) => {
    const route = (path: string, work: (body: unknown) => Promise<unknown>): void => {
      router.post(path, async (req, res, next) => {
        try {
          const caller = (req as unknown as { accountability?: Caller | null }).accountability ?? null;
          if ((await refusedTables(database, caller, ['notice_copies'])).length)
            return res.status(403).json({ errors: [{ message: '无权印制通知', extensions: { code: 'FORBIDDEN' } }] });
          return res.json({ data: (await work(req.body)) ?? null });
        } catch (error) {
          return next(withoutValues(error));
        }
      });
    };
    route('/hold', (body) => hold(database, body as HoldRequest));
    route('/leave', (body) => leave(database, body as { place: string; id: string }));
    route('/texts', (body) => {
      const { school, texts } = body as { school: string; texts: LetterText[] };
      return keepTexts(database, school, texts, new Date());
    });
  },
});
