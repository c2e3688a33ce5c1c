import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** What an operator may ask of a running server. */
export interface Admin {
  /** server.admin_token */
  readonly token: string;
  /** Resolves with a line for the operator: what was done, or the mistakes of the configuration. */
  reload(): Promise<{ readonly done: boolean; readonly text: string }>;
}

/** Fastify plugin: POST /admin/reload, for who sends the token as `Authorization: Bearer TOKEN`. */
export async function serveAdmin(app: FastifyInstance, { token, reload }: Admin): Promise<void> {
  app.post('/admin/reload', async (request, reply) => {
    reply.headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    if (!isToken(request.headers.authorization, token)) {
      return reply.code(401).header('www-authenticate', 'Bearer').send('expected the header Authorization: Bearer and server.admin_token\n');
    }
    const { done, text } = await reload();
    return reply.code(done ? 200 : 422).send(`${text}\n`);
  });
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null, undefined);
  });
}

/** Takes equally long whatever is sent. */
function isToken(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}
