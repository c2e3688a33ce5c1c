import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gateway, getBytes, startGateway } from './support/gateway.ts';
import { MOON_MAPS } from './support/moonMaps.ts';
import { readPicture } from './support/pixels.ts';
import { run } from './support/process.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ text: MOON_MAPS });
});
afterAll(() => gateway?.stop());

it("GDAL's WMS driver finds the grids of a tiled WMS and reads the very pixels of a WMTS tile", async () => {
  const listed = await run('gdalinfo', [`WMS:${gateway.url}/service?TILED=true`], 120_000, { cwd: gateway.folder });
  const dataset = /SUBDATASET_1_NAME=(.*)/.exec(listed)?.[1] ?? '';
  expect(dataset).toMatch(/SRS=IAU_2015:30100&BBOX=-180,-90,180,90&.*TILESIZE=256&OVERVIEWCOUNT=19&MINRESOLUTION=.*TILED=true/);
  const file = join(gateway.folder, 'tiled.png');
  // every request that is no tile is refused, so that what can be read is made of tiles
  await run('gdal_translate', ['-q', '-of', 'PNG', '-projwin', '0', '45', '22.5', '22.5', '-outsize', '256', '256', dataset, file], 120_000, { cwd: gateway.folder });
  const [read, tile, other] = [await readPicture(await readFile(file)), ...(await Promise.all([2, 3].map(async (row) => readPicture(await getBytes(`${gateway.url}/wmts/moon/MOON_GEOGRAPHIC/3/8/${row}.png`)))))] as const;
  const worst = (a: Uint8Array, b: Uint8Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  expect([read.width, read.height, worst(read.data, tile!.data)]).toEqual([256, 256, 0]);
  expect(worst(read.data, other!.data)).toBeGreaterThan(50);
});
