import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { GatewayError } from '../errors.ts';
import type { Gateway } from '../service/types.ts';
import { createApp } from './app.ts';

/** A gateway that takes requests. */
export interface RunningServer {
  /** http://localhost:PORT, without trailing slash. */
  readonly url: string;
  /**
   * Stops taking requests, lets those under way finish, then closes the gateway. Connections that are still busy after
   * `graceMs` are cut. Resolves when all is done, or at the latest one second after the grace period.
   */
  close(): Promise<void>;
}

export interface RunOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly logger: FastifyBaseLogger | null;
  /** Time for requests under way to finish, milliseconds. */
  readonly graceMs: number;
}

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

async function listen(app: FastifyInstance, { host, port }: RunOptions): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const trouble = LISTEN_TROUBLE[codeOf(cause)];
    if (trouble === undefined) throw cause;
    throw new GatewayError('CONFIG_INVALID', `${host}:${port} ${trouble}`, { locator: 'server', cause });
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

async function close(app: FastifyInstance, gateway: Gateway, graceMs: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), graceMs);
  const closed = app.close().then(() => gateway.close());
  await Promise.race([closed, after(graceMs + LAST_MS)]);
  clearTimeout(cut);
}

/**
 * Listens with a gateway, which it owns from then on: close() closes it, as does a failure to listen.
 * @throws GatewayError CONFIG_INVALID when the address cannot be listened at
 */
export async function runGateway(gateway: Gateway, options: RunOptions): Promise<RunningServer> {
  const app = createApp(gateway, options);
  try {
    await listen(app, options);
  } catch (error) {
    await gateway.close();
    throw error;
  }
  let closing: Promise<void> | null = null;
  return {
    url: `http://localhost:${(app.server.address() as AddressInfo).port}`,
    close: () => (closing ??= close(app, gateway, options.graceMs)),
  };
}
