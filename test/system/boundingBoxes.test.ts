import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * `services.wms.bbox_srs`. Dangers: a box in the capabilities that no map fills, or a layer without any; a map that is cut elsewhere than its box, or whose
 * pixels move when it is cut.
 */
const config = (boxes: string): string => `
services: {wms: {srs: ['EPSG:4326', 'IAU_2015:30110', 'IAU_2015:30100', 'IAU_2015:49900', 'IAU_2015:49910'], bbox_srs: ${boxes}}, ogcapi: }
layers:
  - {name: moon, title: Moon, sources: [moon]}
  - {name: part, title: Part, sources: [part]}
  - {name: mars, title: Mars, sources: [mars]}
sources:
  moon: {type: image, url: pixels.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], resampling_method: nearest}
  part: {type: image, url: pixels.png, srs: 'IAU_2015:30100', bbox: [-50, -60, 10, 20]}
  mars: {type: image, url: pixels.png, srs: 'IAU_2015:49900', bbox: [-180, -90, 180, 90]}
globals: {cache: {base_dir: cache}}
`;
const pixels = { ...plainPicture(72, 36, [0, 0, 0, 255]) };
for (let i = 0; i < 72 * 36; i++) pixels.data.set([(i * 37) % 256, (i * 11) % 256, i % 256, 255], i * 4);

let served: PictureGateway;
let whole: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(config("['IAU_2015:30110', {srs: 'IAU_2015:30100', bbox: [-30, -40, 100, 50]}, {srs: 'EPSG:4326', bbox: [-30, -40, 100, 50]}]"), { pixels });
  whole = await pictureGateway(config('[]'), { pixels });
});
afterAll(async () => {
  await served.close();
  await whole.close();
});

describe('the capabilities', () => {
  const boxesOf = async (from: PictureGateway, layer: string): Promise<readonly string[]> => {
    const { body } = await from.app.inject('/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1');
    const text = body.slice(body.indexOf(`<Name>${layer}</Name>`)).split('<Style>')[0]!;
    return [...text.matchAll(/<(LatLonBoundingBox|BoundingBox SRS="[^"]*") minx="([^"]*)" miny="([^"]*)" maxx="([^"]*)" maxy="([^"]*)"/g)].map(([, name, ...numbers]) => `${name!.replace(/BoundingBox SRS=|"/g, '')} ${numbers.map((n) => Math.round(Number(n))).join(' ')}`);
  };

  it.each([
    ['moon', ['LatLonBoundingBox -30 -40 100 50', 'EPSG:4326 -30 -40 100 50', 'IAU_2015:30110 -5458203 -2729102 5458203 2729102', 'IAU_2015:30100 -30 -40 100 50']],
    ['part', ['LatLonBoundingBox -30 -40 10 20', 'EPSG:4326 -30 -40 10 20', 'IAU_2015:30110 -1516168 -1819401 303234 606467', 'IAU_2015:30100 -30 -40 10 20']],
    // The box in EPSG:4326 is that of any body.
    ['mars', ['LatLonBoundingBox -30 -40 100 50', 'EPSG:4326 -30 -40 100 50']],
  ])('of %s: the boxes that are listed, limited', async (layer, boxes) => expect(await boxesOf(served, layer)).toEqual(boxes));

  it('still tell every system', async () => {
    const { body } = await served.app.inject('/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1');
    expect([...body.slice(body.indexOf('<Name>mars</Name>')).split('<Style>')[0]!.matchAll(/<SRS>([^<]*)/g)].map(([, srs]) => srs)).toEqual(['EPSG:4326', 'IAU_2015:49900', 'IAU_2015:49910']);
  });

  it('of a body of which nothing is listed: all', async () => {
    const other = await pictureGateway(config("['IAU_2015:30110']"), { pixels });
    expect(await boxesOf(other, 'mars')).toEqual(await boxesOf(whole, 'mars'));
    expect(await boxesOf(other, 'moon')).toEqual(['LatLonBoundingBox -180 -90 180 90', 'IAU_2015:30110 -5458203 -2729102 5458203 2729102']);
    await other.close();
  });

  it('without the option: all', async () => expect(await boxesOf(whole, 'moon')).toHaveLength(4));
});

describe('a map', () => {
  const map = async (from: PictureGateway, srs: string, bbox: string, size = '100x80'): Promise<Awaited<ReturnType<typeof decoded>>> => {
    const [width, height] = size.split('x');
    const answer = await from.app.inject(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=moon&STYLES=&SRS=${srs}&BBOX=${bbox}&WIDTH=${width}&HEIGHT=${height}&FORMAT=image/png&TRANSPARENT=TRUE`);
    expect(answer.statusCode).toBe(200);
    return decoded(answer.rawPayload);
  };

  it.each([['IAU_2015:30100', '-60,-50,40,30'], ['IAU_2015:30100', '50,20,150,100'], ['EPSG:4326', '-60.3,-50.2,40.1,30.7'], ['IAU_2015:30100', '-20,-20,30,20']])('in %s of %s: the same pixels, within the box', async (srs, bbox) => {
    const [found, all] = [await map(served, srs, bbox), await map(whole, srs, bbox)];
    const [minX, minY, maxX, maxY] = bbox.split(',').map(Number) as [number, number, number, number];
    let inside = 0;
    for (let row = 0; row < 80; row++) {
      for (let col = 0; col < 100; col++) {
        const [x, y] = [minX + ((col + 0.5) / 100) * (maxX - minX), maxY - ((row + 0.5) / 80) * (maxY - minY)];
        const isInside = x >= -30 && x <= 100 && y >= -40 && y <= 50;
        inside += Number(isInside);
        const wanted = isInside ? pixelAt(all, col, row) : [0, 0, 0, 0];
        if (pixelAt(found, col, row).join() !== wanted.join()) expect([col, row, pixelAt(found, col, row)]).toEqual([col, row, wanted]);
      }
    }
    expect(inside).toBeGreaterThan(0);
  });

  it('outside the box: blank', async () => expect((await map(served, 'IAU_2015:30100', '120,-40,130,-30')).data.every((value) => value === 0)).toBe(true));

  it('in a system without a box: whole', async () => expect(await map(served, 'IAU_2015:30110', '-3000000,-2000000,-2000000,-1000000')).toEqual(await map(whole, 'IAU_2015:30110', '-3000000,-2000000,-2000000,-1000000')));

  it('of OGC API: whole, as bbox_srs is of WMS', async () => {
    const ask = (from: PictureGateway) => from.app.inject('/ogcapi/collections/moon/map?bbox=-60,-50,40,30&width=100&height=80&f=png');
    expect((await ask(served)).rawPayload.equals((await ask(whole)).rawPayload)).toBe(true);
  });
});
