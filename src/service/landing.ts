import type { FastifyInstance } from 'fastify';
import { formatLandingPage } from './pages/landing.ts';
import { publicAddress, relativeRoot } from './publicAddress.ts';
import { sendPage } from './sendPage.ts';
import type { Gateway } from './types.ts';

/** Fastify plugin: the page at `/` with all layers. */
export async function serveLanding(app: FastifyInstance, { gateway }: { readonly gateway: Gateway }): Promise<void> {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/',
    handler: (request, reply) => sendPage(request, reply, formatLandingPage({
      title: gateway.title,
      root: relativeRoot(request.url),
      publicAddress: publicAddress(gateway.publicUrl, request),
      layers: [...(gateway.hips?.layers.values() ?? [])],
    })),
  });
}
