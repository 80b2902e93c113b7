/**
 * The public page behind the code on a letter: valid, replaced or withdrawn; after the guardian's phone the letter itself, its
 * reading mark and its 回执. Never names a student before that, and needs nobody to sign in.
 */
import { defineEndpoint } from '@directus/extensions-sdk';
import type { Request, Response } from 'express';
import { readForm } from '../../shared/read-form.ts';
import { withoutValues } from '../../shared/safe-error.ts';
import { inTurn } from './in-turn.ts';
import { findLetter, type OpenLetter, type ReadFiles, readLetter } from './letter.ts';
import { fileGonePage, letterPage, textPage } from './letter-page.ts';
import { readText } from './letter-text.ts';
import { findNotice, readCode } from './lookup.ts';
import { brokenPage, formPage, noticePage, unknownPage, waitPage } from './page.ts';
import { checkPhone, waitMinutes } from './phone-check.ts';
import { rateLimit } from './rate-limit.ts';
import { readMailAddress, readReply } from './reply.ts';
import { type Items, markRead, type Records, saveMail, saveReply } from './save-reply.ts';
import { noticeSessions } from './session.ts';

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

const pdfHeaders = { ...headers, 'content-type': 'application/pdf', 'content-disposition': 'inline; filename="notice.pdf"' };

const localDay = (): string => new Date().toLocaleDateString('sv-SE');

const refusals = {
  wrong: '后四位不对，请核对后再试。',
  wait: `输错次数太多，请过 ${waitMinutes} 分钟再试，或找班主任。`,
  'no-phone': '学校没有登记家长手机，请看纸质通知，或请班主任补登手机。',
} as const;

type Answer = { readonly status: number; readonly html: string };

/** Bytes of a reply slip at the most. */
const largestForm = 20_000;

