import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { narrowGateway, privateCacheControl } from '../service/access/narrow.ts';
import type { Access, Verdict } from '../service/access/types.ts';
import { addVary } from '../service/delivery.ts';
import type { Gateway } from '../service/types.ts';
import { createApp, type AppOptions } from './app.ts';

/** Hands each request to an application that knows only what that request may see. */
export interface Gate {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/** Different verdicts whose applications are kept ready; people with the same rights share one. */
const MOST_VIEWS = 64;

const NOTHING: Verdict = { kind: 'none' };
/** Neither about layers nor for people: supervisors, and the scripts of pages. Answered by an application without any layer. */
const OPEN = /^\/(?:health|ready|metrics)(?:\?|$)|^\/(?:admin|web|vendor)\//;

function keyOf(verdict: Verdict): string {
  if (verdict.kind !== 'partial') return verdict.kind;
  return JSON.stringify([verdict.isAnonymous, [...verdict.layers].map(([name, { map, featureinfo, tile, limit }]) => [name, map, featureinfo, tile, limit?.key ?? null]).sort()]);
}

function nameOf(pair: string): string {
  try {
    return decodeURIComponent(pair.split('=', 1)[0]!.replaceAll('+', ' '));
  } catch {
    return '';
  }
}

/** The address without the parameter that carries a secret. */
function withoutSecret(url: string, parameter: string): string {
  const mark = url.indexOf('?');
  if (mark < 0) return url;
  const kept = url.slice(mark + 1).split('&').filter((pair) => nameOf(pair).toLowerCase() !== parameter.toLowerCase());
  return kept.length === 0 ? url.slice(0, mark) : `${url.slice(0, mark)}?${kept.join('&')}`;
}

/** Nothing that was made for one client may be given to another. */
function keepPrivate(app: FastifyInstance, { headers }: Access): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    const said = reply.getHeader('cache-control');
    const isRefusal = reply.statusCode === 401 || reply.statusCode === 403;
    reply.header('cache-control', isRefusal ? 'private, no-store' : typeof said === 'string' ? privateCacheControl(said) : 'private');
    if (reply.statusCode === 401) reply.header('www-authenticate', 'Bearer');
    for (const name of headers) addVary(reply, name);
    done(null, payload);
  });
}

function refuseAll(response: ServerResponse, status: 401 | 403 | 500, origin: string | null): void {
  const text = status === 401 ? 'This is not for everybody: say who you are.' : status === 403 ? 'This is not for you.' : 'Internal error: the reason is in the log of this server.';
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(origin === null ? {} : { 'access-control-allow-origin': origin }),
  });
  response.end(`${text}\n`);
}

function originFor({ origins }: Gateway, { headers: { origin } }: IncomingMessage): string | null {
  return origins === '*' ? '*' : origin !== undefined && origins.includes(origin) ? origin : null;
}

/** The gate of a gateway that is not for everybody. */
export function createGate(gateway: Gateway, access: Access, options: AppOptions): Gate {
  const views = new Map<string, Promise<FastifyInstance>>();
  const open = async (verdict: Verdict): Promise<FastifyInstance> => {
    const app = createApp(narrowGateway(gateway, verdict, access.pictures), options);
    keepPrivate(app, access);
    await app.ready();
    return app;
  };
  /** The view that was not used for the longest time makes room; requests that it still answers go on. */
  const viewOf = (verdict: Verdict): Promise<FastifyInstance> => {
    const key = keyOf(verdict);
    const view = views.get(key) ?? open(verdict);
    views.delete(key);
    views.set(key, view);
    if (views.size > MOST_VIEWS) views.delete(views.keys().next().value!);
    return view;
  };
  const verdictOf = async ({ method = '', url = '', headers, socket }: IncomingMessage): Promise<Verdict> => {
    if (method === 'OPTIONS' || OPEN.test(url)) return NOTHING;
    return access.authorize({ method, url, headers, remoteAddress: socket.remoteAddress ?? null });
  };
  return {
    async handle(request, response) {
      try {
        const verdict = await verdictOf(request);
        const isRefused = verdict !== NOTHING && (verdict.kind === 'none' || verdict.kind === 'unauthenticated');
        if (isRefused) return refuseAll(response, verdict.kind === 'none' ? 403 : 401, originFor(gateway, request));
        request.url = withoutSecret(request.url ?? '', access.secretParameter);
        (await viewOf(verdict)).routing(request, response);
      } catch (error) {
        options.logger?.error({ err: error }, 'who may see what could not be told');
        refuseAll(response, 500, originFor(gateway, request));
      }
    },
    async close() {
      for (const view of views.values()) await (await view).close();
    },
  };
}
