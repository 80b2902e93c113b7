/**
 * `/showcase/`: the county's case showcase on Directus' own port, from the folder in `KEHOU_SHOWCASE_DIR`; open to everybody, and counted
 * without knowing anybody. `/showcase/~desk/`: the preview and the files made from cases, for whoever may read cases in Directus.
 */
import { defineEndpoint } from '@directus/extensions-sdk';
import { type Caller, refusedTables } from '../../shared/access.ts';
import { type Answer, type Asked, answer } from './answer.ts';
import { answerDesk, deskFolders, deskPath, listProducts } from './desk.ts';
import { caseOpened, countViews, readViews } from './views.ts';

/** Milliseconds between two additions to the table. */
const flushEvery = 5000;

const refused: Answer = {
  status: 403,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'private, no-store' },
  body: '请先登录系统,再从“案例发布”打开。',
};

const dayIn = (timezone: string, moment: Date): string => moment.toLocaleDateString('sv-SE', { timeZone: timezone });

export default defineEndpoint({
  id: 'showcase',
  handler: (router, { env, logger, database, emitter }) => {
    const folder = typeof env.KEHOU_SHOWCASE_DIR === 'string' ? env.KEHOU_SHOWCASE_DIR : undefined;
    const timezone = typeof env.KEHOU_TIMEZONE === 'string' ? env.KEHOU_TIMEZONE : 'Asia/Shanghai';
    const folders = typeof env.KEHOU_HOME === 'string' ? deskFolders(env.KEHOU_HOME) : null;
    const views = countViews(database);
    const flush = (): Promise<void> => views.flush().catch((error: unknown) => logger.error(error, 'showcase views'));
    setInterval(flush, flushEvery).unref();
    emitter.onAction('server.stop', flush);

    /** What the screen of communications staff shows of the site. */
    const state = async (): Promise<Answer> => {
      await flush();
      const month = `${dayIn(timezone, new Date()).slice(0, 7)}-01`;
      const data = { products: folders ? await listProducts(folders) : [], views: await readViews(database, month) };
      return {
        status: 200,
        headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'private, no-store' },
        body: JSON.stringify({ data }),
      };
    };
    const answerStaff = async (asked: Asked, caller: Caller | null): Promise<Answer> => {
      if (!folders || (await refusedTables(database, caller, ['cases'], ['read'])).length > 0) return refused;
      return asked.path === `${deskPath}state` ? state() : answerDesk(asked, folders);
    };

    router.use(async (request, response, next) => {
      try {
        const [path = ''] = request.originalUrl.slice(request.baseUrl.length).split('?');
        // Without the slash at the end every relative link of the first page would be wrong.
        if (path === '') return response.redirect(301, `${request.baseUrl}/`);
        const asked: Asked = { method: request.method, path, headers: request.headers, base: request.baseUrl };
        const caller = (request as unknown as { accountability?: Caller | null }).accountability ?? null;
        const { status, headers, body } = path.startsWith(deskPath) ? await answerStaff(asked, caller) : await answer(asked, folder);
        const opened = caseOpened({ method: request.method, status, path, headers: request.headers });
        if (opened) views.add(opened, dayIn(timezone, new Date()));
        response.status(status).set(headers);
        if (body === null || typeof body === 'string') return response.end(body ?? undefined);
        body.on('error', (error) => {
          logger.error(error, 'showcase');
          response.destroy();
        });
        body.pipe(response);
      } catch (error) {
        next(error);
      }
    });
  },
});