export default defineEndpoint({
  id: 'notice',
  handler: (router, { database, logger, env, services, getSchema }) => {
    const turns = inTurn();
    const limit = rateLimit(questionsPerMinute, missesPerMinute);
    const publicUrl = String(env.PUBLIC_URL ?? '');
    const root = `${URL.canParse(publicUrl) ? new URL(publicUrl).pathname.replace(/\/+$/, '') : ''}/notice`;
    const sessions = noticeSessions(String(env.SECRET), publicUrl.startsWith('https:'));
    const records: Records = {
      database,
      items: async (table): Promise<Items> => {
        const service = new services.ItemsService(table, { schema: await getSchema(), knex: database });
        return service as unknown as Items;
      },
    };
    /** The few files of one title: letters of several kinds to one student. */
    const readFiles: ReadFiles = async function* (title) {
      const files: { id: string }[] = await database('directus_files').where({ title, type: 'application/pdf' }).select('id').limit(20);
      const assets = new services.AssetsService({ schema: await getSchema(), knex: database });
      for (const { id } of files) {
        const { stream } = await assets.getAsset(id);
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(Buffer.from(chunk));
        yield Buffer.concat(chunks);
      }
    };
    const baseOf = (code: string): string => `${root}/${code}`;
    const send = (res: Response, { status, html }: Answer): void => void res.status(status).set(headers).send(html);

    /** One question of an address: refuses those who ask too often, and answers a fault of ours with a page and no details. */
    const serve = (work: (req: Request, res: Response) => Promise<void>) => async (req: Request, res: Response) => {
      if (!limit.allows(req.ip ?? '', Date.now())) return send(res, { status: 429, html: waitPage() });
      try {
        await work(req, res);
      } catch (error) {
        logger.error(withoutValues(error), 'notice page');
        send(res, { status: 503, html: brokenPage() });
      }
    };

    const show = async (req: Request, given: string, message: string | null = null): Promise<Answer> => {
      const asked = readCode(given);
      const notice = asked && (await findNotice(database, asked));
      if (notice) return { status: message ? 403 : 200, html: noticePage(notice, `${baseOf(notice.code)}/open`, message) };
      limit.miss(req.ip ?? '', Date.now());
      return { status: 404, html: unknownPage(root) };
    };

    /** The letter of an address whose phone was right; null sends the visitor back to the phone. */
    const opened = async (req: Request): Promise<OpenLetter | null> => {
      const letter = await findLetter(database, String(req.params.code));
      return letter && sessions.isOpen(letter.copyId, req.headers.cookie, Date.now()) ? letter : null;
    };

    const back = (res: Response, code: string): void => void res.set(headers).redirect(303, baseOf(encodeURIComponent(code)));

    router.get(
      '/',
      serve(async (req, res) => {
        const given = typeof req.query.code === 'string' ? req.query.code : '';
        send(res, given.trim() === '' ? { status: 200, html: formPage() } : await show(req, given));
      }),
    );

    router.get(
      '/:code',
      serve(async (req, res) => {
        const letter = await opened(req);
        if (!letter) return send(res, await show(req, String(req.params.code)));
        await markRead(records, letter);
        const text = await readText(database, letter);
        send(res, { status: 200, html: letterPage({ letter, text, base: baseOf(letter.code), today: localDay() }) });
      }),
    );

    router.get(
      '/:code/text',
      serve(async (req, res) => {
        const letter = await opened(req);
        const text = letter && (await readText(database, letter));
        if (!letter || !text) return back(res, String(req.params.code));
        await markRead(records, letter);
        send(res, { status: 200, html: textPage(letter, text, baseOf(letter.code), Number(req.query.part)) });
      }),
    );

    router.post(
      '/:code/open',
      serve(async (req, res) => {
        const form = await readForm(req, largestForm);
        const code = String(req.params.code);
        const letter = await findLetter(database, code);
        if (!letter || !form) return send(res, await show(req, code));
        const checked = await checkPhone(database, letter.copyId, form.get('tail') ?? '', Date.now());
        if (checked === 'right') {
          res.set('set-cookie', sessions.open(letter.copyId, Date.now()));
          return back(res, code);
        }
        limit.miss(req.ip ?? '', Date.now());
        send(res, await show(req, code, refusals[checked]));
      }),
    );

    router.get(
      '/:code/letter',
      serve(async (req, res) => {
        const letter = await opened(req);
        if (!letter) return back(res, String(req.params.code));
        const pdf = await readLetter(letter, readFiles);
        if (!pdf) return send(res, { status: 404, html: fileGonePage() });
        await markRead(records, letter);
        res.status(200).set(pdfHeaders).send(pdf);
      }),
    );

    router.post(
      '/:code/reply',
      serve(async (req, res) => {
        const [letter, form] = [await opened(req), await readForm(req, largestForm)];
        const today = localDay();
        if (!letter?.closes || !form || today > letter.closes) return back(res, String(req.params.code));
        const checked = readReply(form, letter.items);
        if ('faults' in checked)
          return send(res, { status: 422, html: letterPage({ letter, text: null, base: baseOf(letter.code), today, form, faults: checked.faults }) });
        // Read again when its turn has come: the answer before it may have changed what there is.
        await turns(letter.studentId, async () => saveReply(records, (await findLetter(database, letter.code)) ?? letter, checked.answer, today));
        back(res, letter.code);
      }),
    );

    router.post(
      '/:code/mail',
      serve(async (req, res) => {
        const [letter, form] = [await opened(req), await readForm(req, largestForm)];
        if (!letter || !form) return back(res, String(req.params.code));
        const address = readMailAddress(form.get('mail'));
        if (address === undefined)
          return send(res, {
            status: 422,
            html: letterPage({ letter, text: null, base: baseOf(letter.code), today: localDay(), mailFault: '邮箱不对，请核对后再保存。' }),
          });
        await saveMail(records, letter, address);
        back(res, letter.code);
      }),
    );
  },
});
