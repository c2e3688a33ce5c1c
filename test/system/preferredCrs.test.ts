import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import type { Upstream } from '../contract/upstreamServer.ts';
import { fieldMap, startFieldUpstream } from '../support/fieldUpstream.ts';
import { decoded, pictureGateway, type PictureGateway } from '../support/pictureGateway.ts';
import { fieldPicture, largestDifference } from '../support/smoothField.ts';

/**
 * In which of its reference systems a map server is asked for a map in another one (MapProxy: SupportedSRS.best_srs, preferred_src_proj). Dangers: in one
 * that draws labels aslant or that its operator does not want; in one that does not show the whole map, of which a part is then missing.
 */
let upstream: Upstream;
let served: PictureGateway;

const config = (url: string): string => `
services: {wms: {srs: ['EPSG:4326', 'EPSG:3857', 'EPSG:25832', 'EPSG:25833', 'EPSG:3035', 'EPSG:3995']}, hips: }
layers:
  - {name: both, title: Both, sources: [both], md: {hips: {hips_body: earth}}}
  - {name: zones, title: Zones, sources: [zones]}
  - {name: cached, title: Below a cache, sources: [cache]}
  - {name: mars, title: Mars, sources: [mars]}
caches: {cache: {grids: [GLOBAL_WEBMERCATOR], sources: [both], meta_size: [1, 1]}}
sources:
  both: {type: wms, req: {url: '${url}/?', layers: x, format: image/png}, supported_srs: ['EPSG:4326', 'EPSG:3857']}
  zones: {type: wms, req: {url: '${url}/?', layers: x, format: image/png}, supported_srs: ['EPSG:4326', 'EPSG:25832', 'EPSG:3857']}
  mars: {type: wms, req: {url: '${url}/?', layers: x, format: image/png}, supported_srs: ['IAU_2015:49900', 'IAU_2015:49930']}
globals:
  cache: {base_dir: cache}
  srs:
    preferred_src_proj:
      EPSG:25833: [EPSG:25832, EPSG:3857]
      EPSG:3035: [EPSG:4326]
      IAU_2015:49910: [IAU_2015:49930]
`;

beforeAll(async () => {
  upstream = await startFieldUpstream((_path, query) => {
    const bbox = query.get('BBOX')!.split(',').map(Number) as [number, number, number, number];
    return fieldMap(crsOf(query.get('SRS')!), bbox, Number(query.get('WIDTH')), Number(query.get('HEIGHT')));
  });
  served = await pictureGateway(config(upstream.url), {});
});
beforeEach(() => {
  upstream.requests.length = 0;
});
afterAll(async () => {
  await served.close();
  await upstream.close();
});

const asked = (): readonly string[] => [...new Set(upstream.requests.map((url) => new URL(url, 'http://x').searchParams.get('SRS')!))].sort();

type Box = readonly [number, number, number, number];
const SIZE = 48;
const BAVARIA: Box = [400_000, 5_300_000, 700_000, 5_600_000];

async function expectMap(layer: string, srs: string, bbox: Box): Promise<void> {
  const answer = await served.app.inject(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=${srs}&BBOX=${bbox.join()}&WIDTH=${SIZE}&HEIGHT=${SIZE}&FORMAT=image/png&TRANSPARENT=TRUE`);
  expect(answer.headers['content-type'], answer.body).toBe('image/png');
  const wanted = fieldPicture(crsLatticeOfBbox(crsOf(srs), bbox, SIZE, SIZE), { col: 0, row: 0, width: SIZE, height: SIZE });
  expect(largestDifference(await decoded(answer.rawPayload), wanted)).toBeLessThanOrEqual(2);
}

describe('a map in a system that the server does not know', () => {
  it.each([
    ['one of its kind', 'both', 'EPSG:25832', BAVARIA, 'EPSG:3857'],
    ['the first of its kind', 'zones', 'EPSG:25831', BAVARIA, 'EPSG:25832'],
    ['what is preferred for it', 'zones', 'EPSG:25833', BAVARIA, 'EPSG:25832'],
    ['what is preferred for it, of what this one knows', 'both', 'EPSG:25833', [400_000, 1_300_000, 700_000, 1_600_000], 'EPSG:3857'],
    ['what is preferred, of another kind', 'both', 'EPSG:3035', [4_300_000, 2_700_000, 4_500_000, 2_900_000], 'EPSG:4326'],
    ['what is preferred, on another planet', 'mars', 'IAU_2015:49910', [-500_000, 4_800_000, 500_000, 5_200_000], 'IAU_2015:49930'],
    ['what shows all of it, where the one of its kind does not: at a pole', 'both', 'EPSG:3995', [-500_000, -500_000, 500_000, 500_000], 'EPSG:4326'],
    ['the same, where the pole is a point of a larger map', 'both', 'EPSG:3995', [-9_000_000, -9_000_000, 9_000_000, 9_000_000], 'EPSG:4326'],
  ] as const)('is asked for in %s: %s in %s', async (_, layer, srs, bbox, wanted) => {
    await expectMap(layer, srs, bbox);
    expect(asked()).toEqual([wanted]);
  });
});

it('a map over a cache, and one across the edge of the world, in the system of the map', async () => {
  await expectMap('cached', 'EPSG:3857', [1_000_000, 5_000_000, 2_000_000, 6_000_000]);
  await expectMap('both', 'EPSG:3857', [19_000_000, -1_000_000, 21_000_000, 1_000_000]);
  expect(asked()).toEqual(['EPSG:3857']);
});

it('a HiPS is drawn from degrees, which close at the poles', async () => {
  expect((await served.app.inject('/hips/both/Norder1/Dir0/Npix17.png')).statusCode).toBe(200);
  expect(asked()).toEqual(['EPSG:4326']);
});
