import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer } from '../../src/server/main.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { codec } from '../support/analyticHips.ts';

/**
 * A server that takes over a changed configuration. Dangers: a slip of the pen takes a running service down, a request under way is cut or
 * answered by halves of two configurations, nobody is told that the file on disk is not what is served.
 */
const TOKEN = 'a token of sixteen letters';
let directory: string;
let file: string;
let upstream: Upstream;
let release: () => void;
let closing: (() => Promise<void>) | null = null;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-reload-'));
  file = path.join(directory, 'gateway.yaml');
  const released = new Promise<void>((resolve) => (release = resolve));
  upstream = await startUpstream(async (request, response) => {
    await released;
    const query = new URL(request.url!, 'http://x').searchParams;
    const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
    const data = new Uint8Array(width * height * 4).fill(255);
    response.end(await codec.encode({ width, height, data, opaque: true }, 'image/png', { quality: 90, background: 0 }));
  });
});

afterEach(async () => {
  release();
  await closing?.();
  closing = null;
  await upstream.close();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

function write(layer: string, rest = ''): void {
  writeFileSync(file, `
services: {wms: {srs: ['EPSG:4326']}}
layers: [{name: ${layer}, title: A layer, sources: [s]}]
sources: {s: {type: wms, req: {url: '${upstream.url}/?', layers: x}, supported_srs: ['EPSG:4326']}}
globals: {cache: {base_dir: ${directory}/cache}}
server: {host: 127.0.0.1, threads: 0, log_level: silent, admin_token: '${TOKEN}'}
${rest}`);
}

/** The address, from the line that is printed. */
async function start(options: { readonly watch?: boolean } = {}): Promise<string> {
  const lines: string[] = [];
  const { write: before } = process.stdout;
  process.stdout.write = ((text: string) => lines.push(text) > 0) as typeof before;
  try {
    const server = await startServer({ configFile: file, port: 0, ...options });
    closing = () => server.close();
  } finally {
    process.stdout.write = before;
  }
  return /http:\/\/localhost:\d+/.exec(lines.join(''))![0].replace('localhost', '127.0.0.1');
}

const get = async (url: string, options: RequestInit = {}): Promise<{ readonly status: number; readonly text: string }> => {
  const answer = await fetch(url, options);
  return { status: answer.status, text: await answer.text() };
};
const layers = async (url: string): Promise<readonly string[]> =>
  [...(await get(`${url}/service?SERVICE=WMS&REQUEST=GetCapabilities`)).text.matchAll(/<Name>(\w+)<\/Name>/g)].map((match) => match[1]!).filter((name) => !['WMS', 'OGC', 'default'].includes(name));
const reload = (url: string, token = TOKEN): Promise<{ readonly status: number; readonly text: string }> =>
  get(`${url}/admin/reload`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
const metric = async (url: string, name: string): Promise<number> => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec((await get(`${url}/metrics`)).text)?.[1]);
const mapOf = (layer: string): string => `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=EPSG:4326&BBOX=0,0,10,10&WIDTH=64&HEIGHT=64&FORMAT=image/png`;

describe('POST /admin/reload', () => {
  it('takes over the new file; who sends no token is refused', async () => {
    write('first');
    const url = await start();
    write('second');
    expect((await reload(url, 'another token, also long')).status).toBe(401);
    expect((await get(`${url}/admin/reload`, { method: 'POST' })).status).toBe(401);
    expect((await get(`${url}/admin/reload`)).status).toBe(404);
    expect(await layers(url)).toEqual(['first']);
    expect(await reload(url)).toMatchObject({ status: 200 });
    expect(await layers(url)).toEqual(['second']);
    expect((await get(`${url}/ready`)).text).toBe('ready\n');
    expect(await metric(url, 'hips_gateway_config_reloads_total\\{result="done"\\}')).toBe(1);
  });

  it('a file with mistakes changes nothing: told to the operator with their places, at /ready and in the metrics, until it is mended', async () => {
    write('first');
    const url = await start();
    write('second', 'layer: []\n');
    const refused = await reload(url);
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/gateway\.yaml:\d+:\d+.*layer/);
    expect(await layers(url)).toEqual(['first']);
    const ready = await get(`${url}/ready`);
    expect(ready).toMatchObject({ status: 200, text: expect.stringMatching(/has mistakes/) });
    expect(ready.text).not.toContain(directory);
    expect(await metric(url, 'hips_gateway_config_failed')).toBe(1);
    write('third');
    expect((await reload(url)).status).toBe(200);
    expect(await metric(url, 'hips_gateway_config_failed')).toBe(0);
    expect(await layers(url)).toEqual(['third']);
  });

  it('requests under way finish on what they began with; those that come see only the new', async () => {
    write('first');
    const url = await start();
    const underWay = fetch(`${url}${mapOf('first')}`);
    await expect.poll(() => upstream.requests.length, { timeout: 5000 }).toBeGreaterThan(0);
    write('second');
    expect((await reload(url)).status).toBe(200);
    expect((await get(`${url}${mapOf('first')}`)).text).toMatch(/LayerNotDefined/);
    release();
    const answer = await underWay;
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await codec.decode(new Uint8Array(await answer.arrayBuffer()))).data[0]).toBe(255);
    expect((await get(`${url}${mapOf('second')}`)).status).toBe(200);
  });

  it('is not there without a token in the configuration', async () => {
    write('first');
    writeFileSync(file, (await import('node:fs')).readFileSync(file, 'utf8').replace(/, admin_token: '[^']*'/, ''));
    const url = await start();
    expect((await reload(url)).status).toBe(405);
  });
});

describe('other ways', () => {
  it('SIGHUP', async () => {
    write('first');
    const url = await start();
    write('second');
    process.emit('SIGHUP');
    await expect.poll(() => layers(url), { timeout: 10_000 }).toEqual(['second']);
  });

  it('--watch: as soon as the file changes, also when it is replaced by another', async () => {
    write('first');
    const url = await start({ watch: true });
    await new Promise((resolve) => setTimeout(resolve, 700));
    write('second');
    await expect.poll(() => layers(url), { timeout: 10_000 }).toEqual(['second']);
    rmSync(file);
    write('third_one');
    await expect.poll(() => layers(url), { timeout: 10_000 }).toEqual(['third_one']);
  });
});
