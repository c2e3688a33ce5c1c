import type { Figures } from './measure.ts';
import { hipsAsMaps } from './support/configs.ts';
import { moonHips } from './support/moonHips.ts';
import { getMaps, wmtsTiles } from './support/paths.ts';
import { measureServed } from './support/served.ts';
import { withGateway } from './support/withGateway.ts';

/** What do maps and tiles cost that are made from the tiles of a HiPS on the disk: reading, decoding, mapping, resampling, encoding? */
export default async function coldMaps(quick: boolean): Promise<Figures[]> {
  const folder = await moonHips(quick ? 2 : 3);
  const count = (full: number): number => Math.max(3, quick ? full >> 3 : full);
  const cases = [
    { name: 'HiPS -> WMTS 256x256', paths: wmtsTiles('moon_tiles', 6, count(400)) },
    { name: 'HiPS -> GetMap 1024x512, 20 degrees', paths: getMaps('moon', { count: count(80), width: 1024, degrees: 20 }) },
    { name: 'HiPS -> GetMap 1024x512, nearly the whole body', paths: getMaps('moon', { count: count(40), width: 1024, degrees: 350 }) },
    { name: 'HiPS -> GetMap 4000x2000, 60 degrees', paths: getMaps('moon', { count: count(8), width: 4000, degrees: 60 }), clients: 2 },
  ];
  return withGateway(hipsAsMaps(folder), async (gateway) => {
    await measureServed('warm-up', gateway, [...wmtsTiles('moon_tiles', 5, count(100)), ...getMaps('moon', { count: count(16), width: 1000, degrees: 30 })]);
    const figures: Figures[] = [];
    for (const { name, paths, clients = 4 } of cases) figures.push(await measureServed(`${name}, bilinear, jpg, not cached`, gateway, paths, { clients }));
    return figures;
  });
}
