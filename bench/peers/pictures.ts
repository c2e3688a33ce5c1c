import { startMapServer } from '../../test/e2e/support/mapserver.ts';
import { MOON_JPG } from '../../test/e2e/support/moon.ts';
import { pictureAsAll } from '../support/configs.ts';
import { getAll } from '../support/client.ts';
import { getMaps } from '../support/paths.ts';
import { measureServed, type Server } from '../support/served.ts';
import { startUpstreamWms } from '../support/upstreamWms.ts';
import { withGateway } from '../support/withGateway.ts';
import { roundsOf } from './coldHips.ts';
import type { Effort } from './effort.ts';
import { onPath } from './find.ts';
import { mapsOfWms, withMapProxy } from './mapproxy.ts';
import { absent, takeTurns, type Row } from './rows.ts';

/** Maps without any HiPS: from a WMS into another reference system (MapProxy's trade), and from a picture (MapServer's). */
export async function mapsOfPictures(effort: Effort): Promise<Row[]> {
  return [...(await ofWms(effort)), ...(await ofPicture(effort))];
}

/** Boxes around the north pole in metres. */
function polarMaps(count: number): string[] {
  return getMaps('moon', { count, width: 1024, degrees: 20 }).map((path, i) => {
    const half = 400_000 + i * 1000;
    return path.replace(/SRS=[^&]+/, 'SRS=IAU_2015:30130').replace(/BBOX=[^&]+/, `BBOX=${[-half, -half / 2, half, half / 2].join(',')}`);
  });
}

async function ofWms(effort: Effort): Promise<Row[]> {
  const work = 'WMS -> GetMap 1024x512, other CRS, bilinear';
  const upstream = await startUpstreamWms();
  const yaml = mapsOfWms(upstream.url, "geodetic: {origin: nw, base: GLOBAL_GEODETIC, bbox: [-180, -90, 180, 90], srs: 'IAU_2015:30100'}");
  const paths = polarMaps(effort.mapsPeer * 3 * (effort.rounds + 1));
  const rounds = roundsOf(paths, effort.rounds, effort.mapsPeer * 3);
  try {
    return await withGateway(yaml, async (ours) => {
      await getAll(ours.url, paths.slice(-8));
      const contest = { who: 'hips-gateway', server: ours, rounds };
      const rows = await withMapProxy('mapproxy', yaml, async (peer) => {
        await getAll(peer.url, paths.slice(-4));
        return takeTurns(work, [contest, { who: 'MapProxy 7.0.0', server: peer, rounds }]);
      });
      return rows ?? [...(await takeTurns(work, [contest])), absent(work, 'MapProxy 7.0.0', 'bench/peers/install.sh')];
    });
  } finally {
    await upstream.close();
  }
}

/** MapServer as CGI: a process per request, its start being part of the work; measured by the clock, one request at a time. */
async function ofPicture(effort: Effort): Promise<Row[]> {
  const work = 'picture -> GetMap 1024x512, same CRS, bilinear, one at a time';
  const paths = getMaps('moon', { count: effort.mapsOurs, width: 1024, degrees: 20 });
  const rowOf = async (who: string, server: Server, asked: readonly string[], note: string, cpu: boolean): Promise<Row> => {
    const { cpuMs, perSecond, medianMs } = await measureServed(who, server, asked, { clients: 1 });
    return { work, who, cpuMs: cpu ? cpuMs : null, perSecond: perSecond!, p50Ms: medianMs, p99Ms: null, note };
  };
  const ours = await withGateway(pictureAsAll(), async (server) => {
    await getAll(server.url, getMaps('moon', { count: 8, width: 1000, degrees: 30 }));
    return rowOf('hips-gateway', server, paths, 'decoded picture in memory', true);
  });
  if (onPath('mapserv') === null) return [ours, absent(work, 'MapServer', 'apt-get install cgi-mapserver')];
  const mapserver = await startMapServer('moon', MOON_JPG);
  try {
    const own = { url: mapserver.url.replace('/wms?', ''), process: { child: { pid: process.pid } } as Server['process'] };
    const asked = paths.slice(0, effort.mapsPeer).map((path) => path.replace('/service?', '/wms?').replace('image/jpeg', 'image/png'));
    return [ours, await rowOf('MapServer 8.0 (CGI)', own, asked, 'a process per request, decodes the picture each time, png', false)];
  } finally {
    await mapserver.stop();
  }
}
