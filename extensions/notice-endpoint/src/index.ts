/**
 * The public page behind the code on a letter: valid, replaced or withdrawn, with school, kind and date.
 * Never names a student, never writes, and needs nobody to sign in.
 */
import { defineEndpoint } from '@directus/extensions-sdk';
import { findNotice, readCode } from './lookup.ts';
import { brokenPage, formPage, noticePage, unknownPage, waitPage } from './page.ts';
import { rateLimit } from './rate-limit.ts';

const questionsPerMinute = 60;
const missesPerMinute = 15;

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export default defineEndpoint({
  id: 'notice',
  handler: (router, { database, logger }) => {
    const limit = rateLimit(questionsPerMinute, missesPerMinute);

    const answer = async (address: string, given: string, formAddress: string): Promise<{ status: number; html: string }> => {
      if (!limit.allows(address, Date.now())) return { status: 429, html: waitPage() };
      const asked = readCode(given);
      const notice = asked && (await findNotice(database, asked));
      if (notice) return { status: 200, html: noticePage(notice) };
      limit.miss(address, Date.now());
      return { status: 404, html: unknownPage(formAddress) };
    };

    const serve = async (address: string, given: string | null, formAddress: string): Promise<{ status: number; html: string }> => {
      if (given === null || given.trim() === '') return { status: 200, html: formPage() };
      try {
        return await answer(address, given, formAddress);
      } catch (error) {
        logger.error(error, 'notice page');
        return { status: 503, html: brokenPage() };
      }
    };

    router.get('/', async (req, res) => {
      const { status, html } = await serve(req.ip ?? '', typeof req.query.code === 'string' ? req.query.code : null, '?');
      res.status(status).set(headers).send(html);
    });
    router.get('/:code', async (req, res) => {
      const { status, html } = await serve(req.ip ?? '', req.params.code, '../notice');
      res.status(status).set(headers).send(html);
    });
  },
});
