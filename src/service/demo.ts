import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DemoContent, demoContent } from './demoLayers.ts';
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
}

/** Fastify plugin: the page at /demo/, and what its scripts must know of the layers at /demo/layers.json. */
export async function serveDemo(app: FastifyInstance, { gateway, viewers }: DemoOptions): Promise<void> {
  const method = ['GET', 'HEAD'];
  let known: DemoContent | null = null;
  const content = (): DemoContent => (known ??= demoContent(gateway));
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
