import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textsOf } from '../conformance/validate.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { decoded, pictureGateway, type PictureGateway } from '../support/pictureGateway.ts';

/** WMS-C: tiled=true, as MapProxy answers it. */

const YAML = `
services: {wms: , wmts: }
layers:
  - {name: moon, title: Moon, sources: [tiles]}
  - {name: plain, title: Without tiles, sources: [moon]}
  - {name: part, title: A part, sources: [part_tiles]}
caches:
  tiles: {grids: [MOON_EQUIRECTANGULAR, degrees], sources: [moon], format: image/jpeg}
  part_tiles: {grids: [degrees], sources: [part]}
grids: {degrees: {srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], origin: sw, res: [1.40625, 0.703125, 0.3515625]}}
sources:
  moon: {type: image, url: moon.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  part: {type: image, url: moon.png, srs: 'IAU_2015:30100', bbox: [20, 10, 60, 50]}
globals: {cache: {base_dir: ./kept}}
`;

const moon: Raster = { width: 720, height: 360, opaque: true, data: Uint8Array.from({ length: 720 * 360 * 4 }, (_, i) => [(i >> 2) % 256, Math.floor((i >> 2) / 720) % 256, (i >> 4) % 251, 255][i % 4]!) };

let served: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(YAML, { moon });
});
afterAll(() => served.close());

interface Asked {
  readonly layers?: string;
  readonly srs?: string;
  readonly bbox?: string;
  readonly size?: number;
  readonly format?: string;
  readonly more?: string;
}

/** Level 1 of the grid in degrees, column 2, row 0 from below. */
function urlOf({ layers = 'moon', srs = 'IAU_2015:30100', bbox = '0,-90,180,90', size = 256, format = 'image/jpeg', more = '&tiled=true' }: Asked): string {
  return `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layers}&STYLES=&SRS=${srs}&BBOX=${bbox}&WIDTH=${size}&HEIGHT=${size}&FORMAT=${format}${more}`;
}

describe('a map that is a tile', () => {
  it.each([
    ['degrees, counted from below', {}, '/wmts/moon/degrees/1/1/0.jpg'],
    ['the alias of degrees', { srs: 'EPSG:4326' }, '/wmts/moon/degrees/1/1/0.jpg'],
    ['the finest level', { bbox: '-90,0,0,90' }, '/wmts/moon/degrees/2/1/0.jpg'],
    ['less than a tenth of a pixel beside', { bbox: '0.05,-90,180.05,90' }, '/wmts/moon/degrees/1/1/0.jpg'],
    ['metres', { srs: 'IAU_2015:30110', bbox: `0,0,${(Math.PI * 1737400) / 2},${(Math.PI * 1737400) / 2}` }, '/wmts/moon/MOON_EQUIRECTANGULAR/1/2/0.jpg'],
    ['another format, transparent', { format: 'image/png', more: '&TILED=TRUE&TRANSPARENT=TRUE' }, '/wmts/moon/degrees/1/1/0.png'],
  ])('%s: is that of WMTS', async (_name, asked, wmts) => {
    const [map, tile] = await Promise.all([served.app.inject(urlOf(asked)), served.app.inject(wmts)]);
    expect([map.statusCode, tile.statusCode]).toEqual([200, 200]);
    expect(map.rawPayload.equals(tile.rawPayload)).toBe(true);
    for (const header of ['etag', 'last-modified', 'cache-control', 'content-type']) expect(map.headers[header], header).toBe(tile.headers[header]);
  });

  it('over a background is drawn', async () => {
    const white = await decoded((await served.app.inject(urlOf({ layers: 'part', format: 'image/png', more: '&tiled=true&BGCOLOR=0x00FF00' }))).rawPayload);
    expect([...white.data.subarray(0, 4)]).toEqual([0, 255, 0, 255]);
  });

  it('of layers without tiles, or of several, is drawn', async () => {
    for (const layers of ['plain', 'moon,part']) {
      const [tiled, plain] = await Promise.all([served.app.inject(urlOf({ layers })), served.app.inject(urlOf({ layers, more: '' }))]);
      expect(tiled.rawPayload.equals(plain.rawPayload), layers).toBe(true);
    }
    const off = await served.app.inject(urlOf({ bbox: '3,-90,183,90', more: '&tiled=false' }));
    expect(off.headers['content-type']).toBe('image/jpeg');
  });
});

