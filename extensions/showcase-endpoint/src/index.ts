/**
 * `/showcase/`: the county's case showcase on Directus' own port, from the folder in `KEHOU_SHOWCASE_DIR`.
 * Open to everybody, therefore reads nothing but that folder.
 */
import { defineEndpoint } from '@directus/extensions-sdk';
import { answer } from './answer.ts';

export default defineEndpoint({
  id: 'showcase',
  handler: (router, { env, logger }) => {
    const folder = typeof env.KEHOU_SHOWCASE_DIR === 'string' ? env.KEHOU_SHOWCASE_DIR : undefined;
    router.use(async (request, response, next) => {
      try {
        const [path = ''] = request.originalUrl.slice(request.baseUrl.length).split('?');
        // Without the slash at the end every relative link of the first page would be wrong.
        if (path === '') return response.redirect(301, `${request.baseUrl}/`);
        const { status, headers, body } = await answer({ method: request.method, path, headers: request.headers, base: request.baseUrl }, folder);
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
