import sharp from 'sharp';
import { expect, it } from 'vitest';
import { startMapProxy, startOurs, type Program } from './support/sideBySide.ts';

/**
 * Modes and palettes of pictures, beside MapProxy's. Dangers: an option that acts on other pictures than there, transparency lost or kept
 * where it is not, greys of another brightness, a palette that is worse.
 */
const OPTIONS: Readonly<Record<string, string>> = {
  plain: 'sources: [wms]',
  palette: 'sources: [wms], format: image/png, image: {mode: P, colors: 128, transparent: true}',
  few: 'sources: [wms], format: png8, image: {colors: 16}',
  binary: 'sources: [wms], image: {colors: 64, mode: P, transparent: true, encoding_options: {quantizer: mediancut}}',
  inherited: 'sources: [poor] # colors: 32',
  grey: 'sources: [opaque], image: {mode: L}',
  rgb: 'sources: [wms], format: png24',
  flat: 'sources: [wms], image: {transparent: false}',
};
const CACHES = Object.keys(OPTIONS);
const CONFIG = (upstream: string): string => `
services: {tms: {use_grid_names: true}, wms: {srs: ['EPSG:3857'], image_formats: [image/png, image/jpeg]}}
layers:
${CACHES.map((name) => `  - {name: ${name}, title: T, sources: [${name}]}`).join('\n')}
caches:
${CACHES.map((name) => `  ${name}:\n    {grids: [merc], ${OPTIONS[name]!.replace(/(?: #.*)?$/, '}$&')}`).join('\n')}
sources:
  wms: {type: wms, req: {url: '${upstream}/?', layers: drawn, transparent: true}, supported_srs: ['EPSG:3857'], coverage: &part {bbox: [-15000000, -4000000, 4000000, 15000000], srs: 'EPSG:3857', clip: true}}
  poor: {type: wms, req: {url: '${upstream}/?', layers: drawn, transparent: true}, supported_srs: ['EPSG:3857'], coverage: *part, image: {mode: P, colors: 32}}
  opaque: {type: wms, req: {url: '${upstream}/?', layers: drawn}, supported_srs: ['EPSG:3857']}
grids: {merc: {base: GLOBAL_WEBMERCATOR}}
globals:
  cache: {base_dir: ./cache_data}
  image:
    paletted: false
    formats:
      png8: {format: image/png, mode: P, colors: 128, transparent: true}
      png24: {format: image/png, mode: RGB, transparent: false}
`;

async function picture({ url }: Program, address: string) {
  const bytes = Buffer.from(await (await fetch(`${url}${address}`)).arrayBuffer());
  const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { isPalette = false, channels } = await sharp(bytes).metadata();
  return { data, isPalette, isGrey: channels <= 2, colours: new Set(new Uint32Array(Uint8Array.from(data).buffer)).size };
}

/** Mean difference of what is seen on white, and the part of all pixels whose alpha is another. */
function compare(a: Buffer, b: Buffer): { readonly colour: number; readonly alpha: number } {
  const seen = (data: Buffer, i: number, c: number): number => 255 + ((data[i + c]! - 255) * data[i + 3]!) / 255;
  let [sum, other] = [0, 0];
  for (let i = 0; i < a.length; i += 4) {
    if (a[i + 3] !== b[i + 3]) other++;
    for (let c = 0; c < 3; c++) sum += Math.abs(seen(a, i, c) - seen(b, i, c));
  }
  return { colour: sum / a.length / 0.75, alpha: other / (a.length / 4) };
}

it('the same modes; palettes that are as good; the same transparency, where MapProxy does not lose it', { timeout: 120_000 }, async () => {
  const [theirs, ours] = await Promise.all([startMapProxy(CONFIG), startOurs(CONFIG)]);
  const both = (name: string) => Promise.all([theirs, ours].map((program) => picture(program, `/tiles/${name}/merc/1/0/0.png`)));
  try {
    const [plain, own] = await both('plain');
    expect(compare(plain!.data, own!.data)).toEqual({ colour: expect.closeTo(0, 0), alpha: 0 });
    for (const name of CACHES.slice(1)) {
      const [a, b] = await both(name);
      expect([b!.isPalette, b!.isGrey], name).toEqual([a!.isPalette, a!.isGrey]);
      if (['grey', 'rgb', 'flat'].includes(name)) expect(compare(a!.data, b!.data), name).toEqual({ colour: expect.closeTo(0, 0), alpha: 0 });
      else {
        expect(b!.colours, name).toBeLessThanOrEqual(Number(/colors: (\d+)/.exec(OPTIONS[name]!)![1]));
        expect(compare(own!.data, b!.data).alpha, name).toBe(0); // its quantizers make colours transparent, and holes opaque
        expect(compare(own!.data, b!.data).colour, name).toBeLessThanOrEqual(compare(plain!.data, a!.data).colour);
      }
    }
  } finally {
    await Promise.all([theirs.close(), ours.close()]);
  }
});
