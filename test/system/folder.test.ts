import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer } from '../../src/server/main.ts';

/**
 * A folder of configurations, each below its name. Dangers: an address in a document leads out of its configuration, into another or
 * nowhere; pixels of one are sent for another, whose layers have the same names and keys; one file with a mistake takes the others down;
 * what a file says is served after it has gone; names that are for nobody are told.
 */
const COLOURS = { moon: [200, 40, 40], mars: [30, 60, 210] } as const;
const NEVER_TOLD = 'a token of sixteen letters';
let directory: string;
let closing: (() => Promise<void>) | null = null;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-folder-'));
  mkdirSync(path.join(directory, 'data'));
  for (const [body, [r, g, b]] of Object.entries(COLOURS)) {
    await sharp({ create: { width: 256, height: 128, channels: 3, background: { r, g, b } } }).png().toFile(path.join(directory, 'data', `${body}.png`));
  }
  write('moon');
  write('mars');
});

afterEach(async () => {
  await closing?.();
  closing = null;
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

/** Both have the same names of layers, caches and sources. */
function write(body: 'moon' | 'mars', { name = body as string, layer = 'map', threads = 0 } = {}): void {
  writeFileSync(path.join(directory, `${name}.yaml`), `
services: {hips: , wms: , wmts: , tms: , kml: , ogcapi: , demo: }
layers: [{name: ${layer}, title: The ${body}, sources: [c], md: {hips: {hips_body: ${body}}}}]
caches: {c: {sources: [s], grids: [${body.toUpperCase()}_GEOGRAPHIC]}}
sources: {s: {type: image, url: data/${body}.png, srs: 'IAU_2015:${body === 'moon' ? 30100 : 49900}', bbox: [-180, -90, 180, 90]}}
globals: {cache: {base_dir: cache_${name}}}
server: {threads: ${threads}, log_level: silent, admin_token: '${NEVER_TOLD}'}
`);
}

async function start(options: { readonly watch?: boolean; readonly isListed?: boolean } = {}): Promise<{ readonly url: string; readonly printed: string }> {
  const lines: string[] = [];
  const { write: before } = process.stdout;
  process.stdout.write = ((text: string) => lines.push(text) > 0) as typeof before;
  try {
    const server = await startServer({ configDir: directory, isListed: true, host: '127.0.0.1', port: 0, ...options });
    closing = () => server.close();
  } finally {
    process.stdout.write = before;
  }
  const printed = lines.join('');
  return { url: /http:\/\/localhost:\d+/.exec(printed)![0].replace('localhost', '127.0.0.1'), printed };
}

const get = async (url: string, options: RequestInit = {}): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> => {
  const answer = await fetch(url, options);
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};
const mapOf = (layer = 'map'): string => `service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=EPSG:4326&BBOX=0,0,10,10&WIDTH=64&HEIGHT=64&FORMAT=image/png`;

async function colourAt(url: string): Promise<readonly number[]> {
  const answer = await fetch(url);
  expect(answer.status, url).toBe(200);
  const { data, info } = await sharp(new Uint8Array(await answer.arrayBuffer())).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const middle = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * 3;
  return [...data.subarray(middle, middle + 3)];
}

/** Absolute addresses of a document that are this server's. */
function addressesIn(text: string, url: string): readonly string[] {
  return [...text.replaceAll('&amp;', '&').matchAll(/https?:\/\/127\.0\.0\.1:\d+[^\s"'<>\\]*/g)].map(([found]) => found).filter((found) => found.startsWith(url));
}

const filled = (address: string): string => address.replaceAll(/\{\w*(?:Row|Col)\}|\{[xyz]\}/g, '0').replaceAll(/\{TileMatrix\}/gi, '0').replaceAll(/\{(?:I|J)\}/g, '1');

describe('two configurations', () => {
  it('every service of each is below its name, with its own pixels, also when they come from memory', async () => {
    const { url, printed } = await start();
    expect(printed).toMatch(/mars {2}http:\S+\/mars\/\n {2}moon {2}http:\S+\/moon\/\n/);
    for (const body of ['moon', 'mars'] as const) {
      const paths = [mapOf(), 'hips/map/Norder0/Dir0/Npix4.png', `tiles/map/${body.toUpperCase()}_GEOGRAPHIC/0/0/0.png`, `wmts/map/${body.toUpperCase()}_GEOGRAPHIC/0/0/0.png`, 'ogcapi/collections/map/map?f=png'];
      for (const one of [...paths, ...paths]) expect(await colourAt(`${url}/${body}/${one}`), `${body} ${one}`).toEqual(COLOURS[body]);
    }
  });

  it.each(['moon', 'mars'] as const)('every address that a document of %s names carries the prefix and is answered', async (body) => {
    const { url } = await start();
    const root = `${url}/${body}`;
    const grid = `${body.toUpperCase()}_GEOGRAPHIC`;
    const documents = [
      'service?SERVICE=WMS&REQUEST=GetCapabilities', 'service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1', 'service?SERVICE=WMTS&REQUEST=GetCapabilities', 'wmts/1.0.0/WMTSCapabilities.xml',
      'hips/list', 'hips/map/properties', `tiles/map/${grid}.json`, 'tms/1.0.0', `tms/1.0.0/map/${grid}`, 'kml/map', 'ogcapi?f=json', 'ogcapi/collections?f=json', 'ogcapi/collections/map?f=json', 'ogcapi/api?f=json', 'hips/map/', 'demo/', '',
    ];
    let followed = 0;
    for (const document of documents) {
      const { status, text } = await get(`${root}/${document}`);
      expect(status, document).toBe(200);
      for (const address of new Set(addressesIn(text, url))) {
        expect(address, document).toMatch(new RegExp(`^${root}(?:/|$)`));
        if (/\{(?!\w*(?:Row|Col)|[xyz]|TileMatrix|I|J)/.test(address) || /[?]$/.test(address) || /[{]/.test(filled(address))) continue;
        followed++;
        expect([200, 400, 404].includes((await fetch(filled(address))).status), address).toBe(true);
      }
    }
    expect(followed).toBeGreaterThan(10);
    expect(addressesIn((await get(`${root}/hips/list`)).text, url)).toContain(`${root}/hips/map`);
    expect((await get(`${root}/hips/map/properties`)).text).toMatch(new RegExp(`hips_service_url\\s*= ${root}/hips/map\n`));
  });

  it('layers of the same name in two files are two HiPS: viewers show only the first of two that share an identifier', async () => {
    const { url } = await start();
    const didOf = async (name: string): Promise<string | undefined> => /^creator_did\s*= (.*)$/m.exec((await get(`${url}/${name}/hips/map/properties`)).text)?.[1];
    expect([await didOf('moon'), await didOf('mars')]).toEqual(['ivo://localhost/P/moon/map', 'ivo://localhost/P/mars/map']);
  });

  it.each(['moon/', 'moon/demo/', 'moon/hips/map/', '/moon//demo/'])('what the page %s loads is below the prefix and there', async (page) => {
    const { url } = await start();
    const { text } = await get(`${url}/${page}`);
    const links = [...text.matchAll(/(?:href|src|data-script|data-style)="([^"]+)"/g)].map((match) => match[1]!.replaceAll('&amp;', '&'));
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) {
      const address = new URL(link, `${url}/${page}`);
      expect(address.pathname, link).toMatch(/^\/+moon\//);
      expect((await fetch(address)).status, link).toBe(200);
    }
  });

  it('a name alone is a folder, its query goes along; an unknown one is 404', async () => {
    const { url } = await start();
    expect(await get(`${url}/moon`)).toMatchObject({ status: 200, text: expect.stringContaining('The moon') });
    const answer = await fetch(`${url}/moon?a=1`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([301, './moon/?a=1']);
    expect((await get(`${url}/%6Doon/hips/list`)).status).toBe(200);
    for (const other of ['venus/', 'Moon/', 'moon%2f', '%ff/', 'hips/list', 'service?REQUEST=GetCapabilities', 'demo/']) expect((await get(`${url}/${other}`)).status, other).toBe(404);
  });

  it('behind a proxy, and with a public address, the prefix follows', async () => {
    writeFileSync(path.join(directory, 'public.yaml'), `services: {hips: }\nlayers: [{name: map, sources: [s]}]\nsources: {s: {type: debug}}\nserver: {threads: 0, log_level: silent, public_url: 'https://maps.example.org/planets/'}\n`);
    writeFileSync(path.join(directory, 'proxied.yaml'), `services: {hips: }\nlayers: [{name: map, sources: [s]}]\nsources: {s: {type: debug}}\nserver: {threads: 0, log_level: silent, trust_proxy: true}\n`);
    const { url } = await start();
    expect((await get(`${url}/public/hips/list`)).text).toContain('https://maps.example.org/planets/public/hips/map\n');
    const headers = { 'x-forwarded-host': 'front.example.org', 'x-forwarded-proto': 'https' };
    expect((await get(`${url}/proxied/hips/list`, { headers })).text).toContain('https://front.example.org/proxied/hips/map\n');
    expect((await get(`${url}/proxied/hips/list`, { headers: { ...headers, 'x-script-name': '/all' } })).text).toContain('https://front.example.org/all/proxied/hips/map\n');
  });

  it('rendering threads are common to both, and draw for each what is its own', async () => {
    for (const body of ['moon', 'mars'] as const) write(body, { threads: 3 });
    const { url } = await start();
    const asked = (['moon', 'mars', 'moon', 'mars'] as const).flatMap((body) => [0, 4, 9].map((npix) => [body, npix] as const));
    await Promise.all(asked.map(async ([body, npix]) => expect(await colourAt(`${url}/${body}/hips/map/Norder0/Dir0/Npix${npix}.png`)).toEqual(COLOURS[body])));
  });
});

describe('the root', () => {
  it('lists what is served, with the titles; what has mistakes is named as such', async () => {
    writeFileSync(path.join(directory, 'broken.yaml'), 'layer: []\n');
    const { url, printed } = await start();
    expect(printed).toMatch(/broken {2}is not served/);
    const { text, headers } = await get(`${url}/`);
    expect([...text.matchAll(/<a href="(\.\/\w+\/)">([^<]*)</g)].map((match) => match.slice(1))).toEqual([['./mars/', 'hips-gateway'], ['./moon/', 'hips-gateway']]);
    expect(text).toMatch(/<h2>broken<\/h2>/);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    for (const link of [...text.matchAll(/(?:href|src)="([^"]+)"/g)].map((match) => match[1]!)) expect((await fetch(new URL(link, `${url}/`))).status, link).toBe(200);
  });

  it('lists nothing where that is forbidden, at no address', async () => {
    writeFileSync(path.join(directory, 'broken.yaml'), 'layer: []\n');
    const { url } = await start({ isListed: false });
    for (const at of ['', 'ready', 'health', 'venus/']) expect((await get(`${url}/${at}`)).text, at).not.toMatch(/moon|mars|broken/);
    expect((await get(`${url}/moon/hips/list`)).status).toBe(200);
  });

  it('a file with mistakes stops none of the others: 503 below its name, told at /ready and in the metrics; nothing of its place leaks', async () => {
    writeFileSync(path.join(directory, 'broken.yaml'), 'layer: []\n');
    const { url } = await start();
    const answer = await get(`${url}/broken/service?REQUEST=GetCapabilities`);
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('access-control-allow-origin')]).toEqual([503, 'no-store', '*']);
    expect(answer.text).not.toContain(directory);
    expect(await colourAt(`${url}/moon/${mapOf()}`)).toEqual(COLOURS.moon);
    expect(await get(`${url}/ready`)).toMatchObject({ status: 200, text: 'ready, but 1 of 3 configurations has mistakes, which are in the log\n' });
    expect(await get(`${url}/moon/ready`)).toMatchObject({ status: 200, text: 'ready\n' });
    expect((await get(`${url}/health`)).status).toBe(200);
    const metrics = (await get(`${url}/metrics`)).text;
    expect(metrics).toMatch(/^hips_gateway_config_failed\{config="broken"\} 1$/m);
    expect(metrics).toMatch(/^hips_gateway_config_failed\{config="moon"\} 0$/m);
    expect(metrics).toMatch(/^hips_gateway_requests_total\{config="moon",service="service",code="200"\} 1$/m);
    expect(metrics).not.toMatch(/hips_gateway_requests_total\{config="mars"/);
    expect(metrics.match(/^# TYPE hips_gateway_requests_total /gm)).toHaveLength(1);
  });

  it('is not ready where nothing can be served', async () => {
    for (const body of ['moon', 'mars']) writeFileSync(path.join(directory, `${body}.yaml`), 'layer: []\n');
    const { url } = await start();
    expect(await get(`${url}/ready`)).toMatchObject({ status: 503, text: expect.stringMatching(/2 of 2 configurations have mistakes/) });
    expect((await get(`${url}/health`)).status).toBe(200);
  });
});

describe('names', () => {
  it.each(['the moon', 'möon', 'a%2fb', '-rf', 'x'.repeat(129), 'health', 'web'])('%s is refused at the start', async (name) => {
    write('moon', { name });
    await expect(start()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(`${name}.yaml`) });
  });

  it('two files of one name are; hidden files, other endings and folders are nobody\'s business', async () => {
    for (const other of ['.hidden.yaml', 'notes.txt', 'moon.yaml.bak']) writeFileSync(path.join(directory, other), 'x');
    mkdirSync(path.join(directory, 'folder.yaml'));
    expect((await start()).printed).not.toMatch(/hidden|notes|bak|folder\.yaml|folder {2}/);
    await closing?.();
    closing = null;
    writeFileSync(path.join(directory, 'moon.YAML'), 'x');
    await expect(start()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/another file of this name/) });
  });

  it('no folder', async () => {
    await expect(startServer({ configDir: path.join(directory, 'nothing'), isListed: true, port: 0 })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/is not a folder/) });
  });
});

const layersOf = async (url: string): Promise<string> => (await get(`${url}/hips/list`)).text.match(/\/hips\/(\w+)$/m)?.[1] ?? '';

describe('changes', () => {
  it('the admin address of one reloads that one', async () => {
    const { url } = await start();
    write('moon', { layer: 'other' });
    write('mars', { layer: 'other' });
    const headers = { authorization: `Bearer ${NEVER_TOLD}` };
    expect((await fetch(`${url}/moon/admin/reload`, { method: 'POST', headers })).status).toBe(200);
    expect([await layersOf(`${url}/moon`), await layersOf(`${url}/mars`)]).toEqual(['other', 'map']);
    writeFileSync(path.join(directory, 'moon.yaml'), 'layer: []\n');
    expect((await fetch(`${url}/moon/admin/reload`, { method: 'POST', headers })).status).toBe(422);
    expect(await layersOf(`${url}/moon`)).toBe('other');
    expect((await get(`${url}/moon/ready`)).text).toMatch(/has mistakes/);
    expect((await fetch(`${url}/admin/reload`, { method: 'POST', headers })).status).toBe(405);
  });

  it('SIGHUP reads all again, and finds what came and went', async () => {
    const { url } = await start();
    write('moon', { layer: 'other' });
    write('mars', { name: 'red' });
    rmSync(path.join(directory, 'mars.yaml'));
    process.emit('SIGHUP');
    await expect.poll(() => layersOf(`${url}/moon`), { timeout: 10_000 }).toBe('other');
    await expect.poll(async () => (await get(`${url}/mars/`)).status, { timeout: 10_000 }).toBe(404);
    expect(await colourAt(`${url}/red/${mapOf()}`)).toEqual(COLOURS.mars);
  });

  it('--watch follows files that come, change, are mended and go; a bad name that comes is not served and hurts nobody', async () => {
    const { url } = await start({ watch: true });
    writeFileSync(path.join(directory, 'new.yaml'), 'layer: []\n');
    await expect.poll(async () => (await get(`${url}/new/`)).status, { timeout: 10_000 }).toBe(503);
    write('mars', { name: 'new' });
    await expect.poll(async () => (await get(`${url}/new/`)).status, { timeout: 10_000 }).toBe(200);
    expect(await colourAt(`${url}/new/${mapOf()}`)).toEqual(COLOURS.mars);
    write('moon', { name: 'a b' });
    renameSync(path.join(directory, 'new.yaml'), path.join(directory, 'newer.yaml'));
    await expect.poll(async () => (await get(`${url}/newer/`)).status, { timeout: 10_000 }).toBe(200);
    expect((await get(`${url}/new/`)).status).toBe(404);
    expect((await get(`${url}/a%20b/`)).status).toBe(404);
    expect(await colourAt(`${url}/moon/${mapOf()}`)).toEqual(COLOURS.moon);
  });
});

/** The line that tells where it listens. */
async function listening(child: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of child.stdout!) {
    said += String(chunk);
    const url = /http:\/\/localhost:\d+/.exec(said)?.[0];
    if (url !== undefined && said.includes('/moon/')) return url.replace('localhost', '127.0.0.1');
  }
  throw new Error(`it ended: ${said}`);
}

describe('the command', () => {
  it('serves a folder from several processes, of which all follow', async () => {
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, 'serve', '--config-dir', directory, '--workers', '2', '--host', '127.0.0.1', '--port', '0', '--watch'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const url = await listening(child);
      for (let i = 0; i < 4; i++) expect(await colourAt(`${url}/mars/${mapOf()}`)).toEqual(COLOURS.mars);
      write('moon', { name: 'second' });
      const statuses = async (): Promise<number[]> => Promise.all(Array.from({ length: 8 }, async () => (await fetch(`${url}/second/`, { headers: { connection: 'close' } })).status));
      await expect.poll(statuses, { timeout: 20_000 }).toEqual(Array.from({ length: 8 }, () => 200));
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });
});
