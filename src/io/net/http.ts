import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from 'undici';
import { GatewayError } from '../../errors.ts';
import { decodeContent, readBounded } from './body.ts';
import { type CookieJar, createCookieJar } from './cookies.ts';
import { createBreaker, type Breaker } from './breaker.ts';
import { createLimiter } from './limiter.ts';
import type { Limiter } from './limiter.ts';
import { isDown, isPassing, pauseBefore } from './retry.ts';

export interface HttpOptions {
  /** Of one try, from sending to the last byte; waiting for a free connection does not count. Default 60 000. */
  readonly timeoutMs?: number;
  /** Tries in all, >= 1. Default 3. */
  readonly tries?: number;
  /** Longest body, before and after undoing its Content-Encoding. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Requests at once per origin. Default 8. */
  readonly concurrency?: number;
  readonly userAgent?: string;
  /** Statuses to which there is an answer: they do not say that the host is down. */
  readonly expected?: ReadonlySet<number>;
  /** Sent with every request, and kept from other origins that a redirect leads to. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Basic authentication; an address of the form http://user:password@host does the same. */
  readonly auth?: { readonly username: string; readonly password: string };
  readonly tls?: {
    /** False = any certificate is good enough. */
    readonly rejectUnauthorized?: boolean;
    /** Path of a file of certificates (PEM) that are trusted instead of the system's. */
    readonly caFile?: string;
  };
  /** Whether what upstreams set is sent back to them. Default: no. */
  readonly keepsCookies?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Uint8Array;
  /** Media type in lower case without parameters; '' when the server names none. */
  readonly contentType: string;
}

export interface HttpClient {
  /**
   * Gets an address, following up to 5 redirects and trying again after connection errors and 429, 502, 503, 504. Every final
   * status is an answer, not an error: see `requireOk`. A host that answered none of the last requests is left alone for up to half a minute.
   * @throws GatewayError UPSTREAM_TIMEOUT, UPSTREAM_FAILED (with cause); the signal's reason when aborted
   */
  get(url: string, options: GetOptions): Promise<HttpResponse>;
  /** Closes idle and busy connections. */
  close(): Promise<void>;
}

export interface GetOptions {
  readonly signal: AbortSignal;
  /** Of this request alone; wins over the client's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest body of this answer, where that is less than the client's. */
  readonly maxBytes?: number;
  /** Sent by POST, as the parameters of a form. A server that redirects it elsewhere gets them only on the same host, and with 307 or 308. */
  readonly form?: string;
}

const NONE: ReadonlySet<number> = new Set();
const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** RFC 9110, 15.4: those after which the method stays. */
const METHOD_STAYS: ReadonlySet<number> = new Set([307, 308]);
const FORM_TYPE = 'application/x-www-form-urlencoded';
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** A host that has not accepted a connection by then is down, not slow. */
const LONGEST_CONNECT_MS = 10_000;

type Headers = Readonly<Record<string, string>>;

/** What one try needs to know. */
interface Context {
  /** Made, and undici loaded, with the first request: threads that draw never ask, and a start is a tenth shorter. */
  agent(): Promise<Agent>;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly limiterOf: (origin: string) => Limiter;
  /** null = no cookies. */
  readonly cookies: CookieJar | null;
}

/** What is sent in one try. */
interface Sent {
  readonly headers: Headers;
  /** null = GET. */
  readonly form: string | null;
}

