import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, getBytes, ROOT, startGateway } from './support/gateway.ts';
import { difference, readPicture } from './support/pixels.ts';
import { run } from './support/process.ts';

/** Cloud Optimized GeoTIFFs as GDAL writes them, read by ranges from a web server. */
let folder: string;
let server: Server;
let gateway: Gateway;
let sent = 0;

/** GDAL's options of each file: heights of -9000..10000 instead of brightnesses, and colours. */
const FILES = {
  float: ['-ot', 'Float32', '-b', '1', '-scale', '0', '255', '-9000', '10000', '-a_nodata', '-32768', '-co', 'COMPRESS=ZSTD', '-co', 'PREDICTOR=YES'],
  int16: ['-ot', 'Int16', '-b', '1', '-scale', '0', '255', '-9000', '10000', '-co', 'COMPRESS=DEFLATE', '-co', 'BLOCKSIZE=256'],
  jpeg: ['-co', 'COMPRESS=JPEG', '-co', 'QUALITY=95'],
} as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hips-gateway-cog-'));
  const moon = join(ROOT, 'config/data/moon.jpg');
  for (const [name, options] of Object.entries(FILES)) {
    await run('gdal_translate', ['-q', '-of', 'COG', '-a_ullr', '-180', '90', '180', '-90', ...options, moon, join(folder, `${name}.tif`)], 120_000);
  }
  await run('gdal_translate', ['-q', '-b', '1', moon, join(folder, 'red.tif')], 120_000);
  server = createServer((request, reply) => void answer(request.url ?? '', request.headers.range ?? '', reply));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const image = (name: string, more = ''): string => `  ${name}: {type: image, url: '${at}/${name}.tif', srs: 'IAU_2015:30100'${more}}`;
  gateway = await startGateway({
    text: `
services:
  wms:
layers:
${['plain', 'red', ...Object.keys(FILES)].map((name) => `  - {name: ${name}, title: ${name}, sources: [${name}]}`).join('\n')}
sources:
  plain: {type: image, url: '${moon}', srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  red: {type: image, url: '${folder}/red.tif', srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
${image('float', ', range: [-9000, 10000]')}
${image('int16', ', range: [-9000, 10000]')}
${image('jpeg')}
`,
  });
}, 300_000);

afterAll(async () => {
  await gateway?.stop();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function answer(path: string, range: string, reply: ServerResponse): Promise<void> {
  const bytes = await readFile(join(folder, path)).catch(() => null);
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (bytes === null || from === undefined) return void reply.writeHead(bytes === null ? 404 : 200).end(bytes ?? '');
  const end = Math.min(Number(to), bytes.length - 1);
  sent += end + 1 - Number(from);
  reply.writeHead(206, { 'content-range': `bytes ${from}-${end}/${bytes.length}`, etag: '"1"' }).end(bytes.subarray(Number(from), end + 1));
}

function map(layer: string, bbox: string): Promise<Uint8Array> {
  return getBytes(`${gateway.url}/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=${layer}&CRS=IAU_2015:30100&BBOX=${bbox}&WIDTH=512&HEIGHT=256&FORMAT=image/png&STYLES=`);
}

describe.each(Object.keys(FILES))('a COG: %s', (name) => {
  it.each([
    ['the whole body', '-90,-180,90,180'],
    ['a close look', '10,-40,20,-20'],
  ])('shows %s as the picture that it was made from (danger: shifted blocks; numbers stretched otherwise)', async (_, bbox) => {
    const [expected, found] = [await readPicture(await map(name === 'jpeg' ? 'plain' : 'red', bbox)), await readPicture(await map(name, bbox))];
    const { mean } = difference(expected, found);
    console.log(`${name}, ${bbox}: ${mean.toFixed(2)} of 255`);
    expect(mean).toBeLessThan(name === 'jpeg' ? 1.2 : 0.5);
  });
});

it('reads a small part of a file for a close look (danger: whole files fetched)', async () => {
  const { length } = await readFile(join(folder, 'float.tif'));
  sent = 0;
  await map('float', '-50,100,-48,104');
  expect(sent).toBeLessThan(length / 5);
});
