import { getBytes } from '../test/e2e/support/gateway.ts';
import type { Figures } from './measure.ts';
import { pictureAsAll } from './support/configs.ts';
import { hipsTile, wmtsTiles } from './support/paths.ts';
import { measureServed } from './support/served.ts';
import { withGateway } from './support/withGateway.ts';

const CLIENTS = 16;

/** What does a tile cost that was asked for before? The client of this bench shares the processors: processor time is the figure. */
export default async function warmTile(quick: boolean): Promise<Figures[]> {
  const requests = quick ? 2000 : 20_000;
  const over = (paths: readonly string[]): string[] => Array.from({ length: requests }, (_, i) => paths[i % paths.length]!);
  return withGateway(pictureAsAll(), async (gateway) => {
    const hips = Array.from({ length: 32 }, (_, i) => hipsTile(3, 256 + i));
    const wmts = wmtsTiles('moon', 4, 32).map((path) => path.replace('/geodetic/', '/MOON_GEOGRAPHIC/'));
    const figures: Figures[] = [];
    for (const [name, paths] of [['HiPS 512x512', hips], ['WMTS 256x256', wmts]] as const) {
      await Promise.all(paths.map((path) => getBytes(gateway.url + path)));
      figures.push(await measureServed(`${name}, cached`, gateway, over(paths), { clients: CLIENTS }));
    }
    return figures;
  });
}
