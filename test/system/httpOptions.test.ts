import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { startUpstream } from '../contract/upstreamServer.ts';
import { loadText } from '../config/loadText.ts';
import { pictureGateway } from '../support/pictureGateway.ts';

/**
 * `http` of sources and `globals`, as in MapProxy (client/wms.py, client/http.py). Dangers: an option is read and not applied, or one of a source is
 * applied to another; the parameters of the address (MapServer's map=) are lost in a POST.
 */
const codec = createSharpCodec({ maxPixels: 1e8 });
const TLS = new URL('../data/tls/', import.meta.url);
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

/** Method, address, body of each request. */
async function answering(asked: string[], cookies: (string | undefined)[] = []): Promise<(request: IncomingMessage, response: ServerResponse) => Promise<void>> {
  return async (request, response) => {
    const body = await text(request);
    asked.push(`${request.method} ${request.url}${body === '' ? '' : ` ${body}`}`);
    cookies.push(request.headers.cookie);
    const query = new URLSearchParams(body === '' ? request.url!.split('?')[1] : body);
    const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
    const picture = await codec.encode({ width, height, data: new Uint8Array(width * height * 4).fill(255), opaque: true }, 'image/png', { quality: 90, background: 0 });
    response.writeHead(200, { 'content-type': 'image/png', 'set-cookie': 'sid=7; Path=/' }).end(picture);
  };
}

async function status(sources: string, layers: readonly string[], globals = '{}'): Promise<readonly number[]> {
  const served = await pictureGateway(`
services: {wms: {srs: ['EPSG:4326']}}
layers: [${layers.map((name) => `{name: ${name}, title: ${name}, sources: [${name}]}`).join(', ')}]
sources: ${sources}
globals: {cache: {base_dir: cache}, http: ${globals}}
`, {});
  cleanUp.push(() => served.close());
  const found = [];
  for (const name of layers) {
    found.push((await served.app.inject(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${name}&STYLES=&SRS=EPSG:4326&BBOX=0,0,10,10&WIDTH=20&HEIGHT=20&FORMAT=image/png`)).headers['content-type'] === 'image/png' ? 200 : 500);
  }
  return found;
}

const MAP = 'SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=x&STYLES=&SRS=EPSG:4326&BBOX=0,0,10,10&WIDTH=20&HEIGHT=20&FORMAT=image/png&TRANSPARENT=FALSE';

describe('method', () => {
  it.each([
    ['GET', '', `GET /wms?map=a&${MAP}`],
    ['post', '', `POST /wms?map=a ${MAP}`],
    ['AUTO', '', `GET /wms?map=a&${MAP}`],
    ['AUTO', ', sld_body: "<a/>"', `POST /wms?map=a ${MAP}&sld_body=%3Ca/%3E`],
    ['GET', ', sld_body: "<a/>"', `GET /wms?map=a&${MAP}&sld_body=%3Ca/%3E`],
  ])('%s%s: %s', async (method, more, wanted) => {
    const asked: string[] = [];
    const upstream = await startUpstream(await answering(asked));
    cleanUp.push(() => upstream.close());
    const source = (http: string): string => `{a: {type: wms, req: {url: '${upstream.url}/wms?map=a', layers: x${more}}, supported_srs: ['EPSG:4326']${http}}}`;
    expect(await status(source(`, http: {method: ${method}}`), ['a'])).toEqual([200]);
    expect(await status(source(''), ['a'], `{method: ${method}}`)).toEqual([200]);
    expect(asked).toEqual([wanted, wanted]);
  });
});

describe('certificates', () => {
  it('are checked, against a file, or not at all, for each source', async () => {
    const server = createServer({ key: readFileSync(new URL('key.pem', TLS)), cert: readFileSync(new URL('certificate.pem', TLS)) }, await answering([]));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUp.push(() => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/?`;
    const wms = (http: string): string => `{type: wms, req: {url: '${url}', layers: x}, supported_srs: ['EPSG:4326'], http: {tries: 1${http}}}`;
    const sources = `{checked: ${wms('')}, own: ${wms(`, ssl_ca_certs: '${new URL('certificate.pem', TLS).pathname}'`)}, other: ${wms(`, ssl_ca_certs: '${new URL('other.pem', TLS).pathname}'`)}, never: ${wms(', ssl_no_cert_checks: true')}}`;
    const layers = ['checked', 'own', 'other', 'never'];
    expect(await status(sources, layers)).toEqual([500, 200, 500, 200]);
    expect(await status(sources, layers, `{ssl_ca_certs: '${new URL('certificate.pem', TLS).pathname}'}`)).toEqual([200, 200, 500, 200]);
    expect(await status(sources, layers, '{ssl_no_cert_checks: true}')).toEqual([200, 200, 200, 200]);
  });

  it('a file that is not there is a mistake, with its place', () => {
    const yaml = (source: string, globals: string): string => `services: {wms: }\nlayers: [{name: a, title: A, sources: [a]}]\nsources: {a: {type: wms, req: {url: 'http://h/'}${source}}}\nglobals: {http: {${globals}}}\n`;
    expect(() => loadText(yaml(', http: {ssl_ca_certs: nothing.pem}', ''))).toThrow(/sources\.a\.http\.ssl_ca_certs: there is no file/);
    expect(() => loadText(yaml('', 'ssl_ca_certs: nothing.pem'))).toThrow(/globals\.http\.ssl_ca_certs: there is no file/);
  });
});

it('manage_cookies: what the upstream sets comes back to it, for the sources that say so', async () => {
  const cookies: (string | undefined)[] = [];
  const upstream = await startUpstream(await answering([], cookies));
  cleanUp.push(() => upstream.close());
  const wms = (http: string): string => `{type: wms, req: {url: '${upstream.url}/?', layers: x}, supported_srs: ['EPSG:4326']${http}}`;
  expect(await status(`{a: ${wms(', http: {manage_cookies: true}')}, b: ${wms('')}}`, ['a', 'b', 'b', 'a'].slice(0, 2))).toEqual([200, 200]);
  const again = await pictureGateway(`
services: {wms: {srs: ['EPSG:4326']}}
layers: [{name: a, title: A, sources: [a]}]
sources: {a: ${wms(', http: {manage_cookies: true}')}}
globals: {cache: {base_dir: cache}}
`, {});
  cleanUp.push(() => again.close());
  cookies.length = 0;
  for (const width of [20, 21]) await again.app.inject(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=a&STYLES=&SRS=EPSG:4326&BBOX=0,0,10,10&WIDTH=${width}&HEIGHT=20&FORMAT=image/png`);
  expect(cookies).toEqual([undefined, 'sid=7']);
});
