import { statSync, utimesSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * Differences from MapProxy and its plugin that no other suite names; docs/from-mapproxy.md has the reasons. Danger: a difference that
 * somebody relies on is gone, and the document still tells of it.
 */
const codec = createSharpCodec({ maxPixels: 1e8 });
const PICTURE_DATE = new Date('2024-05-06T07:08:00Z');
let upstream: Upstream;
let served: PictureGateway;

/** The eastern half of Mars is red, the western one blue; the day of TIME is the green of both. */
async function draw(url: string, response: ServerResponse): Promise<void> {
  const query = new URL(url, 'http://x').searchParams;
  const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
  const [minX, , maxX] = query.get('BBOX')!.split(',').map(Number) as [number, number, number, number];
  const day = Number((query.get('time') ?? '2000-01-00').slice(8, 10));
  const picture = plainPicture(width, height, [0, day, 0, 255]);
  for (let i = 0; i < width * height; i++) picture.data[i * 4 + (minX + (((i % width) + 0.5) / width) * (maxX - minX) > 0 ? 0 : 2)] = 250;
  response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode({ ...picture, opaque: true }, 'image/png', { quality: 90, background: 0 }));
}

const KINDS = ['{type: sqlite, directory: lite}', '{type: mbtiles, filename: ./one.mbtiles}', '{type: geopackage, filename: ./one.gpkg}'] as const;

const config = (url: string): string => `
services: {hips: , wms: {srs: ['IAU_2015:49900', 'IAU_2015:49901']}, wmts: }
layers:
  - {name: map, title: A map server, sources: [mars]}
  - {name: picture, title: A picture, sources: [grey]}
${KINDS.map((_, i) => `  - {name: days${i}, title: Days, sources: [days${i}], dimensions: {time: {values: [2020-01-01, 2020-01-02]}}}`).join('\n')}
caches:
${KINDS.map((kind, i) => `  days${i}: {grids: [MARS_GEOGRAPHIC], sources: [mars], meta_size: [1, 1], meta_buffer: 0, cache: ${kind}}`).join('\n')}
sources:
  mars: {type: wms, req: {url: '${url}/?', layers: a}, supported_srs: ['IAU_2015:49900'], forward_req_params: [time]}
  grey: {type: image, url: grey.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
globals: {cache: {base_dir: cache}}
server: {limits: {memory_cache_mb: 0}}
`;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => draw(request.url!, response));
  served = await pictureGateway(config(upstream.url), { grey: plainPicture(2048, 1024, [9, 9, 9, 255]) }, { before: (directory) => utimesSync(path.join(directory, 'grey.png'), PICTURE_DATE, PICTURE_DATE) });
});
afterAll(async () => {
  await served.close();
  await upstream.close();
});

async function propertiesOf(layer: string): Promise<ReadonlyMap<string, string>> {
  const { body } = await served.app.inject(`/hips/${layer}/properties`);
  return new Map(body.split('\n').filter((line) => line.includes('=')).map((line): [string, string] => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]));
}

describe('from MapProxy', () => {
  it('x of a planetographic system grows to the west: boxes and pictures', async () => {
    const capabilities = (await served.app.inject('/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0')).body;
    expect(capabilities).toMatch(/<Name>map<\/Name>[\s\S]*?<BoundingBox CRS="IAU_2015:49901" minx="-90" miny="-180" maxx="90" maxy="180"\/>/);
    const query = '/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=map&STYLES=&CRS=IAU_2015:49901&BBOX=-10,10,10,170&WIDTH=16&HEIGHT=2&FORMAT=image/png'; // 10 to 170 degrees west
    const picture = await decoded((await served.app.inject(query)).rawPayload);
    expect([0, 15].map((col) => pixelAt(picture, col, 1).slice(0, 3))).toEqual([[0, 0, 250], [0, 0, 250]]);
    const east = await decoded((await served.app.inject(query.replace('BBOX=-10,10,10,170', 'BBOX=-10,-170,10,-10'))).rawPayload);
    expect(pixelAt(east, 3, 1).slice(0, 3)).toEqual([250, 0, 0]);
  });

  it.each(KINDS.map((kind, i) => [kind, i] as const))('%s keeps the tiles of each value of a dimension', async (_, i) => {
    const tile = async (day: string): Promise<number> => {
      const url = `/service?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=days${i}&STYLE=&TILEMATRIXSET=MARS_GEOGRAPHIC&TILEMATRIX=1&TILEROW=0&TILECOL=0&FORMAT=image/png&TIME=${day}`;
      const answer = await served.app.inject(url);
      expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
      return pixelAt(await decoded(answer.rawPayload), 3, 3)[1]!;
    };
    upstream.requests.length = 0;
    const found: number[] = [];
    for (const day of ['2020-01-01', '2020-01-02', '2020-01-01', '2020-01-02']) found.push(await tile(day));
    expect(found).toEqual([1, 2, 1, 2]);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe('from mapproxy_hips', () => {
  it('a HiPS names its body, what may be done with it, and how deep it is', async () => {
    const [map, picture] = await Promise.all([propertiesOf('map'), propertiesOf('picture')]);
    expect([map.get('hips_frame'), map.get('hips_body'), map.get('hips_status'), map.get('hips_order')]).toEqual(['mars', 'mars', 'public master unclonable', '8']);
    expect([picture.get('hips_frame'), picture.get('hips_body'), picture.get('hips_order')]).toEqual(['moon', 'moon', '0']); // pixels of 0.18 degrees; those of order 0 have 0.11
    expect((await served.app.inject('/hips/picture/Norder1/Dir0/Npix0.png')).statusCode).toBe(404);
  });

  it('hips_release_date is that of the picture, or of the configuration', async () => {
    const written = statSync(path.join(served.directory, 'gateway.yaml')).mtime.toISOString();
    expect((await propertiesOf('picture')).get('hips_release_date')).toBe('2024-05-06T07:08Z');
    expect((await propertiesOf('map')).get('hips_release_date')).toBe(`${written.slice(0, 16)}Z`);
  });
});