describe('a map that is no tile is refused, with what would be one', () => {
  it.each([
    [{ bbox: '3,-90,183,90' }, 'BBOX is that of no tile of &apos;moon&apos; on degrees'],
    [{ bbox: '0,-90,90,0', layers: 'plain,moon', size: 128 }, 'a tile of &apos;moon&apos; has 256 x 256 pixels, not 128 x 128'],
    [{ srs: 'IAU_2015:30130', bbox: '-1000,-1000,1000,1000' }, 'has no tiles in IAU_2015:30130; it has in IAU_2015:30110, IAU_2015:30100'],
    [{ format: 'image/tiff' }, 'tiles of &apos;moon&apos; are image/jpeg, image/png, image/webp, image/avif, not image/tiff'],
  ])('%o', async (asked, said) => {
    const answer = await served.app.inject(urlOf(asked));
    expect(answer.statusCode).toBe(400);
    expect(answer.body.replaceAll("'", '&apos;').replaceAll('&#39;', '&apos;')).toContain(said);
  });
});

describe('capabilities with tiled=true', () => {
  const caps = (more: string) => served.app.inject(`/service?SERVICE=WMS&REQUEST=GetCapabilities${more}`);
  const SET = '/WMT_MS_Capabilities/Capability/VendorSpecificCapabilities/TileSet';

  it('list the grids of each layer', async () => {
    const { body } = await caps('&VERSION=1.1.1&tiled=true');
    expect(textsOf(body, `${SET}/Layers`)).toEqual(['moon', 'moon', 'part']);
    expect(textsOf(body, `${SET}/SRS`)).toEqual(['IAU_2015:30110', 'IAU_2015:30100', 'IAU_2015:30100']);
    expect(['minx', 'miny', 'maxx', 'maxy'].map((name) => textsOf(body, `${SET}[2]/BoundingBox/@${name}`)[0])).toEqual(['-180', '-90', '180', '90']);
    expect(textsOf(body, `${SET}[2]/Resolutions`)).toEqual(['1.40625 0.703125 0.3515625']);
    expect([textsOf(body, `${SET}[2]/Width`), textsOf(body, `${SET}[2]/Format`)]).toEqual([['256'], ['image/jpeg']]);
    expect(body).toContain('<!ELEMENT TileSet (SRS, BoundingBox?, Resolutions, Width, Height, Format, Layers*, Styles*)>');
  });

  it('are without them unless asked, and in 1.3.0', async () => {
    expect((await caps('&VERSION=1.1.1')).body).not.toContain('TileSet');
    expect((await caps('&VERSION=1.3.0&tiled=true')).body).not.toContain('TileSet');
  });

  it('lead to tiles: the first of each set, counted from its lower left corner', async () => {
    const { body } = await caps('&VERSION=1.1.1&tiled=true');
    const [srs, layers, formats, resolutions] = [textsOf(body, `${SET}/SRS`), textsOf(body, `${SET}/Layers`), textsOf(body, `${SET}/Format`), textsOf(body, `${SET}/Resolutions`)];
    const [west, south] = [textsOf(body, `${SET}/BoundingBox/@minx`).map(Number), textsOf(body, `${SET}/BoundingBox/@miny`).map(Number)];
    for (const [i, layer] of layers.entries()) {
      for (const resolution of resolutions[i]!.split(' ').map(Number)) {
        const bbox = [west[i]!, south[i]!, west[i]! + 256 * resolution, south[i]! + 256 * resolution].join(',');
        const answer = await served.app.inject(urlOf({ layers: layer, srs: srs[i]!, bbox, format: formats[i]!, more: '&tiled=true&TRANSPARENT=TRUE' }));
        expect(answer.statusCode, `${layer} ${bbox}: ${answer.body.slice(0, 300)}`).toBe(200);
      }
    }
  });
});
