import sharp from 'sharp';
import { expect, it } from 'vitest';
import { startMapProxy, startOurs, type Program } from './support/sideBySide.ts';

/** Text in tiles, beside MapProxy's, which has another font. Danger: marks on other tiles, or at another place of these. */
const CONFIG = (upstream: string): string => `
services: {tms: {use_grid_names: true}}
layers:
${['plain', 'normal', 'wide'].map((name) => `  - {name: ${name}, title: T, sources: [${name}]}`).join('\n')}
caches:
  plain: {grids: [merc], sources: [wms]}
  normal: {grids: [merc], sources: [wms], watermark: {text: MARK, font_size: 30, color: [255, 0, 0], opacity: 255}}
  wide: {grids: [merc], sources: [wms], watermark: {text: MARK, font_size: 30, color: [255, 0, 0], opacity: 255, spacing: wide}}
sources:
  wms: {type: wms, req: {url: '${upstream}/?', layers: drawn}, supported_srs: ['EPSG:3857']}
grids: {merc: {base: GLOBAL_WEBMERCATOR}}
globals: {cache: {base_dir: ./cache_data}, image: {paletted: false}}
`;

async function tile({ url }: Program, layer: string, address: string): Promise<Buffer> {
  const answer = await fetch(`${url}/tiles/${layer}/merc/${address}.png`);
  return sharp(await answer.arrayBuffer()).removeAlpha().raw().toBuffer();
}

/** Pixels that the mark changed: columns in 16 parts of the tile, and the middle of their rows. */
async function marked(program: Program, layer: string, address: string) {
  const [plain, with_] = [await tile(program, 'plain', address), await tile(program, layer, address)];
  const columns = Array.from({ length: 16 }, () => 0);
  let [rows, count] = [0, 0];
  for (let i = 0; i < 256 * 256; i++) {
    if ([0, 1, 2].every((c) => Math.abs(plain[i * 3 + c]! - with_[i * 3 + c]!) < 40)) continue;
    columns[(i % 256) >> 4]!++;
    rows += i >> 8;
    count++;
  }
  return { columns: columns.map((n) => n > 3), row: count === 0 ? null : rows / count };
}

it('the same tiles, the same places', { timeout: 120_000 }, async () => {
  const [theirs, ours] = await Promise.all([startMapProxy(CONFIG), startOurs(CONFIG)]);
  try {
    for (const layer of ['normal', 'wide']) {
      for (const address of ['3/2/2', '3/3/2', '3/2/3', '3/3/3']) {
        const [a, b] = [await marked(theirs, layer, address), await marked(ours, layer, address)];
        const differences = a.columns.filter((is, i) => is !== b.columns[i]).length;
        expect(differences, `${layer} ${address}`).toBeLessThanOrEqual(2); // letters of another width
        expect(a.row === null).toBe(b.row === null);
        if (a.row !== null) expect(Math.abs(a.row - b.row!), `${layer} ${address}`).toBeLessThanOrEqual(14); // it writes below the middle
      }
    }
  } finally {
    await Promise.all([theirs.close(), ours.close()]);
  }
});
