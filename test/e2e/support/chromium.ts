import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputMatch, start, stop } from './process.ts';

/** One request that a page made (data: and blob: addresses are none). status is null until answered, 0 when it failed. */
export interface PageRequest {
  readonly url: string;
  status: number | null;
}

export interface Page {
  readonly requests: readonly PageRequest[];
  /** Uncaught exceptions and console.error, as text. */
  readonly errors: readonly string[];
  /** Value of a JavaScript expression in the page; promises are awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until the expression is true. */
  waitFor(expression: string, timeoutMs?: number): Promise<void>;
  /** Waits until every request has been answered and nothing went over the network for `quietMs`. */
  settle(quietMs?: number): Promise<void>;
  /** PNG of the first element that the CSS selector finds, scrolled to if need be. */
  screenshot(selector: string): Promise<Buffer>;
  close(): Promise<void>;
}

export interface Browser {
  open(url: string): Promise<Page>;
  close(): Promise<void>;
}

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--remote-debugging-port=0',
  '--no-first-run',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--disable-renderer-backgrounding', // a page that nobody looks at draws all the same
  '--disable-backgrounding-occluded-windows',
  '--disable-background-timer-throttling',
  '--enable-unsafe-swiftshader', // WebGL 2 without a graphics card
];

/** Starts headless Chromium with an empty profile, driven over its DevTools protocol. */
export async function startBrowser(width: number, height: number): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'hips-gateway-chromium-'));
  const process_ = start('chromium', [...FLAGS, `--user-data-dir=${profile}`, `--window-size=${width},${height}`, 'about:blank']);
  const [, address] = await outputMatch(process_, /DevTools listening on (ws:\S+)/, 60_000);
  const tools = await connect(String(address));
  return {
    open: (url) => openPage(tools, url, width, height),
    close: async () => {
      tools.socket.close();
      await stop(process_);
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

type Json = { readonly [key: string]: unknown };
type Listener = (method: string, params: Json) => void;

interface DevTools {
  readonly socket: WebSocket;
  send(method: string, params: Json, sessionId?: string): Promise<Json>;
  listen(sessionId: string, listener: Listener): void;
}

async function connect(address: string): Promise<DevTools> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, { resolve: (result: Json) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Listener>();
  socket.addEventListener('message', (event) => {
    const message = JSON.parse(String(event.data)) as { id?: number; sessionId?: string; method?: string; params?: Json; result?: Json; error?: Json };
    if (message.id === undefined) {
      listeners.get(message.sessionId ?? '')?.(message.method ?? '', message.params ?? {});
      return;
    }
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) caller?.reject(new Error(JSON.stringify(message.error)));
    else caller?.resolve(message.result ?? {});
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let count = 0;
  return {
    socket,
    listen: (sessionId, listener) => listeners.set(sessionId, listener),
    send: (method, params, sessionId) =>
      new Promise((resolve, reject) => {
        count += 1;
        waiting.set(count, { resolve, reject });
        socket.send(JSON.stringify({ id: count, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
      }),
  };
}

async function openPage(tools: DevTools, url: string, width: number, height: number): Promise<Page> {
  const { targetId } = await tools.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await tools.send('Target.attachToTarget', { targetId, flatten: true });
  const send = (method: string, params: Json = {}): Promise<Json> => tools.send(method, params, String(sessionId));
  const log = collect(tools, String(sessionId));
  for (const domain of ['Network', 'Runtime', 'Page']) await send(`${domain}.enable`);
  await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
  await send('Page.bringToFront');
  await send('Page.navigate', { url });

  const evaluate = async (expression: string): Promise<unknown> => {
    const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (answer['exceptionDetails']) throw new Error(`${expression}: ${JSON.stringify(answer['exceptionDetails'])}`);
    return (answer['result'] as Json)['value'];
  };
  return {
    requests: log.requests,
    errors: log.errors,
    evaluate,
    waitFor: (expression, timeoutMs = 60_000) => until(async () => (await evaluate(expression)) === true, timeoutMs, `${expression}\n${log.errors.join('\n')}`),
    settle: (quietMs = 1500) => until(() => Promise.resolve(log.quietFor() > quietMs), 120_000, 'a quiet network'),
    screenshot: async (selector) => {
      const box = (await evaluate(boxOf(selector))) as Json;
      const { data } = await send('Page.captureScreenshot', { format: 'png', clip: { ...box, scale: 1 } });
      return Buffer.from(String(data), 'base64');
    },
    close: async () => void (await tools.send('Target.closeTarget', { targetId })),
  };
}

/** Expression for the place of an element in its page, CSS pixels, after scrolling to it. */
function boxOf(selector: string): string {
  return `(() => {
    const element = document.querySelector(${JSON.stringify(selector)});
    element.scrollIntoView();
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + scrollX, y: top + scrollY, width, height };
  })()`;
}

function collect(tools: DevTools, sessionId: string): { requests: PageRequest[]; errors: string[]; quietFor: () => number } {
  const byId = new Map<unknown, PageRequest>();
  const unfinished = new Set<unknown>();
  const requests: PageRequest[] = [];
  const errors: string[] = [];
  let active = performance.now();
  const on: { readonly [method: string]: (params: Json) => void } = {
    'Network.requestWillBeSent': (params) => {
      const request: PageRequest = { url: String((params['request'] as Json)['url']), status: null };
      if (/^(data|blob):/.test(request.url)) return;
      byId.set(params['requestId'], request);
      unfinished.add(params['requestId']);
      requests.push(request);
    },
    'Network.responseReceived': (params) => setStatus(byId.get(params['requestId']), Number((params['response'] as Json)['status'])),
    'Network.loadingFailed': (params) => {
      unfinished.delete(params['requestId']);
      setStatus(byId.get(params['requestId']), 0);
    },
    'Network.loadingFinished': (params) => void unfinished.delete(params['requestId']),
    'Runtime.exceptionThrown': (params) => errors.push(JSON.stringify(params['exceptionDetails'])),
    'Runtime.consoleAPICalled': (params) => {
      if (params['type'] === 'error') errors.push(JSON.stringify(params['args']));
    },
  };
  tools.listen(sessionId, (method, params) => {
    if (method.startsWith('Network.')) active = performance.now();
    on[method]?.(params);
  });
  return { requests, errors, quietFor: () => (unfinished.size > 0 ? 0 : performance.now() - active) };
}

function setStatus(request: PageRequest | undefined, status: number): void {
  if (request) request.status ??= status;
}

async function until(condition: () => Promise<boolean>, timeoutMs: number, what: string): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
