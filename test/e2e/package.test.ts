import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, getBytes, ROOT, type Served, startGateway } from './support/gateway.ts';
import { brightness, readPicture } from './support/pixels.ts';
import { run } from './support/process.ts';

let folder: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hips-gateway-package-'));
  installed = join(folder, 'node_modules/hips-gateway');
  await run('npm', ['pack', '--pack-destination', folder], 120_000, { cwd: ROOT });
  const [packed] = await readdir(folder);
  await run('npm', ['install', '--omit=dev', '--prefix', folder, join(folder, packed!)], 240_000, { cwd: folder });
}, 400_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts the installed command, which lies where no file of the checkout is found by chance. */
async function withInstalled(served: Served, use: (gateway: Gateway) => Promise<void>): Promise<void> {
  const gateway = await startGateway(served, join(installed, 'dist/cli/main.js'));
  try {
    await use(gateway);
  } finally {
    await gateway.stop();
  }
}

/** A picture in a format that only GDAL reads: 50 in the west, 200 in the east. PDS3: a label of one record, then the pixels. */
function pds3(): string {
  const [lines, samples] = [200, 400];
  const label = [
    'PDS_VERSION_ID = PDS3', 'RECORD_TYPE = FIXED_LENGTH', `RECORD_BYTES = ${samples}`, `FILE_RECORDS = ${lines + 1}`, 'LABEL_RECORDS = 1', '^IMAGE = 2',
    'OBJECT = IMAGE', ` LINES = ${lines}`, ` LINE_SAMPLES = ${samples}`, ' SAMPLE_TYPE = MSB_UNSIGNED_INTEGER', ' SAMPLE_BITS = 8', 'END_OBJECT = IMAGE', 'END', '',
  ].join('\r\n');
  return label.padEnd(samples) + `${'\x32'.repeat(samples / 2)}${'\xc8'.repeat(samples / 2)}`.repeat(lines);
}

describe('the published package, installed into an empty folder', () => {
  it('serves the demo', () =>
    withInstalled({ demo: true }, async ({ url }) => {
      const { width, height } = await readPicture(await getBytes(`${url}/hips/moon/Norder1/Dir0/Npix20.png`));
      expect([width, height]).toEqual([512, 512]);
      expect(new TextDecoder().decode(await getBytes(`${url}/hips/moon/`))).toContain('<!doctype html>');
    }));

  it('is a few bundled files that still find their threads: those that draw and the one of GDAL (danger: places that held for single files only)', async () => {
    const scripts = (await readdir(join(installed, 'dist'), { recursive: true })).filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeLessThan(100);
    const picture = join(folder, 'halves.img');
    await writeFile(picture, pds3(), 'latin1');
    const text = `
services: {hips: }
layers: [{name: halves, title: Halves, sources: [halves], md: {hips: {hips_body: moon, hips_frame: moon, hips_order: 1}}}]
sources: {halves: {type: image, url: '${picture}', srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
server: {threads: 2}
globals: {cache: {base_dir: ./cache_data}}
`;
    await withInstalled({ text }, async ({ url }) => {
      const tiles = await Promise.all([5, 7].map(async (npix) => readPicture(await getBytes(`${url}/hips/halves/Norder0/Dir0/Npix${npix}.png`))));
      expect(tiles.map((tile) => brightness(tile, 256, 256))).toEqual([200, 50]);
    });
  });
});
