import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { startUpstream } from '../../../test/contract/upstreamServer.ts';
import type { Upstream } from '../../../test/contract/upstreamServer.ts';
import { GatewayError } from '../../errors.ts';
import { createHttpClient, requireOk } from './http.ts';
import type { HttpClient, HttpOptions } from './http.ts';

const never = new AbortController().signal;
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close();
});

async function upstream(...args: Parameters<typeof startUpstream>): Promise<Upstream> {
  const server = await startUpstream(...args);
  open.push(server);
  return server;
}

function client(options?: HttpOptions): HttpClient {
  const made = createHttpClient(options);
  open.push(made);
  return made;
}

async function failure(work: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await work.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof GatewayError)) throw new Error(`expected a GatewayError, got ${String(error)}`);
  return error;
}

describe('http client', () => {
  it('brings status, bytes and media type, and sends its headers (danger: parameters left in the type)', async () => {
    const server = await upstream((_, res) => res.writeHead(200, { 'content-type': 'Image/PNG; q=1' }).end('abc'));
    const http = client({ userAgent: 'test/1', headers: { 'X-Key': 'k' } });
    const got = await http.get(`${server.url}/a?b=c,d:e`, { signal: never, headers: { 'If-None-Match': '"x"' } });
    expect(got).toMatchObject({ status: 200, contentType: 'image/png' });
    expect(Buffer.from(got.bytes).toString()).toBe('abc');
    expect(server.requests).toEqual(['/a?b=c,d:e']);
    expect(server.headers[0]).toMatchObject({ 'user-agent': 'test/1', 'x-key': 'k', 'if-none-match': '"x"' });
  });

  it('takes credentials from options or the address (danger: passwords in logs and Referer)', async () => {
    const server = await upstream((_, res) => res.end());
    const secret = `Basic ${Buffer.from('me:pass word').toString('base64')}`;
    await client({ auth: { username: 'me', password: 'pass word' } }).get(server.url, { signal: never });
    await client().get(server.url.replace('//', '//me:pass%20word@'), { signal: never });
    expect(server.headers.map((h) => h.authorization)).toEqual([secret, secret]);
  });

  it('answers 404 at once, as an answer (danger: three requests per missing tile)', async () => {
    const server = await upstream((_, res) => res.writeHead(404).end('no'));
    const got = await client().get(server.url, { signal: never });
    expect(got.status).toBe(404);
    expect(server.requests.length).toBe(1);
    expect(() => requireOk(got, 'http://x/')).toThrow('http://x/ answered 404');
  });

  it('tries again after 503 and after a broken connection (danger: one hiccup fails a map)', async () => {
    const server = await upstream((req, res, nth) => {
      if (nth === 1) res.writeHead(503, { 'retry-after': '0' }).end();
      else if (nth === 2) req.socket.destroy();
      else res.end('third');
    });
    const got = await client().get(server.url, { signal: never });
    expect(Buffer.from(got.bytes).toString()).toBe('third');
    expect(server.requests.length).toBe(3);
  });

  it('tries again when the body breaks off (danger: half a tile cached)', async () => {
    const server = await upstream((req, res, nth) => {
      if (nth > 1) return void res.end('whole');
      res.writeHead(200, { 'content-length': '1000' }).write('half');
      setTimeout(() => req.socket.destroy(), 20);
    });
    expect(Buffer.from((await client().get(server.url, { signal: never })).bytes).toString()).toBe('whole');
  });

  it('hands out the last 503 when tries are used up, and gives up when Retry-After is long', async () => {
    const server = await upstream((_, res) => res.writeHead(503, { 'retry-after': '0' }).end());
    expect((await client({ tries: 2 }).get(server.url, { signal: never })).status).toBe(503);
    expect(server.requests.length).toBe(2);
    const busy = await upstream((_, res) => res.writeHead(429, { 'retry-after': '3600' }).end());
    expect((await client().get(busy.url, { signal: never })).status).toBe(429);
    expect(busy.requests.length).toBe(1);
  });

  it('calls a refused connection UPSTREAM_FAILED with its cause', async () => {
    const server = await startUpstream((_, res) => void res.end());
    await server.close();
    const error = await failure(client({ tries: 2 }).get(server.url, { signal: never }));
    expect(error.code).toBe('UPSTREAM_FAILED');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each([
    ['headers', ''],
    ['a body', 'first bytes'],
  ])('times out on silent %s, once, as UPSTREAM_TIMEOUT (danger: hanging for ever, or three times as long)', async (_, first) => {
    const server = await upstream((_req, res) => {
      if (first !== '') res.write(first);
    });
    const error = await failure(client({ timeoutMs: 500 }).get(server.url, { signal: never }));
    expect(error.code).toBe('UPSTREAM_TIMEOUT');
    expect(server.requests.length).toBe(1);
  });

  it('stops at the size limit, announced or not (danger: memory filled by an endless answer)', async () => {
    const announced = await upstream((_, res) => res.writeHead(200, { 'content-length': '5000' }).end(Buffer.alloc(5000)));
    const streamed = await upstream((_, res) => {
      const more = () => {
        while (res.write(Buffer.alloc(1000)));
      };
      res.on('drain', more);
      more();
    });
    const bomb = await upstream((_, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100_000))));
    for (const server of [announced, streamed, bomb]) {
      const error = await failure(client({ maxBytes: 4000 }).get(server.url, { signal: never }));
      expect(error.code).toBe('UPSTREAM_FAILED');
      expect(server.requests.length).toBe(1);
    }
  });

  it('undoes gzip that nobody asked for', async () => {
    const server = await upstream((_, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('plain')));
    expect(Buffer.from((await client().get(server.url, { signal: never })).bytes).toString()).toBe('plain');
  });

  it('follows redirects, keeps secrets from other origins, and stops in a loop (danger: keys leaked, endless loops)', async () => {
    const other = await upstream((_, res) => res.end('there'));
    const server = await upstream((req, res) => {
      const to = req.url === '/start' ? '/next' : req.url === '/next' ? `${other.url}/end` : '/loop';
      res.writeHead(302, { location: to }).end();
    });
    const http = client({ headers: { authorization: 'secret' } });
    expect(Buffer.from((await http.get(`${server.url}/start`, { signal: never })).bytes).toString()).toBe('there');
    expect(server.headers.map((h) => h.authorization)).toEqual(['secret', 'secret']);
    expect(other.headers[0]!.authorization).toBeUndefined();
    expect((await failure(http.get(`${server.url}/loop`, { signal: never }))).code).toBe('UPSTREAM_FAILED');
  });

  it('refuses a redirect to another scheme (danger: local files read through an upstream)', async () => {
    const server = await upstream((_, res) => res.writeHead(302, { location: 'file:///etc/passwd' }).end());
    expect((await failure(client().get(server.url, { signal: never }))).code).toBe('UPSTREAM_FAILED');
  });

  it('ends with the signal\'s reason and tells the upstream (danger: work for clients who left)', async () => {
    const abort = new AbortController();
    const state = { closed: false };
    const server = await upstream((req) => {
      req.socket.on('close', () => (state.closed = true));
      abort.abort(new Error('left'));
    });
    await expect(client().get(server.url, { signal: abort.signal })).rejects.toThrow('left');
    await expect.poll(() => state.closed, { timeout: 10_000 }).toBe(true);
  });

  it('keeps to its concurrency per origin (danger: an upstream bans us)', async () => {
    const held: ServerResponse[] = [];
    let most = 0;
    const server = await upstream((_, res) => {
      held.push(res);
      most = Math.max(most, held.length);
      // Three are let go together, a moment after the third: time for a fourth to show up.
      if (held.length === 3) setTimeout(() => held.splice(0).forEach((r) => r.end()), 30);
    });
    const http = client({ concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, () => http.get(server.url, { signal: never })));
    expect(most).toBe(3);
  });

  it('refuses what is no http address, with a locator', async () => {
    const error = await failure((async () => client().get('ftp://x/', { signal: never }))());
    expect([error.code, error.locator]).toEqual(['CONFIG_INVALID', 'url']);
  });

  it('survives an upstream that speaks no HTTP', async () => {
    const server = createServer((socket) => socket.resume().end('hello, this is not HTTP\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect((await failure(client({ tries: 1 }).get(url, { signal: never }))).code).toBe('UPSTREAM_FAILED');
  });
});

describe('a host that is down', () => {
  it('is not asked for a while, and is as soon as one request in between was answered, though its client had left (danger: pictures of two requests, which fail together for ever)', async () => {
    let isDown = true;
    const server = await upstream((_, res) => setTimeout(() => res.writeHead(isDown ? 503 : 200).end('x'), 20));
    const http = client({ tries: 1 });
    const get = (signal: AbortSignal = never) => http.get(`${server.url}/tile`, { signal });
    for (let i = 0; i < 5; i++) expect((await get()).status).toBe(503);
    expect(await failure(get())).toMatchObject({ code: 'UPSTREAM_FAILED', message: expect.stringMatching(/did not answer 5 requests in a row; it is asked again in 1 s/) as string });
    expect(server.requests).toHaveLength(5);
    isDown = false;
    await new Promise((resolve) => setTimeout(resolve, 1050));
    const picture = new AbortController();
    const [first, second] = await Promise.allSettled([get(picture.signal), get(picture.signal).catch((error: unknown) => {
      picture.abort(error);
      throw error;
    })]);
    expect([first.status, second.status]).toEqual(['rejected', 'rejected']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await Promise.all([get(), get()])).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('statuses to which there is an answer do not count', async () => {
    const server = await upstream((_, res) => res.writeHead(503).end());
    const http = client({ tries: 1, expected: new Set([503]) });
    for (let i = 0; i < 8; i++) expect((await http.get(server.url, { signal: never })).status).toBe(503);
  });
});

describe('POST (danger: a long style does not fit into an address; a form goes to a host that it is not for)', () => {
  const FORM = 'REQUEST=GetMap&SLD_BODY=%3Csld%2F%3E';
  const received: string[] = [];
  const echo = async (req: IncomingMessage, res: ServerResponse, to: string | null, status: number): Promise<void> => {
    received.push(`${req.method} ${req.url} ${req.headers['content-type'] ?? '-'} ${await text(req)}`);
    if (to === null || req.url === '/there') res.end('ok');
    else res.writeHead(status, { location: to }).end();
  };

  it('sends a form, again after 503', async () => {
    received.length = 0;
    const server = await upstream(async (req, res, nth) => {
      received.push(`${req.method} ${req.url} ${req.headers['content-type']} ${await text(req)}`);
      res.writeHead(nth === 1 ? 503 : 200, { 'retry-after': '0' }).end('ok');
    });
    expect((await client().get(`${server.url}/wms?map=x`, { signal: never, form: FORM })).status).toBe(200);
    expect(received).toEqual(Array.from({ length: 2 }, () => `POST /wms?map=x application/x-www-form-urlencoded ${FORM}`));
  });

  it.each([
    [307, `POST /there application/x-www-form-urlencoded ${FORM}`],
    [308, `POST /there application/x-www-form-urlencoded ${FORM}`],
    [302, 'GET /there - '],
    [303, 'GET /there - '],
  ])('after %i: %s', async (status, second) => {
    received.length = 0;
    const server = await upstream((req, res) => echo(req, res, '/there', status));
    await client().get(`${server.url}/here`, { signal: never, form: FORM });
    expect(received[1]).toBe(second);
  });

  it('is not redirected to another host', async () => {
    received.length = 0;
    const other = await upstream((req, res) => echo(req, res, null, 200));
    const server = await upstream((_, res) => res.writeHead(307, { location: other.url }).end());
    expect((await failure(client().get(server.url, { signal: never, form: FORM }))).code).toBe('UPSTREAM_FAILED');
    expect(received).toEqual([]);
  });
});

describe('TLS (danger: a certificate of nobody is trusted, or one of the own authority is not)', () => {
  const file = (name: string): string => fileURLToPath(new URL(`../../../test/data/tls/${name}`, import.meta.url));

  async function secure(): Promise<string> {
    const server = createTlsServer({ key: readFileSync(file('key.pem')), cert: readFileSync(file('certificate.pem')) }, (_, res) => res.end('safe'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({
      close: () => new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
    });
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each([
    ['the system trusts', {}, false],
    ['a file names', { caFile: file('certificate.pem') }, true],
    ['another file names', { caFile: file('other.pem') }, false],
    ['nobody checks', { rejectUnauthorized: false }, true],
  ])('certificates that %s', async (_, tls, isTrusted) => {
    const asked = client({ tls, tries: 1 }).get(await secure(), { signal: never });
    if (isTrusted) expect((await asked).status).toBe(200);
    else expect((await failure(asked)).code).toBe('UPSTREAM_FAILED');
  });

  it('a file that is not there is told as such', async () => {
    expect((await failure(client({ tls: { caFile: file('nothing.pem') }, tries: 1 }).get(await secure(), { signal: never }))).message).toMatch(/nothing\.pem/);
  });
});

describe('cookies (danger: an upstream that wants a session never gives a picture)', () => {
  it('come back, also along a redirect, beside those of the configuration; never without being asked for', async () => {
    const server = await upstream((req, res) => {
      if (req.url === '/login') res.writeHead(302, { location: '/map', 'set-cookie': ['sid=1; Path=/', 'b=2; Path=/map'] }).end();
      else res.end('map');
    });
    const http = client({ keepsCookies: true, headers: { Cookie: 'own=0' } });
    await http.get(`${server.url}/login`, { signal: never });
    await http.get(`${server.url}/other`, { signal: never });
    expect(server.headers.map(({ cookie }) => cookie)).toEqual(['own=0', 'own=0; b=2; sid=1', 'own=0; sid=1']);
    const without = client();
    await without.get(`${server.url}/login`, { signal: never });
    expect(server.headers.at(-1)!.cookie).toBeUndefined();
  });
});
