import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An upstream on 127.0.0.1 that remembers what it was asked. */
export interface Upstream {
  /** 'http://127.0.0.1:port', no trailing slash. */
  readonly url: string;
  /** Path and query of every request so far, in order. */
  readonly requests: string[];
  /** Headers of every request so far. */
  readonly headers: IncomingMessage['headers'][];
  close(): Promise<void>;
}

/** Starts an upstream that answers with `handler`; `nth` counts requests from 1. */
export async function startUpstream(
  handler: (request: IncomingMessage, response: ServerResponse, nth: number) => unknown,
): Promise<Upstream> {
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    headers.push(request.headers);
    void Promise.resolve(handler(request, response, requests.length));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
