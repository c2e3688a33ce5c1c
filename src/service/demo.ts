import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DemoContent } from './demoLayers.ts';
import { formatDemoPage } from './pages/demo.ts';
import { publicAddress, relativeRoot } from './publicAddress.ts';
import { sendDocument } from './reply.ts';
import { sendPage } from './sendPage.ts';
import type { Gateway } from './types.ts';
import type { Viewers } from './viewer.ts';

/** What the demo page needs to know. */
export interface DemoOptions {
  readonly gateway: Gateway;
  readonly viewers: Viewers;
  /** What there is to show; worked out when it is first asked for. */
  readonly content: () => DemoContent;
}

/** Fastify plugin: the page at /demo/, and what its scripts must know of the layers at /demo/layers.json. */
export async function serveDemo(app: FastifyInstance, { gateway, viewers, content }: DemoOptions): Promise<void> {
  const method = ['GET', 'HEAD'];
  const page = (request: FastifyRequest): string =>
    formatDemoPage({ root: relativeRoot(request.url), publicAddress: publicAddress(gateway.publicUrl, request), content: content(), viewers });
  app.route({ method, url: '/demo', handler: (request, reply) => reply.redirect(`${relativeRoot(request.url)}demo/`, 301) });
  app.route({ method, url: '/demo/', handler: (request, reply) => sendPage(request, reply, page(request)) });
  app.route({
    method,
    url: '/demo/layers.json',
    handler: (request, reply): FastifyReply => sendDocument(request, reply, { text: JSON.stringify(content()), contentType: 'application/json', modified: null }),
  });
}
