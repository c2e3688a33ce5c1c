import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gateway } from '../service/types.ts';
import type { AppOptions } from './app.ts';
import { createLive, type Live } from './live.ts';

/** What answers the requests that a listener takes. */
export interface Answering {
  /** @param takesShort false while the server stops: then answers must end their connections, which the short way does not */
  handle(request: IncomingMessage, response: ServerResponse, takesShort: boolean): void;
  /** What is under way from now on ends its connection; resolves when the applications are closed. */
  stop(): Promise<void>;
  /** Closes what stands behind. Called once, after the last answer. */
  close(): Promise<void>;
}

/** Where requests are answered by the gateway that was taken in last. */
export interface Seat extends Answering {
  /** null = none was taken in yet. */
  readonly gateway: Gateway | null;
  /**
   * Requests that come from now on are answered by this gateway, which the seat then owns. Those under way finish on the one that
   * they began with, which is closed when the last of them has ended, or is cut after a minute.
   */
  take(gateway: Gateway, options: AppOptions): Promise<void>;
  /** As after take(), with none to follow: those that come from now on are answered 503. */
  leave(): void;
}

/** A gateway that gave way is closed after this long, whoever still waits for an answer from it. */
const RETIRE_MS = 60_000;

export function createSeat(): Seat {
  let live: Live | null = null;
  const leave = (): void => {
    if (live !== null) void retire(live);
    live = null;
  };
  return {
    get gateway() {
      return live?.gateway ?? null;
    },
    async take(gateway, options) {
      const fresh = await createLive(gateway, options);
      leave();
      live = fresh;
    },
    leave,
    handle(request, response, takesShort) {
      if (live === null) refuse(response);
      else live.handle(request, response, takesShort);
    },
    async stop() {
      await live?.app.close();
    },
    async close() {
      await live?.gateway.close();
    },
  };
}

/** There is a configuration, with mistakes which are for the operator only: they are in the log. */
function refuse(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'access-control-allow-origin': '*' });
  response.end('What is configured under this name cannot be served: the reason is in the log of this server.\n');
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

async function retire(live: Live): Promise<void> {
  await Promise.race([live.idle(), after(RETIRE_MS)]);
  await live.app.close();
  await live.gateway.close();
}
