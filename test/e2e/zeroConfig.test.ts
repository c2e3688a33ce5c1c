import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decoded } from '../support/pictureGateway.ts';
import { type Gateway, getBytes, ROOT, startGateway } from './support/gateway.ts';
import { degreesPlane, expectMap, northPolarPlane } from './support/mapView.ts';
import { startMapServer } from './support/mapserver.ts';
import { MOON_JPG } from './support/moon.ts';
import { run } from './support/process.ts';

const running: Gateway[] = [];
afterEach(async () => {
  for (const gateway of running.splice(0).toReversed()) await gateway.stop();
});

async function serve(...args: readonly string[]): Promise<Gateway> {
  const gateway = await startGateway({ args });
  running.push(gateway);
  return gateway;
}

const EXTENT = [-60, -40, 60, 40] as const;

/** The near side by WMS, which must be that of the picture. */
async function expectMoon({ url }: Gateway, layer: string, mean: number): Promise<void> {
  const png = await getBytes(`${url}/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=IAU_2015:30100&BBOX=${EXTENT.join()}&WIDTH=600&HEIGHT=400&FORMAT=image/png`);
  await expectMap(png, { extent: EXTENT, placeAt: degreesPlane }, mean);
  expect((await decoded(await getBytes(`${url}/hips/${layer}/Norder0/Dir0/Npix4.png`))).width).toBe(512);
}

describe('serve without a configuration', () => {
  it('a picture, and its HiPS, WMS and WMTS by their addresses', async () => {
    const picture = await serve(MOON_JPG, '--body', 'moon');
    await expectMoon(picture, 'moon', 1);
    for (const address of ['hips/moon', 'service?', 'wmts/1.0.0/WMTSCapabilities.xml']) await expectMoon(await serve(`${picture.url}/${address}`), 'moon', 1.5);
  });

  it('a WMS of MapServer, which calls the degrees of the Moon EPSG:4326 and does not know its own address', async () => {
    const upstream = await startMapServer('moon', MOON_JPG);
    try {
      const gateway = await serve(upstream.url, '--body', 'moon');
      await expectMoon(gateway, 'moon', 2);
      const asked = upstream.requests.filter((request) => request.get('REQUEST') === 'GetMap');
      expect(new Set(asked.map((request) => `${request.get('VERSION')} ${request.get('CRS') ?? request.get('SRS')} ${request.get('LAYERS')}`))).toEqual(new Set(['1.3.0 EPSG:4326 moon']));
    } finally {
      await upstream.stop();
    }
  });

  it('a GeoTIFF of a pole that says itself what it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hips-gateway-e2e-tiff-'));
    try {
      const [vrt, tif] = [join(folder, 'moon.vrt'), join(folder, 'pole.tif')];
      await run('gdal_translate', ['-q', '-of', 'VRT', '-a_srs', 'IAU:30100', '-a_ullr', '-180', '90', '180', '-90', MOON_JPG, vrt], 60_000);
      await run('gdalwarp', ['-q', '-r', 'bilinear', '-t_srs', 'IAU:30130', '-te', '-2400000', '-1600000', '2400000', '1600000', '-ts', '1200', '800', vrt, tif], 60_000);
      const { url } = await serve(tif);
      const extent = [-1_800_000, -1_200_000, 1_800_000, 1_200_000] as const;
      const png = await getBytes(`${url}/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=pole&STYLES=&SRS=IAU_2015:30130&BBOX=${extent.join()}&WIDTH=450&HEIGHT=300&FORMAT=image/png`);
      await expectMap(png, { extent, placeAt: northPolarPlane }, 2);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('the folder of a HiPS', async () => {
    await expectMoon(await serve(join(ROOT, 'test/data/hipsgen-moon'), '--body', 'moon'), 'hipsgen_moon', 3.5);
  });
});
