import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ServerStatus } from './status.ts';

/** What /ready says while the server takes requests. */
export interface Readiness {
  readonly isReady: boolean;
  readonly text: string;
}

function sendState(reply: FastifyReply, status: 200 | 503, text: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .send(`${text}\n`);
}

/** Of a gateway that is served. */
export function readinessOf({ loadedAt, failedSince }: ServerStatus): Readiness {
  if (failedSince === null || loadedAt === null) return { isReady: true, text: 'ready' };
  return { isReady: true, text: `ready, with the configuration of ${loadedAt.toISOString()}: the one found at ${failedSince.toISOString()} has mistakes, which are in the log` };
}

/**
 * Fastify plugin: /health says that the process lives, /ready that it takes work: 503 from the moment it is told to stop. A configuration
 * file with mistakes is told there too, though the one before it is served.
 */
export async function serveHealth(app: FastifyInstance, { readiness }: { readonly readiness: () => Readiness }): Promise<void> {
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
  });
  const method = ['GET', 'HEAD'];
  app.route({ method, url: '/health', handler: (_request, reply) => sendState(reply, 200, 'ok') });
  app.route({
    method,
    url: '/ready',
    handler: (_request, reply) => {
      const { isReady, text } = stopping ? { isReady: false, text: 'stopping' } : readiness();
      return sendState(reply, isReady ? 200 : 503, text);
    },
  });
}
