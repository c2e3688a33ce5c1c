import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meanDifference, startMapProxy, startOurs, type Program, type Query, type Said } from './support/sideBySide.ts';

/**
 * What is under a pixel, and legends, asked of MapProxy and of the gateway over the same upstreams. Dangers: an upstream that is asked otherwise, or about
 * another place; answers that are joined otherwise or called by another name; legends that are missing, or in another order.
 */
const SAY: { readonly [format: string]: (layer: string) => string } = {
  'text/plain': (layer) => `${layer}: 1`,
  'text/html': (layer) => `<html><body><p>${layer}</p></body></html>`,
  'text/xml': (layer) => `<?xml version="1.0"?><found><a>${layer}</a></found>`,
  'application/gml+xml; version=3.1': (layer) => `<found><a>${layer}</a></found>`,
  'application/json': (layer) => `{"type": "FeatureCollection", "features": [{"id": "${layer}"}]}`,
};

const yaml = (upstream: string): string => `
services: {wms: {srs: ['EPSG:4326', 'EPSG:3857', 'EPSG:25832'], featureinfo_types: [text, html, xml, json]}, wmts: {featureinfo_formats: [{mimetype: application/json, suffix: json}, {mimetype: 'application/gml+xml; version=3.1', suffix: gml3}]}}
layers:
  - {name: one, title: One, sources: [one]}
  - {name: two, title: Two, sources: [one, other]}
  - {name: cached, title: Cached, sources: [cache, only]}
  - {name: arcgis, title: ArcGIS, sources: [arcgis]}
  - {name: all, title: All, layers: [{name: inner, title: Inner, sources: [other]}]}
caches: {cache: {grids: [GLOBAL_WEBMERCATOR], sources: [one]}}
sources:
  one: {type: wms, req: {url: '${upstream}/?', layers: 'a,b', time: '2020'}, supported_srs: ['EPSG:4326', 'EPSG:3857'], wms_opts: {featureinfo: true}}
  other: {type: wms, req: {url: '${upstream}/?', layers: c}, supported_srs: ['EPSG:4326'], wms_opts: {featureinfo: true, version: 1.3.0, query_layers: points}, coverage: {bbox: [0, 40, 20, 60], srs: 'EPSG:4326'}}
  only: {type: wms, req: {url: '${upstream}/?', layers: d}, supported_srs: ['EPSG:3857'], wms_opts: {map: false, featureinfo: true}}
  arcgis: {type: arcgis, req: {url: '${upstream}/rest/services/a/MapServer', layers: 'show:0', time: '2020'}, supported_srs: ['EPSG:4326', 'EPSG:3857'], opts: {featureinfo: true, featureinfo_tolerance: 3}}
globals: {cache: {base_dir: ./cache_data}}
`;

/** Words of a question that must be the same, and the place that it is about. */
function questionOf(url: string): { readonly words: string; readonly place: readonly [number, number]; readonly size: number } {
  const query = new Map([...new URL(url, 'http://x').searchParams].map(([name, value]) => [name.toUpperCase(), value]));
  const number = (...names: readonly string[]): number => Number(names.map((name) => query.get(name)).find((value) => value !== undefined));
  const box = query.get('BBOX')!.split(',').map(Number) as [number, number, number, number];
  const isTurned = query.get('VERSION') === '1.3.0' && query.get('CRS') === 'EPSG:4326';
  const [minX, minY, maxX, maxY] = isTurned ? [box[1], box[0], box[3], box[2]] : box;
  const words = ['REQUEST', 'VERSION', 'LAYERS', 'QUERY_LAYERS', 'STYLES', 'SRS', 'CRS', 'INFO_FORMAT', 'FORMAT', 'TIME'].map((name) => `${name}=${(query.get(name) ?? '').toLowerCase()}`).join(' ');
  const pixel = (maxX - minX) / number('WIDTH');
  return { words, place: [minX + (number('X', 'I') + 0.5) * pixel, maxY - (number('Y', 'J') + 0.5) * ((maxY - minY) / number('HEIGHT'))], size: pixel };
}

const MAPS = {
  'in a system that they know': 'SRS=EPSG:4326&BBOX=5,45,15,55&WIDTH=200&HEIGHT=200',
  'in one that one of them knows': 'SRS=EPSG:3857&BBOX=600000,6000000,1200000,6600000&WIDTH=300&HEIGHT=300',
  'in one that none of them knows': 'SRS=EPSG:25832&BBOX=400000,5400000,600000,5600000&WIDTH=400&HEIGHT=400',
} as const;

