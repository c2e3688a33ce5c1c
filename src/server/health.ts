import type { FastifyInstance, FastifyReply } from 'fastify';

function sendState(reply: FastifyReply, status: 200 | 503, text: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .send(`${text}\n`);
}

/** Fastify plugin: /health says that the process lives, /ready that it takes work: 503 from the moment it is told to stop. */
export async function serveHealth(app: FastifyInstance): Promise<void> {
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
  });
  const method = ['GET', 'HEAD'];
  app.route({ method, url: '/health', handler: (_request, reply) => sendState(reply, 200, 'ok') });
  app.route({
    method,
    url: '/ready',
    handler: (_request, reply) => (stopping ? sendState(reply, 503, 'stopping') : sendState(reply, 200, 'ready')),
  });
}
