import { hipsAsMaps } from '../support/configs.ts';
import { getAll } from '../support/client.ts';
import { withFolder } from '../support/folderServer.ts';
import { moonHips } from '../support/moonHips.ts';
import { getMaps, wmtsTiles } from '../support/paths.ts';
import { withGateway } from '../support/withGateway.ts';
import { roundsOf } from './coldHips.ts';
import type { Effort } from './effort.ts';
import { mapsOfHips, withMapProxy } from './mapproxy.ts';
import { absent, takeTurns, type Contestant, type Row } from './rows.ts';

/** Tiles and maps of a HiPS that is on the disk of whoever makes them; nothing that was made is kept. */
export async function coldMaps(effort: Effort): Promise<Row[]> {
  const folder = await moonHips(3);
  return withFolder(folder, (hips) =>
    withGateway(hipsAsMaps(folder), async (ours) => {
      const rows = await withMapProxy('mapproxy_hips', mapsOfHips(hips, 'bilinear'), async (peer) => allSeries(effort, ours, peer));
      return rows ?? allSeries(effort, ours, null);
    }),
  );
}

async function allSeries(effort: Effort, ours: Contestant['server'], peer: Contestant['server'] | null): Promise<Row[]> {
  const rows: Row[] = [];
  const total = (each: number): number => each * (effort.rounds + 1);
  const cases = [
    { work: 'HiPS -> WMTS 256x256, bilinear', paths: (each: number) => wmtsTiles('moon_tiles', 6, total(each)) },
    { work: 'HiPS -> GetMap 1024x512, 20 degrees, bilinear', paths: (each: number) => getMaps('moon', { count: total(each), width: 1024, degrees: 20 }) },
    { work: 'HiPS -> GetMap 1024x512, 350 degrees, bilinear', paths: (each: number) => getMaps('moon', { count: total(each), width: 1024, degrees: 350 }) },
  ];
  for (const { work, paths } of cases) {
    const contestants = [{ who: 'hips-gateway', server: ours, each: effort.mapsOurs }, ...(peer === null ? [] : [{ who: 'mapproxy_hips', server: peer, each: effort.mapsPeer }])];
    const ready: Contestant[] = [];
    for (const { who, server, each } of contestants) {
      const all = paths(each);
      const rounds = roundsOf(all, effort.rounds, each);
      // Every tile of the HiPS that it will need is in the peer's cache before it is measured; the gateway reads them from its own disk.
      const warmUp = who === 'mapproxy_hips' ? rounds.flat() : all.slice(each * effort.rounds);
      await getAll(server.url, warmUp);
      ready.push({ who, server, rounds });
    }
    rows.push(...(await takeTurns(work, ready)));
    if (peer === null) rows.push(absent(work, 'mapproxy_hips', 'bench/peers/install.sh'));
  }
  return rows;
}
