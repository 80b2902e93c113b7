/**
 * `/kehou-cases`: pages for reviewers without accounts, marks under seal until all are in, the desk of whoever runs the round, and photos.
 * Never shows one reviewer's marks to another, and grants nobody what their role does not.
 */
import { Readable } from 'node:stream';
import { defineEndpoint } from '@directus/extensions-sdk';
import type { Request, Response } from 'express';
import { type Caller, refusedTables } from '../../shared/access.ts';
import { isChecking, queueCheck } from '../../shared/case-check.ts';
import { readForm } from '../../shared/read-form.ts';
import { withoutValues } from '../../shared/safe-error.ts';
import { readGates, readHint } from './desk.ts';
import { brokenPage, casePage, filledFrom, listPage, unknownPage, type Waiting } from './pages.ts';
import { ensureFolder, isCasePhoto, photoFolder, pictureType, readBytes } from './photos.ts';
import { largestSheet, readSheet } from './read-sheet.ts';
import { codeOf, reviewersOf, reviewerWith } from './reviewers.ts';
import {
  allReviewers,
  type CaseRow,
  decline,
  findCase,
  handIn,
  isFinished,
  openIfComplete,
  openMarks,
  type Records,
  readConventions,
  reviewsOf,
  sealedOf,
  underReview,
} from './round.ts';

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const refusal = (message: string, code: string) => ({ errors: [{ message, extensions: { code } }] });
const desk = ['cases', 'case_reviews'];

/** Sizes in which photos are shown: in lists, and to be looked at. */
const widths: Readonly<Record<string, number>> = { small: 320, large: 1280 };

interface Assets {
  getAsset(id: string, options: object): Promise<{ stream: Readable; file: { type: string } }>;
}

