import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DemoContent } from './demoLayers.ts';
import { formatLandingPage } from './pages/landing.ts';
import { publicAddress, relativeRoot } from './publicAddress.ts';
import { sendPage } from './sendPage.ts';
import type { Gateway } from './types.ts';

/** What the landing page needs to know. */
export interface LandingOptions {
  readonly gateway: Gateway;
  /** What there is to show; worked out when it is first asked for. */
  readonly content: () => DemoContent;
}

/** Fastify plugin: the page at `/` with all layers. */
export async function serveLanding(app: FastifyInstance, { gateway, content }: LandingOptions): Promise<void> {
  const method = ['GET', 'HEAD'];
  const toRoot = (request: FastifyRequest, reply: FastifyReply): FastifyReply => reply.redirect(relativeRoot(request.url), 302);
  for (const url of ['/hips', '/hips/']) app.route({ method, url, handler: toRoot });
  app.route({
    method,
    url: '/',
    handler: (request, reply) => sendPage(request, reply, formatLandingPage({
      title: gateway.title,
      root: relativeRoot(request.url),
      publicAddress: publicAddress(gateway.publicUrl, request),
      content: content(),
      hasOgcApi: gateway.ogcapi !== null,
    })),
  });
}
