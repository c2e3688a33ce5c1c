import type { Amount } from './measure.ts';
import { getAll } from './support/client.ts';
import { pictureAsAll } from './support/configs.ts';
import { getMaps, hipsTile, wmtsTiles } from './support/paths.ts';
import { treeUse } from './support/processTree.ts';
import { seeded } from './support/seeded.ts';
import { withGateway } from './support/withGateway.ts';

const GOAL_MB = 350;
/** Resident memory is read this often. */
const PARTS = 5;

/** Does memory grow with requests? Tiles of both kinds, cached and not, maps of different sizes, capabilities, mistakes left out. */
export default async function memory(quick: boolean): Promise<Amount[]> {
  const requests = mixed(quick ? 500 : 10_000);
  return withGateway(pictureAsAll(), async (gateway) => {
    const pid = gateway.process.child.pid!;
    const figures: Amount[] = [];
    for (let part = 0; part < PARTS; part++) {
      const [from, to] = [(part * requests.length) / PARTS, ((part + 1) * requests.length) / PARTS];
      await getAll(gateway.url, requests.slice(from, to));
      figures.push({ name: `resident memory after ${to} mixed requests`, amount: treeUse(pid).residentMb, unit: 'MB', goal: GOAL_MB });
    }
    const [, second] = figures;
    return [...figures, { name: '  growth from two fifths of them to all', amount: figures.at(-1)!.amount - second!.amount, unit: 'MB', goal: null }];
  });
}

function mixed(count: number): string[] {
  const random = seeded(3);
  const maps = getMaps('moon', { count: Math.ceil(count / 20), width: 512, degrees: 30 });
  const tiles = wmtsTiles('moon', 6, 8192).map((path) => path.replace('/geodetic/', '/MOON_GEOGRAPHIC/'));
  const capabilities = '/service?SERVICE=WMS&REQUEST=GetCapabilities';
  return Array.from({ length: count }, (_, i) => {
    if (i % 20 === 0) return maps[i / 20]!;
    if (i % 20 === 1) return capabilities;
    if (i % 2 === 0) return hipsTile(3, Math.floor(random() * 768), i % 8 === 0 ? 'png' : 'jpg');
    return tiles[Math.floor(random() * tiles.length)]!;
  });
}