export default defineEndpoint({
  id: 'kehou-cases',
  handler: (router, { database, logger, env, services, getSchema }) => {
    const secret = String(env.SECRET);
    const publicUrl = String(env.PUBLIC_URL ?? '');
    const root = `${URL.canParse(publicUrl) ? new URL(publicUrl).pathname.replace(/\/+$/, '') : ''}/kehou-cases`;
    const records: Records = {
      database,
      items: async (table) => new services.ItemsService(table, { schema: await getSchema(), knex: database }) as never,
    };
    const send = (res: Response, status: number, html: string): void => void res.status(status).set(headers).send(html);
    const callerOf = (req: Request): Caller | null => (req as unknown as { accountability?: Caller | null }).accountability ?? null;

    const photo = async (res: Response, file: string, size: unknown): Promise<void> => {
      if (!(await isCasePhoto(database, file))) return void res.status(404).json(refusal('没有这张照片', 'NOT_FOUND'));
      const assets = new services.AssetsService({ schema: await getSchema(), knex: database }) as unknown as Assets;
      const width = widths[String(size)] ?? widths.large;
      const transformationParams = { width, fit: 'inside', withoutEnlargement: true, format: 'jpg', quality: 78 };
      const { stream } = await assets.getAsset(file, { transformationParams });
      res.status(200).set({ 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=600', 'x-content-type-options': 'nosniff' });
      stream.on('error', () => res.destroy()).pipe(res);
    };

    /** A reviewer's question: who asks is told by the code alone. */
    const review = (work: (req: Request, res: Response, reviewer: string, base: string) => Promise<void>) => async (req: Request, res: Response) => {
      try {
        const conventions = await readConventions(database);
        const code = String(req.params.code);
        const reviewer = reviewerWith(secret, code, allReviewers(conventions, await underReview(database)));
        if (!reviewer) return send(res, 404, unknownPage());
        await work(req, res, reviewer, `${root}/review/${code}`);
      } catch (error) {
        logger.error(withoutValues(error), 'case review page');
        send(res, 503, brokenPage());
      }
    };

    const schoolName = async (row: CaseRow): Promise<string> => {
      const school: { name: string } | undefined = await database('schools').where({ code: row.school }).first('name');
      return school?.name ?? '';
    };

    /** The case, if it is this reviewer's to judge. */
    const ownCase = async (id: string, reviewer: string): Promise<CaseRow | null> => {
      const row = await findCase(database, id);
      const { reviewers } = await readConventions(database);
      return row && row.state === '评审中' && reviewersOf(row.reviewers, reviewers).includes(reviewer) ? row : null;
    };

    router.get(
      '/review/:code',
      review(async (_req, res, reviewer, base) => {
        const { reviewers } = await readConventions(database);
        const rows = (await underReview(database)).filter((row) => reviewersOf(row.reviewers, reviewers).includes(reviewer));
        const reviews = await reviewsOf(
          database,
          rows.map((row) => row.id),
        );
        const waiting: Waiting[] = [];
        for (const row of rows)
          waiting.push({ row, school: await schoolName(row), review: reviews.find((one) => one.case === row.id && one.reviewer === reviewer) });
        send(res, 200, listPage(reviewer, base, waiting));
      }),
    );

    router.get(
      '/review/:code/photo/:file',
      review(async (req, res) => photo(res, String(req.params.file), 'large')),
    );

    const showCase = async (
      res: Response,
      row: CaseRow,
      reviewer: string,
      base: string,
      form?: URLSearchParams,
      faults: readonly string[] = [],
    ): Promise<void> => {
      const conventions = await readConventions(database);
      const own = (await reviewsOf(database, [row.id])).find((one) => one.reviewer === reviewer);
      const filled = form ? { value: (name: string) => form.get(name) ?? '' } : filledFrom(await sealedOf(database, row.id, reviewer), conventions);
      send(res, faults.length ? 422 : 200, casePage({ row, school: await schoolName(row), base, conventions, filled, faults, review: own }));
    };

    router.get(
      '/review/:code/:case',
      review(async (req, res, reviewer, base) => {
        const row = await ownCase(String(req.params.case), reviewer);
        if (!row) return void res.set(headers).redirect(303, base);
        await showCase(res, row, reviewer, base);
      }),
    );

    router.post(
      '/review/:code/:case',
      review(async (req, res, reviewer, base) => {
        const [row, form] = [await ownCase(String(req.params.case), reviewer), await readForm(req, largestSheet)];
        const conventions = await readConventions(database);
        const own = row && (await reviewsOf(database, [row.id])).find((one) => one.reviewer === reviewer);
        if (!row || !form || own?.state === '已开封') return void res.set(headers).redirect(303, base);
        if (form.get('act') === 'decline') await decline(records, row.id, reviewer);
        else {
          const sheet = readSheet(form, conventions);
          if ('faults' in sheet) return showCase(res, row, reviewer, base, form, sheet.faults);
          await handIn(records, row.id, reviewer, sheet.sealed);
        }
        await openIfComplete(records, row, conventions);
        res.set(headers).redirect(303, `${base}/${row.id}`);
      }),
    );

    /** A question of somebody who is signed in and may do `actions` on `collections`. */
    const signedIn =
      (collections: readonly string[], actions: readonly ('read' | 'create' | 'update')[], work: (req: Request, res: Response) => Promise<unknown>) =>
      async (req: Request, res: Response, next: (error: unknown) => void) => {
        try {
          const refused = await refusedTables(database, callerOf(req), collections, actions);
          if (refused.length) return res.status(403).json(refusal('您的角色没有这项权限', 'FORBIDDEN'));
          return await work(req, res);
        } catch (error) {
          return next(withoutValues(error));
        }
      };

    router.get(
      '/desk',
      signedIn(desk, ['read', 'update'], async (_req, res) => {
        const conventions = await readConventions(database);
        const rows = await underReview(database);
        for (const row of rows) await openIfComplete(records, row, conventions);
        const reviews = await reviewsOf(
          database,
          rows.map((row) => row.id),
        );
        const progress = rows.map((row) => ({
          case: row.id,
          reviewers: reviewersOf(row.reviewers, conventions.reviewers).map((name) => {
            const own = reviews.find((one) => one.case === row.id && one.reviewer === name);
            return { name, state: own?.state ?? '待评' };
          }),
        }));
        const reviewers = allReviewers(conventions, rows).map((name) => {
          const asked = progress.flatMap((one) => one.reviewers.filter((reviewer) => reviewer.name === name));
          const done = reviews.filter((one) => one.reviewer === name && isFinished(one)).length;
          return { name, address: `${publicUrl.replace(/\/+$/, '')}/kehou-cases/review/${codeOf(secret, name)}`, asked: asked.length, done };
        });
        const gates = await readGates(database);
        res.set('cache-control', 'no-store').json({ data: { conventions, progress, reviewers, gates, checking: await isChecking(database) } });
      }),
    );

    router.post(
      '/check',
      signedIn(desk, ['read', 'update'], async (_req, res) => {
        if (!(await isChecking(database))) await queueCheck(database, new Date());
        return res.json({ data: { queued: true } });
      }),
    );

    router.post(
      '/asked',
      signedIn(desk, ['read', 'update'], async (req, res) => {
        const code = String((req.body as { school?: unknown } | undefined)?.school ?? '');
        const hint = await readHint(database, code);
        if (!hint) return res.status(404).json(refusal('这所学校没有约稿建议', 'NOT_FOUND'));
        const schools = new services.ItemsService('schools', { schema: await getSchema(), knex: database });
        await schools.updateOne(code, { case_hint: { ...hint, asked: hint.asked ?? new Date().toLocaleDateString('sv-SE') } });
        return res.json({ data: { asked: true } });
      }),
    );

    router.post(
      '/open',
      signedIn(desk, ['read', 'update'], async (req, res) => {
        const row = await findCase(database, String((req.body as { case?: unknown } | undefined)?.case ?? ''));
        if (!row) return res.status(404).json(refusal('没有这个案例', 'NOT_FOUND'));
        return res.json({ data: { opened: await openMarks(records, row.id) } });
      }),
    );

    router.get(
      '/photo/:file',
      signedIn(['cases'], ['read'], async (req, res) => photo(res, String(req.params.file), req.query.size)),
    );

    router.post(
      '/photo',
      signedIn(['cases'], ['update'], async (req, res) => {
        const { photoMegabytes } = await readConventions(database);
        const bytes = await readBytes(req, photoMegabytes * 1_000_000);
        if (!bytes) return res.status(413).json(refusal(`照片超过 ${photoMegabytes} MB,请压缩后再传。`, 'CONTENT_TOO_LARGE'));
        const type = pictureType(bytes);
        if (!type) return res.status(400).json(refusal('这不是 JPG、PNG 或 WebP 照片,请另存后再传。', 'INVALID_PAYLOAD'));
        await ensureFolder(database);
        const files = new services.FilesService({ schema: await getSchema(), knex: database });
        const file = await files.uploadOne(Readable.from(bytes), {
          storage:
            String(env.STORAGE_LOCATIONS ?? 'local')
              .split(',')[0]
              ?.trim() ?? 'local',
          folder: photoFolder,
          filename_download: 'case-photo.jpg',
          title: '案例照片',
          type,
        } as never);
        return res.json({ data: { file } });
      }),
    );
  },
});
