import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { meanDifference, startMapProxy, startOurs, tilesBelow } from './support/sideBySide.ts';

/**
 * Missing tiles made of others, beside MapProxy's. Dangers: another level than MapProxy's, a part that lies elsewhere, tiles stored that it
 * would not store; a source asked for tiles that it does not have, or not asked.
 */
const CONFIG = (upstream: string): string => `
services: {tms: {use_grid_names: true}, wms: {srs: ['EPSG:3857']}}
layers:
${['up', 'up1', 'down', 'kept', 'source'].map((name) => `  - {name: ${name}, title: T, sources: [${name}]}`).join('\n')}
caches:
  up: {grids: [merc], sources: [], upscale_tiles: 3, cache: {type: file, directory: tiles}}
  up1: {grids: [merc], sources: [], upscale_tiles: 1, cache: {type: file, directory: tiles}}
  down: {grids: [merc], sources: [], downscale_tiles: 1, cache: {type: file, directory: tiles}}
  kept: {grids: [merc], sources: [], upscale_tiles: 3, cache_rescaled_tiles: true, cache: {type: file, directory: kept}}
  source: {grids: [merc], sources: [limited], upscale_tiles: 2, meta_size: [1, 1], meta_buffer: 0, cache: {type: file, directory: made}}
sources:
  limited: {type: wms, req: {url: '${upstream}/?', layers: drawn}, supported_srs: ['EPSG:3857'], max_res: 30000}
grids: {merc: {srs: 'EPSG:3857', bbox: [-20037508.342789244, -20037508.342789244, 20037508.342789244, 20037508.342789244], origin: ll, num_levels: 8}}
globals: {cache: {base_dir: ./cache_data}, image: {paletted: false, resampling_method: bilinear}}
`;

async function before(folder: string): Promise<void> {
  for (const directory of ['tiles', 'kept']) {
    for (const [level, col, row] of [[1, 0, 0], [2, 3, 3], [3, 4, 5], [3, 5, 5], [3, 4, 4], [3, 5, 4]] as const) {
      const file = path.join(folder, directory, `0${level}`, '000', '000', `00${col}`, '000', '000', `00${row}.png`);
      await mkdir(path.dirname(file), { recursive: true });
      const data = new Uint8Array(256 * 256 * 3).map((_, i) => Math.round(127 + 120 * Math.sin((i % 3) + (i / 3 / 256 / 40) * (1 + col) + ((i / 3) % 256) / (30 + level + row))));
      await sharp(data, { raw: { width: 256, height: 256, channels: 3 } }).png().toFile(file);
    }
  }
}

/** MapProxy sends a blank tile where there is nothing, the gateway 404. */
const NOTHING = await sharp({ create: { width: 256, height: 256, channels: 4, background: '#ffffff00' } }).png().toBuffer();

const TILES = [
  ['up', 1, 0, 0], ['up', 2, 0, 1], ['up', 3, 2, 3], ['up', 4, 3, 5], ['up', 5, 1, 2], ['up', 3, 7, 6], ['up', 2, 2, 0],
  ['up1', 2, 1, 1], ['up1', 3, 1, 1], ['up1', 4, 9, 10],
  ['down', 2, 2, 2], ['down', 1, 1, 1], ['down', 0, 0, 0], ['down', 3, 0, 0],
  ['kept', 3, 1, 1], ['source', 2, 1, 1], ['source', 3, 2, 3], ['source', 4, 5, 6], ['source', 6, 1, 1],
] as const;

it('the same pictures; of the files those that were asked for', { timeout: 120_000 }, async () => {
  const [theirs, ours] = await Promise.all([startMapProxy(CONFIG, { before }), startOurs(CONFIG, { before })]);
  const failures: string[] = [];
  try {
    for (const [layer, z, x, y] of TILES) {
      const name = `${layer}/merc/${z}/${x}/${y}.png`;
      const [a, b] = await Promise.all([theirs, ours].map(async ({ url }) => {
        const answer = await fetch(`${url}/tiles/${name}`);
        return answer.status === 404 ? NOTHING : new Uint8Array(await answer.arrayBuffer());
      }));
      const difference = await meanDifference(a!, b!);
      if (difference > 2) failures.push(`${name}: ${difference}`);
    }
    expect(failures).toEqual([]);
    const [made, own] = [theirs, ours].map(({ folder }) => tilesBelow(folder).filter((file) => !file.startsWith('cache_data')));
    expect(made!.filter((file) => !own!.includes(file))).toEqual(['kept/02/000/000/000/000/000/000.png']); // it goes level by level, and keeps each
    expect(own!.filter((file) => !made!.includes(file))).toEqual([]);
  } finally {
    await Promise.all([theirs.close(), ours.close()]);
  }
});
