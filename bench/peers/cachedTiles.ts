import { getBytes } from '../../test/e2e/support/gateway.ts';
import { pictureAsAll } from '../support/configs.ts';
import { hipsTile, wmtsTiles } from '../support/paths.ts';
import { getAll } from '../support/client.ts';
import type { Server } from '../support/served.ts';
import { startUpstreamWms } from '../support/upstreamWms.ts';
import { withGateway } from '../support/withGateway.ts';
import type { Effort } from './effort.ts';
import { hipsOfWms, mapsOfWms, withMapProxy } from './mapproxy.ts';
import { withNginx } from './nginx.ts';
import { absent, rowOfLoads, type Row } from './rows.ts';
import { wrk, type Load } from './wrk.ts';

const GRID = "geodetic: {origin: nw, base: GLOBAL_GEODETIC, bbox: [-180, -90, 180, 90], srs: 'IAU_2015:30100'}";
const TILES = 32;

/** Tiles that were asked for before, as fast as they leave: `wrk -t2 -c16` on the same machine, medians of the rounds. */
export async function cachedTiles(effort: Effort): Promise<Row[]> {
  const hips = Array.from({ length: TILES }, (_, i) => hipsTile(3, 256 + i));
  const bytes = new Map<string, Uint8Array>();
  const rows: Row[] = [];
  const work = 'cached HiPS tile 512 jpg';
  const load = async (server: Server): Promise<(Load | null)[]> => {
    await getAll(server.url, hips);
    const loads: (Load | null)[] = [];
    for (let round = 0; round < effort.rounds; round++) loads.push(await wrk(server, hips, effort.wrkSeconds));
    return loads;
  };
  for (const workers of [1, 2]) {
    await withGateway(pictureAsAll(`{workers: ${workers}}`), async (ours) => {
      for (const path of hips) bytes.set(path, await getBytes(ours.url + path));
      rows.push(rowOfLoads(work, `hips-gateway, ${workers} process${workers > 1 ? 'es' : ''}`, await load(ours)));
    });
  }
  const size = [...bytes.values()].reduce((sum, one) => sum + one.length, 0) / TILES / 1000;
  const limit = await withNginx(bytes, load);
  rows.push(limit === null ? absent(work, 'nginx, static files', 'apt-get install nginx-light') : rowOfLoads(work, 'nginx, the same bytes as files', limit, `${size.toFixed(0)} kB each on average`));
  return [...rows, ...(await cachedByMapProxy(work, load, effort))];
}

async function cachedByMapProxy(work: string, load: (server: Server) => Promise<(Load | null)[]>, effort: Effort): Promise<Row[]> {
  const upstream = await startUpstreamWms();
  try {
    const hips = await withMapProxy('mapproxy_hips', hipsOfWms({ upstream: upstream.url, resampling: 'bilinear', store: true }), load);
    const rows = [hips === null ? absent(work, 'mapproxy_hips', 'bench/peers/install.sh') : rowOfLoads(work, 'mapproxy_hips, gunicorn, 2 processes', hips)];
    return [...rows, ...(await cachedWmts(upstream.url, effort))];
  } finally {
    await upstream.close();
  }
}

async function cachedWmts(upstream: string, effort: Effort): Promise<Row[]> {
  const work = 'cached WMTS tile 256 jpg';
  const tiles = wmtsTiles('moon_tiles', 4, TILES);
  const load = async (server: Server): Promise<(Load | null)[]> => {
    await getAll(server.url, tiles);
    const loads: (Load | null)[] = [];
    for (let round = 0; round < effort.rounds; round++) loads.push(await wrk(server, tiles, effort.wrkSeconds));
    return loads;
  };
  const yaml = mapsOfWms(upstream, GRID);
  const ours = await withGateway(yaml, load);
  const theirs = await withMapProxy('mapproxy', yaml, load);
  return [
    rowOfLoads(work, 'hips-gateway, 1 process', ours),
    theirs === null ? absent(work, 'MapProxy 7.0.0', 'bench/peers/install.sh') : rowOfLoads(work, 'MapProxy 7.0.0, gunicorn, 2 processes', theirs),
  ];
}
