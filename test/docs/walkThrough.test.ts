import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import { readPairs } from '../../src/protocol/hips/pairs.ts';
import { runGateway, type RunningServer } from '../../src/server/running.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';

/** Danger: the commands of docs/from-mapproxy.md do not do what it says with the plugin's own file. */
const TEXT = readFileSync(fileURLToPath(new URL('../../docs/from-mapproxy.md', import.meta.url)), 'utf8');
const [, SECTION = ''] = /^## The README of mapproxy_hips.*?$(.*?)^## /ms.exec(TEXT) ?? [];
const COMMANDS = [...SECTION.matchAll(/^ {4}(\S.*)$/gm)].map(([, line]) => line!);
const FILE = 'mapproxy_hips/hips_examples/ogc_as_hips/mapproxy.yaml';

/** What is in the plugin's file, but for the address and the place of the cache. */
const exampleFile = (url: string): string => `
services: {demo: , hips: {resampling_method: bilinear}}
layers:
  - {name: mars_wms, title: MARS, sources: [mars_wms], md: {hips: {creator_did: ivo://unknown.authority/mars_wms, obs_title: MARS MOLA color, foo: bar}}}
  - {name: mars_tiled_geodetic, title: 'MARS, using internal cache', sources: [mars_tiled_geodetic], md: {hips: {creator_did: ivo://unknown.authority/mars_wms}}}
caches: {mars_tiled_geodetic: {grids: [geodetic], sources: [mars_wms]}}
sources: {mars_wms: {type: wms, req: {url: '${url}/cgi-bin/mapserv?map=/maps/mars/mars_simp_cyl.map&', layers: MOLA_color}}}
grids: {geodetic: {origin: nw, base: GLOBAL_GEODETIC}}
globals:
`;

let directory = '';
let upstream: Upstream;
let server: RunningServer | null = null;
let out = '';

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-walk-'));
  upstream = await startUpstream(async (request, response) => {
    const query = new Map([...new URL(request.url!, 'http://x').searchParams].map(([key, value]) => [key.toLowerCase(), value]));
    const [width, height] = [Number(query.get('width')), Number(query.get('height'))];
    response.end(await sharp({ create: { width, height, channels: 3, background: '#c1440e' } }).png().toBuffer());
  });
  mkdirSync(path.join(directory, path.dirname(FILE)), { recursive: true });
  writeFileSync(path.join(directory, FILE), exampleFile(upstream.url));
});
afterAll(async () => {
  await server?.close();
  await upstream.close();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

/** A command as a shell would run it in the folder; resolves with what it prints or writes. */
async function runLine(line: string): Promise<Buffer> {
  const [program, ...words] = line.replace(/ &$/, '').replace(/ > \S+$/, '').split(' ');
  if (program === 'curl') return Buffer.from(await (await fetch(words[0]!.replace('http://localhost:8080', server!.url))).arrayBuffer());
  expect(program).toBe('hips-gateway');
  if (words[0] === 'serve') {
    const gateway = await buildGateway(loadConfig(path.join(directory, words[1]!)), { threads: 0, report: (error) => { throw error; } });
    server = await runGateway(gateway, { host: '127.0.0.1', port: 0, logger: null, graceMs: 100 });
    return Buffer.from('');
  }
  out = '';
  const args = words.map((word) => (word.endsWith('.yaml') || word === 'mars-hips' ? path.join(directory, word) : word));
  expect([line, await runCli(args)]).toEqual([line, 0]);
  return Buffer.from(out);
}

describe("the walk-through of mapproxy_hips' README", () => {
  it('has the steps that are tested here', () => {
    expect(COMMANDS.map((line) => line.split(' ').slice(0, 2).join(' ').replace(/http.*/, 'ADDRESS'))).toEqual([
      'git clone', 'hips-gateway check', 'hips-gateway serve', 'curl ADDRESS', 'curl ADDRESS', 'curl ADDRESS', 'hips-gateway grids', 'hips-gateway export',
    ]);
  });

  it('works word for word', async () => {
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const results: Buffer[] = [];
    for (const line of COMMANDS.slice(1)) results.push(await runLine(line));
    vi.restoreAllMocks();
    const [check, , properties, tile, allsky, grids, exported] = results as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
    expect(check.toString()).toMatch(/mapproxy\.yaml: no mistakes/);
    const pairs = readPairs(properties.toString());
    expect([pairs.get('creator_did'), pairs.get('obs_title'), pairs.get('hips_version')]).toEqual(['ivo://unknown.authority/mars_wms', 'MARS, using internal cache', '1.4']);
    expect((await sharp(tile).stats()).channels.slice(0, 3).map(({ min, max }) => [min, max])).toEqual([[193, 193], [68, 68], [14, 14]]);
    expect((await sharp(allsky).metadata())).toMatchObject({ format: 'jpeg', width: 6 * 64, height: 8 * 64 });
    expect(grids.toString()).toMatch(/^geodetic:\n[\s\S]*origin: 'nw'/);
    expect(exported.toString()).toMatch(/60 tiles written/);
    for (const name of ['properties', 'Moc.fits', 'Norder1/Dir0/Npix47.png', 'Norder1/Allsky.png']) expect(existsSync(path.join(directory, 'mars-hips', name)), name).toBe(true);
    expect(readPairs(readFileSync(path.join(directory, 'mars-hips/properties'), 'utf8')).get('foo')).toBe('bar');
  });
});