/** A client with its own connections, kept alive between requests. */
export function createHttpClient(options: HttpOptions = {}): HttpClient {
  const { timeoutMs = 60_000, tries = 3, maxBytes = DEFAULT_MAX_BYTES, concurrency = 8, userAgent = 'hips-gateway' } = options;
  let made: Promise<Agent> | null = null;
  const makeAgent = async (): Promise<Agent> => {
    const undici = await import('undici');
    const { caFile, ...tls } = options.tls ?? {};
    return new undici.Agent({
      connections: concurrency,
      headersTimeout: 0, // `send` counts the whole exchange
      bodyTimeout: 0,
      connect: { timeout: Math.min(timeoutMs, LONGEST_CONNECT_MS), ...tls, ...(caFile === undefined ? {} : { ca: await readFile(caFile, 'utf8') }) },
    });
  };
  /** A file that could not be read may be there the next time. */
  const forget = (error: unknown): never => {
    made = null;
    throw error;
  };
  const context: Context = { agent: () => (made ??= makeAgent().catch(forget)), timeoutMs, maxBytes, limiterOf: perOrigin(() => createLimiter(concurrency)), cookies: options.keepsCookies === true ? createCookieJar() : null };
  const ownHeaders: Headers = {
    'user-agent': userAgent,
    ...(options.auth === undefined ? {} : { authorization: basic(options.auth.username, options.auth.password) }),
    ...options.headers,
  };
  const breakerOf = perOrigin((origin) => createBreaker(origin, () => performance.now()));
  return {
    async get(url, { signal, headers, maxBytes: most = maxBytes, form = null }) {
      const { address, authorization } = parseAddress(url);
      const all = lowerCased({ ...authorization, ...ownHeaders, ...headers });
      const bounded: Context = { ...context, maxBytes: Math.min(most, maxBytes) };
      return watched(breakerOf(address.origin), options.expected ?? NONE, signal, (own) => withRetries(tries, own, () => follow(address, { headers: all, form }, own, bounded)));
    },
    close: async () => (await made?.catch(() => null))?.destroy(),
  };
}

/** The answer itself if its status is 2xx, else throws GatewayError UPSTREAM_FAILED; 504 is UPSTREAM_TIMEOUT. */
export function requireOk(response: HttpResponse, url: string): HttpResponse {
  if (response.status >= 200 && response.status < 300) return response;
  throw new GatewayError(response.status === 504 ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_FAILED', `${url} answered ${response.status}`);
}

/** One for each host. */
function perOrigin<T>(make: (origin: string) => T): (origin: string) => T {
  const made = new Map<string, T>();
  return (origin) => {
    const known = made.get(origin) ?? make(origin);
    made.set(origin, known);
    return known;
  };
}

/**
 * A request, unless its host is left alone. That a host is there is what counts, not what it says. The one that tries goes on when its client
 * leaves: a picture of several requests fails with the first that is refused, and would take it along each time.
 */
async function watched(breaker: Breaker, expected: ReadonlySet<number>, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<HttpResponse>): Promise<HttpResponse> {
  const own = breaker.check() ? new AbortController().signal : signal;
  const answer = heard(breaker, expected, own, ask(own));
  return own === signal ? answer : leaving(answer, signal);
}

async function heard(breaker: Breaker, expected: ReadonlySet<number>, signal: AbortSignal, asked: Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    const response = await asked;
    if (isDown(response.status) && !expected.has(response.status)) breaker.failed();
    else breaker.answered();
    return response;
  } catch (error) {
    if (!signal.aborted) breaker.failed();
    throw error;
  }
}

