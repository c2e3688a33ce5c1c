import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gateway, getBytes, startGateway } from './support/gateway.ts';
import { MOON_MAPS } from './support/moonMaps.ts';
import { readPicture } from './support/pixels.ts';
import { run } from './support/process.ts';

/** GDAL reads superoverlays: of each document the first tile and what lies below it. */

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ text: MOON_MAPS.replace('  wmts:\n', '  wmts:\n  kml:\n') });
});
afterAll(() => gateway?.stop());

it("GDAL's KMLSUPEROVERLAY driver reads the very pixels of the tile that a document begins with", async () => {
  // level 2, rows from below: its first tile below is 3/4/3, which has row 4 from above
  const dataset = `/vsicurl/${gateway.url}/kml/moon/IAU_201530100/2/2/1.kml`;
  const { cornerCoordinates: { upperLeft, lowerRight } } = JSON.parse(await run('gdalinfo', ['-json', dataset], 120_000, { cwd: gateway.folder })) as { cornerCoordinates: Readonly<Record<string, readonly number[]>> };
  const file = join(gateway.folder, 'kml.png');
  await run('gdal_translate', ['-q', '-of', 'PNG', '-outsize', '256', '256', dataset, file], 120_000, { cwd: gateway.folder });
  const [col, row] = [Math.round((upperLeft![0]! + 180) / 22.5), Math.round((90 - upperLeft![1]!) / 22.5)];
  expect(lowerRight).toEqual([upperLeft![0]! + 22.5, upperLeft![1]! - 22.5]);
  const tile = (y: number): Promise<Uint8Array> => getBytes(`${gateway.url}/wmts/moon/MOON_GEOGRAPHIC/3/${col}/${y}.png`);
  const [read, same, other] = [await readPicture(await readFile(file)), await readPicture(await tile(row)), await readPicture(await tile(row - 1))];
  const worst = (a: Uint8Array, b: Uint8Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  expect([read.width, read.height, worst(read.data, same.data)]).toEqual([256, 256, 0]);
  expect(worst(read.data, other.data)).toBeGreaterThan(50);
});
