import { afterEach, describe, expect, it } from 'vitest';
import { startUpstream } from '../../../test/contract/upstreamServer.ts';
import type { Upstream } from '../../../test/contract/upstreamServer.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { createSharpCodec } from '../../raster/codec/sharp.ts';
import { createHttpClient } from '../net/http.ts';
import { crsTiling } from './crsTiling.ts';
import { decodedSource } from './decodedSource.ts';
import type { PatchBytes } from './types.ts';
import { wmsBytes } from './wms.ts';
import type { WmsBytesOptions } from './wms.ts';

const codec = createSharpCodec({ maxPixels: 1e6 });
const never = new AbortController().signal;
const http = createHttpClient({ tries: 1 });
const tiling = crsTiling(crsOf('IAU_2015:49900'), [-180, -90, 180, 90], { maxLevels: 3, patchSize: 64 });

let upstream: Upstream | null = null;
afterEach(async () => {
  await upstream?.close();
  upstream = null;
});

async function png(width: number, height: number): Promise<Uint8Array> {
  const data = new Uint8Array(width * height * 4).fill(255);
  return codec.encode({ width, height, data, opaque: true }, 'image/png', { quality: 85, background: 0 });
}

async function wms(handler: Parameters<typeof startUpstream>[0], more: Partial<WmsBytesOptions> = {}): Promise<PatchBytes> {
  upstream = await startUpstream(handler);
  return wmsBytes({
    http,
    url: `${upstream.url}/cgi-bin/mapserv?map=/mars.map`,
    layers: ['mola'],
    styles: [],
    version: '1.3.0',
    tiling,
    srsName: 'IAU_2015:49900',
    format: 'image/png',
    transparent: false,
    ...more,
  });
}

describe('WMS as a source', () => {
  it('asks for exactly the window of a patch (danger: requests that never repeat, maps off by a pixel)', async () => {
    const picture = await png(64, 64);
    const bytes = await wms((_, res) => res.end(picture));
    const source = decodedSource({ id: 'mars', tiling, bytes, codec, decodedCacheBytes: 1e6 });
    expect(await source.fetch(tiling.patchAt(0, 0, 3, 1)!, never)).toMatchObject({ width: 64, height: 64, opaque: true });
    await source.fetch(tiling.patchAt(1, 0, 0, 0)!, never);
    const asked = (bbox: string) =>
      '/cgi-bin/mapserv?map=/mars.map&SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=mola&STYLES=&CRS=IAU_2015:49900' +
      `&BBOX=${bbox}&WIDTH=64&HEIGHT=64&FORMAT=image/png&TRANSPARENT=FALSE`;
    expect(upstream!.requests).toEqual([asked('-90,90,0,180'), asked('-90,-180,90,0')]);
  });

  it('asks 1.1.1, other names and other axis orders as told, and cuts at the border', async () => {
    const open = crsTiling(crsOf('IAU_2015:49900'), [0, 0, 100, 70], { finestCell: 1, patchSize: 64 });
    const bytes = await wms(async (_, res) => res.end(await png(36, 6)), { tiling: open, srsName: 'EPSG:4326', axisOrder: 'xy' });
    await bytes.fetch(open.patchAt(0, 0, 1, 1)!, never);
    expect(upstream!.requests[0]).toContain('&CRS=EPSG:4326&BBOX=64,0,100,6&WIDTH=36&HEIGHT=6&');
    const old = wmsBytes({ http, url: upstream!.url, layers: ['a'], styles: [], version: '1.1.1', tiling: open, srsName: 'EPSG:4326', format: 'image/jpeg', transparent: true, extraParams: { TIME: 'now' } });
    await old.fetch(open.patchAt(0, 0, 1, 0)!, never);
    expect(upstream!.requests[1]).toBe(
      '/?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=a&STYLES=&SRS=EPSG:4326&BBOX=64,6,100,70&WIDTH=36&HEIGHT=64&FORMAT=image/jpeg&TRANSPARENT=TRUE&TIME=now',
    );
  });

  it.each([
    ['an exception with 200', 200, 'application/vnd.ogc.se_xml', '<ServiceExceptionReport><ServiceException>no such layer</ServiceException></ServiceExceptionReport>', 'UPSTREAM_FAILED', 'no such layer'],
    ['an exception said to be a picture', 200, 'image/png', '<ServiceException>disk</ServiceException>', 'UPSTREAM_FAILED', 'disk'],
    ['a login page', 200, 'text/html', '<h1>Please log in</h1>', 'UPSTREAM_FAILED', 'Please log in'],
    ['nothing', 200, 'image/png', '', 'UPSTREAM_FAILED', 'image/png'],
    ['404', 404, 'text/plain', 'gone', 'UPSTREAM_FAILED', '404'],
    ['500', 500, 'text/plain', 'oops', 'UPSTREAM_FAILED', 'oops'],
    ['504', 504, 'text/plain', 'slow', 'UPSTREAM_TIMEOUT', 'slow'],
  ])('calls %s a failure and repeats the upstream\'s words (danger: an error page cached as a map)', async (_, status, type, body, code, words) => {
    const bytes = await wms((_req, res) => res.writeHead(status, { 'content-type': type }).end(body));
    const error: unknown = await bytes.fetch(tiling.patchAt(0, 0, 0, 0)!, never).then(
      () => null,
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toContain(words);
  });

  it('takes a picture sent as octet-stream, but not one with status 500', async () => {
    const picture = await png(64, 64);
    const bytes = await wms((_, res, nth) => res.writeHead(nth === 1 ? 200 : 500, { 'content-type': 'application/octet-stream' }).end(picture));
    expect(await bytes.fetch(tiling.patchAt(0, 0, 0, 0)!, never)).toMatchObject({ contentType: 'image/png' });
    await expect(bytes.fetch(tiling.patchAt(0, 0, 0, 0)!, never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('refuses a map of another size than asked for', async () => {
    const picture = await png(64, 32);
    const bytes = await wms((_, res) => res.end(picture));
    const source = decodedSource({ id: 'mars', tiling, bytes, codec, decodedCacheBytes: 1e6 });
    await expect(source.fetch(tiling.patchAt(0, 0, 0, 0)!, never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
  });
});