describe('what is under a pixel', () => {
  let both: readonly [Program, Program];
  beforeAll(async () => {
    const say = (query: Query, place: string) => (place.endsWith('/identify') ? { type: 'text/plain', body: query.get('F') === 'html' ? '<html><body>a</body></html>' : '{"results": [1]}' } : query.get('REQUEST') === 'GetFeatureInfo' ? { type: query.get('INFO_FORMAT')!, body: SAY[query.get('INFO_FORMAT')!]!(query.get('QUERY_LAYERS')!) } : undefined);
    both = await Promise.all([startMapProxy(yaml, { say }), startOurs(yaml, { say })]);
  });
  afterAll(async () => {
    for (const program of both ?? []) await program.close();
  });

  async function ask(address: string) {
    for (const { upstream } of both) upstream.requests.length = 0;
    const answers = await Promise.all(both.map(async ({ url }) => {
      const answer = await fetch(`${url}${address}`);
      return { status: answer.status, type: answer.headers.get('content-type')!.split(';')[0]!, body: await answer.text() };
    }));
    const asked = both.map(({ upstream }) => upstream.requests.filter((url) => /GetFeatureInfo/.test(url)).map(questionOf).toSorted((a, b) => (a.words < b.words ? -1 : 1)));
    return { theirs: answers[0]!, ours: answers[1]!, asked };
  }

  function expectSameQuestions([theirs, ours]: readonly ReturnType<typeof questionOf>[][]): void {
    expect(ours!.map(({ words }) => words)).toEqual(theirs!.map(({ words }) => words));
    ours!.forEach(({ place, size }, i) => {
      // MapProxy rounds the place to a pixel of the rectangle around the map, by its corner.
      const slack = 1.5 * Math.max(theirs![i]!.size, size);
      expect(Math.abs(place[0] - theirs![i]!.place[0])).toBeLessThanOrEqual(slack);
      expect(Math.abs(place[1] - theirs![i]!.place[1])).toBeLessThanOrEqual(slack);
    });
  }

  describe.each(Object.entries(MAPS))('%s', (_, map) => {
    it.each([['one', 'text/plain'], ['two', 'text/plain'], ['two', 'text/html'], ['two', 'text/xml'], ['two', 'application/json'], ['one,all', 'text/plain'], ['cached', 'text/plain'], ['all', 'application/json']])(
      'of %s, as %s: the same questions and words',
      async (layers, format) => {
        const found = await ask(`/service?SERVICE=WMS&VERSION=${format === 'text/xml' ? '1.3.0' : '1.1.1'}&REQUEST=GetFeatureInfo&LAYERS=${layers}&QUERY_LAYERS=${layers}&STYLES=&FORMAT=image/png&INFO_FORMAT=${format}&X=100&Y=70&I=100&J=70&${format === 'text/xml' ? turned(map) : map}`);
        expectSameQuestions(found.asked);
        expect([found.ours.status, found.ours.type]).toEqual([200, found.theirs.type]);
        expect(plain(found.ours.body)).toBe(plain(found.theirs.body));
      },
    );
  });

  it.each(['application/json', 'text/html', 'text/plain'])('of an ArcGIS service, as %s: the same questions and words', async (format) => {
    for (const map of [MAPS['in a system that they know'], MAPS['in one that one of them knows']]) {
      const { theirs, ours } = await ask(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetFeatureInfo&LAYERS=arcgis&QUERY_LAYERS=arcgis&STYLES=&FORMAT=image/png&INFO_FORMAT=${format}&X=100&Y=70&${map}`);
      const [asked, wanted] = both.map(({ upstream }) => [...new URL(upstream.requests.find((url) => url.includes('/identify'))!, 'http://x').searchParams].map(([name, value]) => {
        const numbers = value.split(',').map(Number);
        // MapProxy's place is the corner of the pixel: half a pixel beside, at most 1000 m or 0.025 degrees.
        const isPlace = name === 'geometry';
        return [name, isPlace || numbers.some(Number.isNaN) ? (isPlace ? '' : value.toLowerCase()) : numbers.join()].join('=');
      }).toSorted());
      expect(wanted).toEqual(asked);
      const [there, here] = both.map(({ upstream }) => new URL(upstream.requests.find((url) => url.includes('/identify'))!, 'http://x').searchParams.get('geometry')!.split(',').map(Number));
      const pixel = map.includes('4326') ? 0.05 : 2000;
      here!.forEach((value, i) => expect(Math.abs(value - there![i]!)).toBeLessThanOrEqual(pixel * 0.5001));
      expect([ours.status, ours.type, plain(ours.body)]).toEqual([200, theirs.type, plain(theirs.body)]);
    }
  });

  it('of a tile', async () => {
    const found = await ask('/wmts/cached/GLOBAL_WEBMERCATOR/5/16/10/100/70.json');
    expectSameQuestions(found.asked);
    expect(found.asked[1]).toHaveLength(2);
    expect([found.ours.status, found.ours.type, JSON.parse(found.ours.body)]).toEqual([200, found.theirs.type, JSON.parse(found.theirs.body)]);
  });

  it.each([
    ['by its suffix', '/wmts/cached/GLOBAL_WEBMERCATOR/5/16/10/100/70.gml3'],
    ['by its name', '/service?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetFeatureInfo&LAYER=cached&STYLE=&TILEMATRIXSET=GLOBAL_WEBMERCATOR&TILEMATRIX=05&TILEROW=10&TILECOL=16&FORMAT=image/png&INFOFORMAT=application/gml%2Bxml;%20version%3D3.1&I=100&J=70'],
  ])('of a tile in a format of its own, %s', async (_, address) => {
    const found = await ask(address.replace('TILEMATRIX=05', 'TILEMATRIX=5'));
    expectSameQuestions(found.asked);
    expect([found.ours.status, found.ours.type, plain(found.ours.body)]).toEqual([200, found.theirs.type, plain(found.theirs.body)]);
  });

  it('the formats of tiles, as the capabilities tell them', async () => {
    const { theirs, ours } = await ask('/wmts/1.0.0/WMTSCapabilities.xml');
    const told = [theirs, ours].map(({ body }) => {
      const element = body.slice(body.indexOf('<ows:Identifier>cached</ows:Identifier>')).split('</Layer>')[0]!;
      return [...element.matchAll(/<InfoFormat>([^<]*)|resourceType="FeatureInfo"[\s\S]*?template="[^"]*\{J\}([^"]*)"/g)].map(([, format, ending]) => format ?? ending).toSorted();
    });
    expect(told[1]).toEqual(told[0]);
    expect(told[1]).toHaveLength(4);
  });

  it('outside its coverage: not asked', async () => {
    const found = await ask('/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetFeatureInfo&LAYERS=all&QUERY_LAYERS=all&STYLES=&FORMAT=image/png&INFO_FORMAT=text/plain&X=10&Y=10&SRS=EPSG:4326&BBOX=-30,0,-20,10&WIDTH=20&HEIGHT=20');
    expect(found.asked).toEqual([[], []]);
    expect([found.ours.status, found.theirs.status]).toEqual([200, 200]);
  });
});

describe('legends', () => {
  const legendYaml = (upstream: string): string => `
services: {wms: {srs: ['EPSG:4326', 'EPSG:3857'], md: {title: t}}, wmts: {restful: true, kvp: true}}
layers:
  - {name: one, title: One, sources: [one]}
  - {name: two, title: Two, sources: [one, other]}
  - {name: cached, title: Cached, sources: [cache]}
  - {name: tagged, title: Tagged, sources: ['one:b']}
  - {name: own, title: Own, sources: [cache], legendurl: '${upstream}/static.png'}
  - {name: file, title: File, sources: [one], legendurl: 'file://legend.png'}
  - {name: fixed, title: Fixed, sources: [fixed]}
  - {name: told, title: Told, sources: [cache], wmts_kvp_legendurl: '{base_url}/kvp/{layer_name}.png?a=1&amp;b=2', wmts_rest_legendurl: '{base_url}/rest/{layer_name}.png'}
caches: {cache: {grids: [GLOBAL_WEBMERCATOR], sources: [one]}}
sources:
  one: {type: wms, req: {url: '${upstream}/?', layers: 'a,b', time: '2020'}, supported_srs: ['EPSG:4326', 'EPSG:3857'], wms_opts: {legendgraphic: true}}
  other: {type: wms, req: {url: '${upstream}/?', layers: c, format: image/png}, supported_srs: ['EPSG:4326'], wms_opts: {legendgraphic: true, version: 1.3.0}}
  fixed: {type: wms, req: {url: '${upstream}/?', layers: c}, supported_srs: ['EPSG:4326'], wms_opts: {legendgraphic: true, legendurl: '${upstream}/static.png'}}
globals: {cache: {base_dir: ./cache_data}, image: {paletted: false}}
`;
  const picture = (width: number, height: number, colour: string): Promise<Buffer> => sharp({ create: { width, height, channels: 4, background: colour } }).png().toBuffer();
  const LEGENDS: { readonly [name: string]: () => Promise<Buffer> } = { a: () => picture(30, 10, '#ff0000'), b: () => picture(20, 15, '#00ff00'), c: () => picture(25, 5, '#0000ff'), static: () => picture(7, 9, '#123456') };
  let both: readonly [Program, Program];

  beforeAll(async () => {
    const say = async (query: Query, place: string): Promise<Said | undefined> => {
      if (query.get('FORMAT') === 'application/json') return { type: 'application/json', body: `{"Legend": [{"layerName": "${query.get('LAYER')}"}]}` };
      const name = place === '/static.png' ? 'static' : query.get('REQUEST') === 'GetLegendGraphic' ? query.get('LAYER')! : null;
      return name === null ? undefined : { type: 'image/png', body: await LEGENDS[name]!() };
    };
    const before = async (folder: string) => writeFile(path.join(folder, 'legend.png'), await picture(3, 4, '#abcdef'));
    both = await Promise.all([startMapProxy(legendYaml, { say, before }), startOurs(legendYaml, { say, before })]);
  });
  afterAll(async () => {
    for (const program of both ?? []) await program.close();
  });

  async function ask(address: string): Promise<readonly [Uint8Array, Uint8Array]> {
    for (const { upstream } of both) upstream.requests.length = 0;
    const [theirs, ours] = await Promise.all(both.map(async ({ url }) => {
      const answer = await fetch(`${url}${address}`);
      if (answer.status !== 200) throw new Error(`${url}${address}: ${answer.status} ${await answer.text()}`);
      return new Uint8Array(await answer.arrayBuffer());
    }));
    return [theirs!, ours!];
  }

  it.each(['one', 'two', 'cached', 'tagged', 'own', 'file', 'fixed'])('of %s: the same picture, asked for in the same words', async (layer) => {
    const [theirs, ours] = await ask(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetLegendGraphic&LAYER=${layer}&FORMAT=image/png&SCALE=${layer.length}000`);
    const [a, b] = await Promise.all([theirs, ours].map(onWhite));
    expect(await meanDifference(a!, b!)).toBe(0);
    const asked = both.map(({ upstream }) => upstream.requests.map((url) => {
      const query = new Map([...new URL(url, 'http://x').searchParams].map(([name, value]) => [name.toUpperCase(), value]));
      return ['REQUEST', 'VERSION', 'SLD_VERSION', 'LAYER', 'FORMAT', 'SCALE', 'TIME'].map((name) => `${name}=${Number(query.get(name) ?? NaN) || (query.get(name) ?? '')}`).join(' ');
    }).toSorted());
    if (!['own', 'fixed'].includes(layer)) expect(asked[1]).toEqual(asked[0]);
  });

  it('as JSON: the same words', async () => {
    const [theirs, ours] = await ask('/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetLegendGraphic&LAYER=one&FORMAT=application/json');
    expect(JSON.parse(new TextDecoder().decode(ours))).toEqual(JSON.parse(new TextDecoder().decode(theirs)));
  });

  it('the capabilities of WMS tell the same sizes', async () => {
    const texts = (await ask('/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0')).map((bytes) => new TextDecoder().decode(bytes));
    for (const layer of ['one', 'two', 'cached', 'tagged', 'own', 'file', 'fixed']) {
      const sizes = texts.map((text) => /<LegendURL\s+(width="\d+" height="\d+")/.exec(text.slice(text.indexOf(`<Name>${layer}</Name>`)))![1]);
      expect([layer, sizes[1]]).toEqual([layer, sizes[0]]);
    }
  });

  it.each([['kvp', '/service?SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0'], ['rest', '/wmts/1.0.0/WMTSCapabilities.xml']])('the capabilities of WMTS (%s) tell the same addresses', async (_, address) => {
    const texts = (await ask(address)).map((bytes) => new TextDecoder().decode(bytes));
    for (const layer of ['told', 'own', 'cached']) {
      const [theirs, ours] = texts.map((text, i) => {
        const element = text.slice(text.indexOf(`<ows:Identifier>${layer}</ows:Identifier>`)).split('</Layer>')[0]!;
        return /<LegendURL[^>]*xlink:href="([^"]*)"/.exec(element)?.[1]?.replaceAll('&amp;', '&').replace(both[i]!.url, '').replace('http://localhost', '').toLowerCase();
      });
      if (layer !== 'own') expect(ours).toBe(theirs);
      // The same request, in our own spelling of the default address.
      else expect([ours, theirs].map((url) => ['request', 'layer', 'format'].map((name) => new URL(url!, 'http://x').searchParams.get(name)))).toEqual(Array.from({ length: 2 }, () => ['getlegendgraphic', 'own', 'image/png']));
    }
  });
});

/** Nobody sees the colour of transparent pixels. */
async function onWhite(bytes: Uint8Array): Promise<Uint8Array> {
  return sharp(bytes).flatten({ background: '#ffffff' }).png().toBuffer();
}

/** Words without what no reader sees: white space, declarations, the end of JSON's numbers. */
function plain(text: string): string {
  return text.replace(/^<\?xml[^>]*\?>/, '').replaceAll(/\s+/g, '');
}

/** The map of 1.1.1 in 1.3.0. */
function turned(map: string): string {
  return map.replace('SRS=EPSG:4326&BBOX=5,45,15,55', 'CRS=EPSG:4326&BBOX=45,5,55,15').replace('SRS=', 'CRS=');
}
