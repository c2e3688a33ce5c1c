import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { GatewayError } from '../errors.ts';
import type { Gateway } from '../service/types.ts';
import type { AppOptions } from './app.ts';
import { type Answering, createSeat } from './seat.ts';

/** A server that takes requests. */
export interface RunningServer {
  /** http://localhost:PORT, without trailing slash. */
  readonly url: string;
  /**
   * Stops taking requests, lets those under way finish, then closes what answered them. Connections that are still busy after
   * `graceMs` are cut. Resolves when all is done, or at the latest one second after the grace period.
   */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** null = nowhere. */
  readonly logger: FastifyBaseLogger | null;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Time for requests under way to finish, milliseconds. */
  readonly graceMs: number;
}

/** Not imported: listing the names of node:http for an import would load its WebSocket client, a tenth of the start. */
const { createServer } = process.getBuiltinModule('node:http');

/** Milliseconds in which a client must have sent its whole request: nobody needs longer for a GET. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle timeouts of the usual proxies (60 s), so that they close first. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/** Time for caches and connections to close after the last request was cut, milliseconds. */
const LAST_MS = 1000;

/** What is wrong when an address cannot be listened at, by the system's error code. */
const LISTEN_TROUBLE: { readonly [code: string]: string } = {
  EADDRINUSE: 'is in use by another program; choose another one with --port',
  EACCES: 'is not allowed to this user; choose one above 1023 with --port',
  EADDRNOTAVAIL: 'is not an address of this machine; choose another one with --host',
  ENOTFOUND: 'is not an address of this machine; choose another one with --host',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

async function listen(server: Server, { host, port, logger }: ListenOptions): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const { address, port: found } = server.address() as AddressInfo;
    logger?.info(`Server listening at http://${address.includes(':') ? `[${address}]` : address}:${found}`);
  } catch (cause) {
    const trouble = LISTEN_TROUBLE[codeOf(cause)];
    if (trouble === undefined) throw cause;
    throw new GatewayError('CONFIG_INVALID', `${host}:${port} ${trouble}`, { locator: 'server', cause });
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

/** Whoever answers is told first: what is under way then ends its connections. */
async function close(server: Server, answering: Answering, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  const done = Promise.all([closed(server), answering.stop()]).then(() => answering.close());
  await Promise.race([done, after(graceMs + LAST_MS)]);
  clearTimeout(cut);
}

/** A request without a body needs no stream to read it from: a seventh more tiles a second. Who leaves is seen by the response. */
const SERVER_OPTIONS = { optimizeEmptyRequests: true };

/**
 * Listens for whoever answers, whom it owns from then on: close() closes it, as does a failure to listen.
 * @throws GatewayError CONFIG_INVALID when the address cannot be listened at
 */
export async function runServer(answering: Answering, options: ListenOptions): Promise<RunningServer> {
  const server = createServer(SERVER_OPTIONS, (request, response) => answering.handle(request, response, server.listening));
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  try {
    await listen(server, options);
  } catch (error) {
    await answering.close();
    throw error;
  }
  let closing: Promise<void> | null = null;
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => (closing ??= close(server, answering, options.graceMs)),
  };
}

/** The same for one gateway. */
export async function runGateway(gateway: Gateway, options: ListenOptions & AppOptions): Promise<RunningServer> {
  const seat = createSeat();
  await seat.take(gateway, options);
  return runServer(seat, options);
}