/** The same, until its client leaves. */
function leaving<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function parseAddress(url: string): { readonly address: URL; readonly authorization: Headers } {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new GatewayError('CONFIG_INVALID', `not an http or https address: ${url}`, { locator: 'url' });
  }
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const named = username !== '' || password !== '';
  const authorization: Headers = named
    ? { authorization: basic(decodeURIComponent(username), decodeURIComponent(password)) }
    : {};
  return { address, authorization };
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function lowerCased(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

async function withRetries(tries: number, signal: AbortSignal, once: () => Promise<HttpResponse>): Promise<HttpResponse> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await once().catch((error: unknown) => error);
    signal.throwIfAborted();
    if (outcome instanceof GatewayError) throw outcome;
    const response = isResponse(outcome) ? outcome : null;
    if (response !== null && !isPassing(response.status)) return response;
    const pause = attempt < tries ? pauseBefore(attempt, retryAfter(response), Date.now(), Math.random()) : null;
    if (pause === null) {
      if (response !== null) return response;
      throw connectionError(outcome);
    }
    await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

function isResponse(outcome: unknown): outcome is HttpResponse {
  return typeof outcome === 'object' && outcome !== null && 'bytes' in outcome;
}

function retryAfter(response: HttpResponse | null): string | undefined {
  const value = response?.headers['retry-after'];
  return Array.isArray(value) ? value[0] : value;
}

function connectionError(cause: unknown): GatewayError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const slow = cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_CONNECT_TIMEOUT';
  return new GatewayError(slow ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_FAILED', `no connection: ${text}`, { cause });
}

async function follow(start: URL, { headers, form }: Sent, signal: AbortSignal, context: Context): Promise<HttpResponse> {
  let [address, left] = [start, form];
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const own = address.origin === start.origin ? headers : { 'user-agent': headers['user-agent'] ?? '' };
    const sent: Sent = { headers: withCookies(own, context.cookies?.headerFor(address) ?? null), form: left };
    const response = await context.limiterOf(address.origin).run(signal, () => send(address, sent, signal, context));
    context.cookies?.take(address, response.headers['set-cookie']);
    const location = REDIRECT_STATUSES.has(response.status) ? response.headers['location'] : undefined;
    if (typeof location !== 'string') return response;
    const next = redirected(address, location);
    if (!METHOD_STAYS.has(response.status)) left = null;
    else if (left !== null && next.origin !== start.origin) throw new GatewayError('UPSTREAM_FAILED', `${address.href} redirects a POST to another host`);
    address = next;
  }
  throw new GatewayError('UPSTREAM_FAILED', `${start.href} redirects more than ${MAX_REDIRECTS} times`);
}

/** Those of the configuration first. */
function withCookies(headers: Headers, cookies: string | null): Headers {
  return cookies === null ? headers : { ...headers, cookie: [headers['cookie'] ?? [], cookies].flat().join('; ') };
}

function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (to !== null && /^https?:$/.test(to.protocol)) return to;
  throw new GatewayError('UPSTREAM_FAILED', `${from.href} redirects to ${location}, which is not an http or https address`);
}

/** One request and its whole body, within timeoutMs. */
async function send(address: URL, sent: Sent, signal: AbortSignal, context: Context): Promise<HttpResponse> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(timeoutError(address, context.timeoutMs)), context.timeoutMs);
  const giveUp = () => abort.abort(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await exchange(address, sent, abort, context);
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

function timeoutError(address: URL, timeoutMs: number): GatewayError {
  return new GatewayError('UPSTREAM_TIMEOUT', `${address.href} did not answer within ${timeoutMs} ms`);
}

async function exchange(address: URL, { headers, form }: Sent, abort: AbortController, context: Context): Promise<HttpResponse> {
  const { maxBytes } = context;
  const { request } = await import('undici');
  const posted = form === null ? { headers } : { method: 'POST' as const, body: form, headers: { ...headers, 'content-type': FORM_TYPE } };
  const answer = await request(address, { dispatcher: await context.agent(), ...posted, signal: abort.signal });
  try {
    const announced = Number(answer.headers['content-length'] ?? 0);
    if (announced > maxBytes) {
      throw new GatewayError('UPSTREAM_FAILED', `${address.href} sends ${announced} bytes, ${maxBytes} are allowed`);
    }
    const body = await readBounded(answer.body, maxBytes);
    const coding = answer.headers['content-encoding'];
    const bytes = await decodeContent(body, Array.isArray(coding) ? coding[0] : coding, maxBytes);
    return { status: answer.statusCode, headers: answer.headers, bytes, contentType: mediaType(answer.headers['content-type']) };
  } catch (error) {
    answer.body.on('error', () => {}).destroy();
    throw error;
  }
}

function mediaType(header: string | string[] | undefined): string {
  const value = Array.isArray(header) ? header[0] : header;
  return (value ?? '').split(';')[0]!.trim().toLowerCase();
}
