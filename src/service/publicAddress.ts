import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** A host name, IPv4 or bracketed IPv6 address with an optional port: nothing that could smuggle a path, a user or a line end. */
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

function localHost(request: FastifyRequest): string {
  const { localAddress = 'localhost', localPort } = request.raw.socket;
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  return localPort === undefined ? host : `${host}:${localPort}`;
}

/** An address that is answered below a prefix. */
interface Mounted {
  /** As the client asked. */
  readonly originalUrl?: string;
}

/** Where one of several gateways stands: the first part of a path, which names it, and the address that is left for it. */
export function mountOf(url: string): { readonly name: string; readonly rest: string } | null {
  const [, name, rest] = /^\/+([^/?#]+)(.*)$/s.exec(url) ?? [];
  return name === undefined || rest === undefined ? null : { name, rest };
}

/** Takes the prefix off the address of a request, as frameworks do it: what is asked stays there as `originalUrl`. @param rest what mountOf left, from its slash on */
export function mount(request: IncomingMessage, name: string, rest: string): void {
  (request as IncomingMessage & { originalUrl?: string }).originalUrl = `/${name}${rest}`;
  request.url = rest;
}

/** Paths that need no escape, of no more than 256 characters: nothing that leads up or out of what it is put before. */
const SCRIPT_NAME = /^(?=.{1,256}$)(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+\/?$/;

/** The headers that say how the client called what a proxy asks for. An answer with an address in it depends on them. */
export const FORWARDED_HEADERS: readonly string[] = ['x-script-name', 'x-forwarded-host', 'x-forwarded-proto'];

/** Believes a proxy that serves this server below a path (`X-Script-Name`, as MapProxy does), whether or not it has taken that path off. */
export function mountBelow(request: IncomingMessage): void {
  const said = request.headers['x-script-name'];
  if (typeof said !== 'string' || !SCRIPT_NAME.test(said)) return;
  const prefix = said.replace(/\/$/, '');
  const { url = '/' } = request;
  const { originalUrl = url } = request as Mounted;
  const own = url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url;
  (request as IncomingMessage & { originalUrl?: string }).originalUrl = own === url ? `${prefix}${originalUrl}` : originalUrl;
  request.url = own;
}

/** The prefix that was taken off: '/moon', or ''. The query may have changed since. */
function prefixOf(request: FastifyRequest): string {
  const { originalUrl } = request.raw as Mounted;
  return originalUrl === undefined ? '' : originalUrl.slice(0, pathOf(originalUrl).length - pathOf(request.url).length);
}

function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? '';
}

/**
 * Public address of what answers, without trailing slash: the configured one, else what the client called the server by (with
 * trustProxy, what the proxy says the client called); then the name under which it stands, where there are several. A missing or
 * malformed Host gives the address the socket is bound to.
 */
export function publicAddress(publicUrl: string | null, request: FastifyRequest): string {
  return `${publicUrl ?? calledAddress(request)}${prefixOf(request)}`;
}

function calledAddress(request: FastifyRequest): string {
  const host = HOST.test(request.host) ? request.host : localHost(request);
  return `${request.protocol === 'https' ? 'https' : 'http'}://${host}`;
}

/**
 * Relative address of the server's root as seen from a request path: links written with it work behind any proxy prefix and
 * with repeated slashes. '/' gives './', '/hips/moon/' gives '../../'.
 */
export function relativeRoot(rawUrl: string): string {
  const depth = pathOf(rawUrl).split('/').length - 2;
  return depth <= 0 ? './' : '../'.repeat(depth);
}
