import Fastify, {
  type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerOptions, LogController,
} from 'fastify';
import { addVary, allowOrigins } from '../service/delivery.ts';
import { serveDemo } from '../service/demo.ts';
import { lazyDemoContent } from '../service/demoLayers.ts';
import { serveFiles } from '../service/files.ts';
import { serveFolder, type FolderEntry } from '../service/folder.ts';
import { serveHips } from '../service/hips.ts';
import { serveKml } from '../service/kml.ts';
import { serveLanding } from '../service/landing.ts';
import { createOgcApi, serveOgcApi } from '../service/ogcapi.ts';
import { FORWARDED_HEADERS } from '../service/publicAddress.ts';
import { replyPlainError, sendPlain } from '../service/replyError.ts';
import { serveTiles } from '../service/tiles.ts';
import { serveTms } from '../service/tms.ts';
import type { Gateway } from '../service/types.ts';
import { findViewers } from '../service/viewer.ts';
import { createWms, serveWms } from '../service/wms.ts';
import { createWmts, serveWmts, serveWmtsKvp } from '../service/wmts.ts';
import type { AccessLog } from './accessLog.ts';
import { serveAdmin, type Admin } from './admin.ts';
import { type Readiness, serveHealth } from './health.ts';
import { countAnswers, type Measured, type Metrics, serveMetrics } from './metrics.ts';

/** What the application needs besides the gateway. */
export interface AppOptions {
  /** Where the application logs; null = nowhere. */
  readonly logger: FastifyBaseLogger | null;
  /** What /ready says; absent = always ready. */
  readonly readiness?: () => Readiness;
  /** Counts the answers of this application; absent = nothing is counted. */
  readonly metrics?: Metrics;
  /** Logs requests; absent = none is logged. */
  readonly accessLog?: AccessLog;
  /** What /metrics tells; absent = there is none. */
  readonly measured?: () => readonly Measured[];
  /** Instead of pages about layers: the list of what is served below this one. `null` from it = is told to nobody. */
  readonly folder?: () => readonly FolderEntry[] | null;
  /** null or absent = there is no /admin. */
  readonly admin?: Admin | null;
}

const ALLOWED_METHODS = 'GET, HEAD, OPTIONS';
const READ_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const PREFLIGHT_MAX_AGE_SECONDS = 86_400;

function sendPreflight(request: FastifyRequest, reply: FastifyReply): void {
  void reply
    .code(204)
    .headers({
      allow: ALLOWED_METHODS,
      'access-control-allow-methods': ALLOWED_METHODS,
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
      'access-control-max-age': PREFLIGHT_MAX_AGE_SECONDS,
    })
    .send();
}

/**
 * On every request: web pages of `origins` may read the answer, unless it is about a layer that says otherwise; OPTIONS is answered
 * everywhere, and only known routes take other methods.
 */
function onRequest({ origins, anyOrigins }: Gateway, request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const isPreflight = request.method === 'OPTIONS';
  allowOrigins(request, reply, isPreflight ? anyOrigins : origins);
  if (isPreflight) return sendPreflight(request, reply);
  if (request.is404 && !READ_METHODS.has(request.method)) {
    void sendPlain(reply.header('allow', ALLOWED_METHODS), 405, `${request.method} is not possible here: ${ALLOWED_METHODS}`);
    return;
  }
  done();
}

function notFound(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendPlain(reply, 404, 'There is nothing at this address: the layers are listed at /');
}

/** No route has a schema; said in this way, the compilers of schemas are not loaded, another tenth of the start. */
function noSchemas(): never {
  throw new Error('routes have no schemas here');
}

function serverOptions(gateway: Gateway, { logger }: AppOptions): FastifyServerOptions {
  return {
    ...(logger === null ? { logger: false } : { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (parent) => parent,
    trustProxy: gateway.trustProxy,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreDuplicateSlashes: true },
    frameworkErrors: (_error, request, reply) => {
      allowOrigins(request, reply, gateway.origins);
      void notFound(request, reply);
    },
  };
}

/** Answers that were under way when the server was told to stop end their connections, which would keep it waiting otherwise. */
function endConnectionsOnClose(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
}

/** What has addresses in it depends on what the proxy said of them: caches in front keep such answers apart, as for MapProxy. Pictures have none. */
function varyByProxy(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (!String(reply.getHeader('content-type') ?? '').startsWith('image/')) for (const name of FORWARDED_HEADERS) addVary(reply, name);
    done(null, payload);
  });
}

/** The HTTP application around a gateway; does not listen. Closing it leaves the gateway open. */
export function createApp(gateway: Gateway, options: AppOptions): FastifyInstance {
  const app = Fastify(serverOptions(gateway, options));
  const viewers = findViewers();
  app.addHook('onRequest', (request, reply, done) => onRequest(gateway, request, reply, done));
  if (gateway.trustProxy) varyByProxy(app);
  endConnectionsOnClose(app);
  app.setNotFoundHandler(notFound);
  app.setErrorHandler(replyPlainError);
  const { readiness = () => ({ isReady: true, text: 'ready' }), metrics, accessLog, measured, admin = null, folder } = options;
  if (metrics !== undefined) app.addHook('onResponse', countAnswers(metrics));
  if (accessLog !== undefined) app.addHook('onResponse', accessLog.onResponse);
  if (measured !== undefined) app.register(serveMetrics, { measured });
  app.register(serveHealth, { readiness });
  if (admin !== null) app.register(serveAdmin, admin);
  app.register(serveFiles, { viewers });
  if (folder === undefined) {
    const content = lazyDemoContent(gateway);
    app.register(serveLanding, { gateway, content });
    app.register(serveDemo, { gateway, viewers, content });
  } else app.register(serveFolder, { title: gateway.title, folder });
  if (gateway.hips !== null) app.register(serveHips, { node: gateway.hips, publicUrl: gateway.publicUrl, viewer: viewers.aladinLite });
  if (gateway.tiles !== null && gateway.tiles.tms !== null) {
    app.register(serveTiles, { node: gateway.tiles, publicUrl: gateway.publicUrl });
    app.register(serveTms, { node: gateway.tiles, publicUrl: gateway.publicUrl });
  }
  if (gateway.tiles !== null && gateway.tiles.kml !== null) app.register(serveKml, { node: gateway.tiles, publicUrl: gateway.publicUrl });
  const wmts = gateway.tiles === null || gateway.tiles.wmts === null ? null : createWmts(gateway.tiles, gateway.publicUrl);
  if (wmts !== null) app.register(serveWmts, { wmts });
  if (gateway.maps !== null) app.register(serveWms, { wms: createWms(gateway.maps, gateway.publicUrl, gateway.tiles), wmts });
  else if (wmts !== null) app.register(serveWmtsKvp, { wmts });
  if (gateway.ogcapi !== null) app.register(serveOgcApi, { service: createOgcApi(gateway.ogcapi, gateway.publicUrl) });
  return app;
}
