import { wmsAsHips } from '../support/configs.ts';
import { hipsTile } from '../support/paths.ts';
import { getAll } from '../support/client.ts';
import { someOf } from '../support/seeded.ts';
import { startUpstreamWms } from '../support/upstreamWms.ts';
import { withGateway } from '../support/withGateway.ts';
import { hipsOfWms, withMapProxy } from './mapproxy.ts';
import { absent, takeTurns, type Row } from './rows.ts';
import type { Effort } from './effort.ts';

const TILES_OF_ORDER_3 = 768;
/** Tiles of another order, so that compilers (Python's and V8's) have seen the work. */
const WARM_UP_ORDER = 4;

/** Cold HiPS tiles of order 3 from a WMS that answers with JPEG: bicubic, as jpg and as true-colour png, neighbours and scattered ones. */
export async function coldHips(effort: Effort): Promise<Row[]> {
  const upstream = await startUpstreamWms();
  try {
    const rows: Row[] = [];
    for (const extension of ['jpg', 'png'] as const) {
      for (const scattered of [false, true]) rows.push(...(await series(upstream.url, extension, scattered, effort)));
    }
    return rows;
  } finally {
    await upstream.close();
  }
}

async function series(upstream: string, extension: 'jpg' | 'png', scattered: boolean, effort: Effort): Promise<Row[]> {
  const work = `WMS -> HiPS 512 ${extension}, bicubic, ${scattered ? 'scattered' : 'neighbours'}`;
  const tiles = scattered ? someOf(TILES_OF_ORDER_3, TILES_OF_ORDER_3, 5) : Array.from({ length: TILES_OF_ORDER_3 }, (_, i) => (i + 256) % TILES_OF_ORDER_3);
  const warmUp = someOf(3072, 4 * effort.coldOurs, 4).map((npix) => hipsTile(WARM_UP_ORDER, npix, extension));
  const ourRounds = roundsOf(tiles.map((npix) => hipsTile(3, npix, extension)), effort.rounds, effort.coldOurs);
  const theirRounds = roundsOf(tiles.map((npix) => hipsTile(3, npix, extension)), effort.rounds, effort.coldPeer);
  return withGateway(wmsAsHips(upstream, WARM_UP_ORDER), async (ours) => {
    await getAll(ours.url, warmUp);
    const contest = { who: 'hips-gateway', server: ours, rounds: ourRounds, note: 'stores each tile' };
    const yaml = hipsOfWms({ upstream, resampling: 'bicubic', trueColour: extension === 'png' });
    const rows = await withMapProxy('mapproxy_hips', yaml, async (peer) => {
      await getAll(peer.url, warmUp.slice(0, 8));
      return takeTurns(work, [contest, { who: 'mapproxy_hips', server: peer, rounds: theirRounds, note: 'stores nothing' }]);
    });
    return rows ?? [...(await takeTurns(work, [contest])), absent(work, 'mapproxy_hips', 'bench/peers/install.sh')];
  });
}

/** `rounds` lists of `each` paths, no path twice. */
export function roundsOf(paths: readonly string[], rounds: number, each: number): string[][] {
  return Array.from({ length: rounds }, (_, i) => paths.slice(i * each, (i + 1) * each));
}
