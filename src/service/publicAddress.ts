import type { FastifyRequest } from 'fastify';

/** A host name, IPv4 or bracketed IPv6 address with an optional port: nothing that could smuggle a path, a user or a line end. */
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

function localHost(request: FastifyRequest): string {
  const { localAddress = 'localhost', localPort } = request.raw.socket;
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  return localPort === undefined ? host : `${host}:${localPort}`;
}

/**
 * Public address of this server, without trailing slash: the configured one, else what the client called it by (with
 * trustProxy, what the proxy says the client called). A missing or malformed Host gives the address the socket is bound to.
 */
export function publicAddress(publicUrl: string | null, request: FastifyRequest): string {
  if (publicUrl !== null) return publicUrl;
  const host = HOST.test(request.host) ? request.host : localHost(request);
  return `${request.protocol === 'https' ? 'https' : 'http'}://${host}`;
}

/**
 * Relative address of the server's root as seen from a request path: links written with it work behind any proxy prefix and
 * with repeated slashes. '/' gives './', '/hips/moon/' gives '../../'.
 */
export function relativeRoot(rawUrl: string): string {
  const path = rawUrl.split(/[?#]/, 1)[0] ?? '/';
  const depth = path.split('/').length - 2;
  return depth <= 0 ? './' : '../'.repeat(depth);
}
