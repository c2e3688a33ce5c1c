import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from './support/gateway.ts';
import { degreesPlane, expectMap, metresPlane, MOON_RADIUS, northPolarPlane } from './support/mapView.ts';
import { MOON_MAPS } from './support/moonMaps.ts';
import { run } from './support/process.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ text: MOON_MAPS });
});
afterAll(() => gateway?.stop());

/** Runs a Python script with OWSLib in the gateway's folder; it prints one JSON value. `{url}` is the gateway's address. */
async function python(script: string): Promise<unknown> {
  await writeFile(join(gateway.folder, 'ask.py'), script.replaceAll('{url}', gateway.url));
  const text = await run('/usr/bin/python3', ['ask.py'], 120_000, { cwd: gateway.folder });
  return JSON.parse(text.slice(text.lastIndexOf('\n{') + 1));
}

const WMS = `
import json
from owslib.wms import WebMapService
wms = WebMapService('{url}/service', version='VERSION')
layer = wms['moon']
for number, (srs, bbox) in enumerate([('IAU_2015:30100', (-100, -50, 20, 40)), ('IAU_2015:30130', (-1000000, -1500000, 1400000, 300000))]):
    picture = wms.getmap(layers=['moon'], styles=[''], srs=srs, bbox=bbox, size=(640, 480), format='image/png', transparent=True)
    open('wms%d.png' % number, 'wb').write(picture.read())
info = wms.getfeatureinfo(layers=['moon'], query_layers=['moon'], styles=[''], srs='IAU_2015:30110', bbox=(0, 0, 1000000, 1000000), size=(100, 100), format='image/png', info_format='application/json', xy=(50, 50))
print()
print(json.dumps({'title': layer.title, 'crs': layer.crsOptions, 'box': layer.boundingBoxWGS84, 'queryable': layer.queryable, 'info': json.loads(info.read()), 'formats': wms.getOperationByName('GetMap').formatOptions}))
`;

describe('OWSLib', () => {
  it.each(['1.1.1', '1.3.0'])('reads WMS %s: capabilities, maps and feature info', async (version) => {
    const found = (await python(WMS.replace('VERSION', version))) as {
      readonly title: string; readonly crs: readonly string[]; readonly box: readonly number[]; readonly formats: readonly string[];
      readonly info: { readonly layers: readonly { readonly lon: number; readonly lat: number }[] };
    };
    expect(found).toMatchObject({ title: 'The Moon', box: [-180, -90, 180, 90], queryable: 1 });
    expect(found.crs).toEqual(expect.arrayContaining(['IAU_2015:30100', 'IAU_2015:30110', 'IAU_2015:30130']));
    expect(found.formats).toContain('image/png');
    const [lon, lat] = metresPlane(505_000, 495_000) as readonly [number, number];
    expect(found.info.layers[0]?.lon).toBeCloseTo(lon, 6);
    expect(found.info.layers[0]?.lat).toBeCloseTo(lat, 6);
    await expectMap(await readFile(join(gateway.folder, 'wms0.png')), { extent: [-100, -50, 20, 40], placeAt: degreesPlane }, 1.3);
    await expectMap(await readFile(join(gateway.folder, 'wms1.png')), { extent: [-1_000_000, -1_500_000, 1_400_000, 300_000], placeAt: northPolarPlane }, 1.3);
  });

  it('reads WMTS: capabilities, tiles in KVP and REST', async () => {
    const found = (await python(`
import json
from owslib.wmts import WebMapTileService
kvp = WebMapTileService('{url}/service')
rest = WebMapTileService('{url}/wmts/1.0.0/WMTSCapabilities.xml')
asked = dict(layer='moon', tilematrixset='MOON_EQUIRECTANGULAR', tilematrix='3', row=2, column=9, format='image/png')
open('kvp.png', 'wb').write(kvp.gettile(**asked).read())
open('rest.png', 'wb').write(rest.gettile(**asked).read())
layer = kvp.contents['moon']
print()
print(json.dumps({'sets': list(kvp.tilematrixsets), 'links': list(layer.tilematrixsetlinks), 'formats': layer.formats, 'resources': len(rest.contents['moon'].resourceURLs), 'crs': kvp.tilematrixsets['MOON_EQUIRECTANGULAR'].crs}))
`)) as { readonly links: readonly string[] };
    expect(found).toMatchObject({ crs: 'urn:ogc:def:crs:IAU_2015::30110' });
    expect(found.links).toEqual(['MOON_EQUIRECTANGULAR', 'MOON_NORTH_POLAR', 'MOON_SOUTH_POLAR', 'MOON_GEOGRAPHIC']);
    const span = (Math.PI * MOON_RADIUS) / 8; // a tile of level 3: the first level has 2 x 1
    const [minX, maxY] = [-8 * span + 9 * span, 4 * span - 2 * span];
    const kvp = await readFile(join(gateway.folder, 'kvp.png'));
    await expectMap(kvp, { extent: [minX, maxY - span, minX + span, maxY], placeAt: metresPlane }, 0.3);
    expect((await readFile(join(gateway.folder, 'rest.png'))).equals(kvp)).toBe(true);
  });
});
