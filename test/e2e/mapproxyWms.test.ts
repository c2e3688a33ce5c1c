import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meanDifference, startMapProxy, startOurs, type Program, type Query } from './support/sideBySide.ts';

/** Options of the WMS service, MapProxy's answers beside the gateway's. Dangers: boxes and maps that are cut otherwise; failures that are shown otherwise. */
const yamlWith = (options: string) => (upstream: string): string => `
services:
  wms:
    ${options}
    srs: ['EPSG:4326', 'EPSG:3857', 'EPSG:25832']
    bbox_srs: ['EPSG:25832', {srs: 'EPSG:3857', bbox: [600000, 5900000, 1200000, 6500000]}, 'EPSG:4326']
    on_source_errors: notify
    image_formats: [image/png]
layers:
  - {name: good, title: Good, sources: [good]}
  - name: described
    title: Described
    sources: [good]
    md:
      attribution: {title: Somebody, url: 'https://example.org/', logo: {url: 'https://example.org/logo.png', width: 10, height: 20, format: image/png}}
      identifier: [{url: 'https://example.org/ids', name: agency, value: '12'}]
      metadata: [{url: 'https://example.org/md.xml', type: 'ISO19115:2003', format: text/xml}]
      data: [{url: 'https://example.org/data', format: image/tiff}]
      feature_list: [{url: 'https://example.org/names', format: text/xml}]
  - {name: bad, title: Bad, sources: [bad]}
  - {name: both, title: Both, sources: [good, bad]}
  - {name: part, title: Part, sources: [part]}
sources:
  good: {type: wms, req: {url: '${upstream}/?', layers: good}, supported_srs: ['EPSG:4326', 'EPSG:3857']}
  bad: {type: wms, req: {url: '${upstream}/bad?', layers: bad, transparent: true}, supported_srs: ['EPSG:4326', 'EPSG:3857']}
  part: {type: wms, req: {url: '${upstream}/?', layers: good}, supported_srs: ['EPSG:4326', 'EPSG:3857'], coverage: {bbox: [5, 45, 12, 55], srs: 'EPSG:4326'}}
globals: {cache: {base_dir: ./cache_data}, image: {paletted: false, resampling_method: nearest}}
`;

const LINK = "{url: 'https://example.org/md?a=1&b=2', media_type: application/vnd.iso.19139+xml}";
const INSPIRE = {
  linked: `{type: linked, metadata_url: ${LINK}, languages: {default: ger}}`,
  embedded: `{type: embedded, resource_locators: [${LINK}], temporal_reference: {date_of_publication: '2020-01-02', date_of_creation: '2019-01-02'}, conformities: [{title: Rules, uris: ['urn:a'], date_of_publication: '2010-12-08', resource_locators: [${LINK}], degree: notEvaluated}], metadata_points_of_contact: [{organisation_name: Somebody, email: a@example.org}], mandatory_keywords: [infoMapAccessService], keywords: [{title: GEMET, date_of_last_revision: '2009-01-13', uris: ['urn:b'], resource_locators: [${LINK}], keyword_value: Orthoimagery}], metadata_date: '2021-01-02', metadata_url: ${LINK}, languages: {default: eng}}`,
} as const;

type Programs = readonly [Program, Program];
let both: Programs;
let attributed: Programs;
const isBroken = (query: Query): boolean => query.get('LAYERS') === 'bad';
const started = (options: string): Promise<Programs> => Promise.all([startMapProxy(yamlWith(options), { isBroken }), startOurs(yamlWith(options), { isBroken })]);
beforeAll(async () => {
  both = await started(`inspire_md: ${INSPIRE.linked}`);
  attributed = await started(`attribution: {text: (c) Somebody}\n    inspire_md: ${INSPIRE.embedded}`);
});
afterAll(async () => {
  for (const program of [...(both ?? []), ...(attributed ?? [])]) await program.close();
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly cacheControl: string;
  readonly bytes: Uint8Array;
}

async function ask(address: string, programs: Programs = both): Promise<readonly [Answer, Answer]> {
  const [theirs, ours] = await Promise.all(programs.map(async ({ url }): Promise<Answer> => {
    const answer = await fetch(`${url}${address}`);
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', cacheControl: answer.headers.get('cache-control') ?? '', bytes: new Uint8Array(await answer.arrayBuffer()) };
  }));
  return [theirs!, ours!];
}

const map = (layers: string, more: string): string => `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layers}&STYLES=&FORMAT=image/png&TRANSPARENT=TRUE&${more}`;
const part = (bytes: Uint8Array, area: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }): Promise<Buffer> => sharp(bytes).flatten({ background: '#fff' }).extract(area).png().toBuffer();

describe('bbox_srs', () => {
  it.each([
    ['all of it inside', 'SRS=EPSG:3857&BBOX=700000,6000000,900000,6200000&WIDTH=200&HEIGHT=200'],
    ['over an edge', 'SRS=EPSG:3857&BBOX=500000,6000000,700000,6200000&WIDTH=200&HEIGHT=200'],
    ['over all edges', 'SRS=EPSG:3857&BBOX=100000,5400000,1700000,7000000&WIDTH=320&HEIGHT=320'],
    ['outside', 'SRS=EPSG:3857&BBOX=2000000,6000000,2200000,6200000&WIDTH=200&HEIGHT=200'],
    ['in a system without a box', 'SRS=EPSG:4326&BBOX=0,40,20,60&WIDTH=200&HEIGHT=200'],
  ])('a map, %s: the same', async (_, more) => {
    const [theirs, ours] = await ask(map('good', more));
    expect([ours.status, ours.type]).toEqual([theirs.status, theirs.type]);
    // Nobody sees the colour of transparent pixels.
    const [a, b] = await Promise.all([theirs, ours].map(({ bytes }) => sharp(bytes).flatten({ background: '#fff' }).png().toBuffer()));
    expect(await meanDifference(a!, b!)).toBeLessThanOrEqual(1);
  });

  it('the capabilities tell the same boxes', async () => {
    const texts = (await ask('/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1')).map(({ bytes }) => new TextDecoder().decode(bytes));
    for (const layer of ['good', 'part']) {
      const [theirs, ours] = texts.map((text) => {
        const element = text.slice(text.indexOf(`<Name>${layer}</Name>`)).split('</Layer>')[0]!;
        return new Map([...element.matchAll(/<(?:LatLon)?BoundingBox(?:\s+SRS="([^"]*)")?\s+minx="([^"]*)"\s+miny="([^"]*)"\s+maxx="([^"]*)"\s+maxy="([^"]*)"/g)].map(([, srs = 'degrees', ...numbers]) => [srs, numbers.map(Number)]));
      });
      expect([...ours!.keys()].toSorted()).toEqual([...theirs!.keys()].toSorted());
      // MapProxy's boxes come from 16 points of an outline (UTM), and end a little below the poles; of the whole world in UTM neither says anything useful.
      for (const srs of layer === 'good' ? ['degrees', 'EPSG:4326', 'EPSG:3857'] : ['degrees', 'EPSG:4326', 'EPSG:3857', 'EPSG:25832']) {
        ours!.get(srs)!.forEach((value, i) => expect(Math.abs(value - theirs!.get(srs)![i]!), `${layer} ${srs} ${i}: ${value}`).toBeLessThanOrEqual(Math.abs(value) < 1000 ? 1e-5 : 2000));
      }
    }
  });
});

it('the capabilities tell the same of a layer', async () => {
  const [theirs, ours] = (await ask('/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0')).map(({ bytes }) => {
    const text = new TextDecoder().decode(bytes).replaceAll(/ xmlns:xlink="[^"]*"| xlink:type="simple"/g, '').replaceAll(/\s+/g, ' ').replaceAll(' />', '/>');
    return text.slice(text.indexOf('<Name>described</Name>')).replace(/<Style>[\s\S]*|<\/Layer>[\s\S]*/, '').replace(/[\s\S]*(?=<Attribution>)/, '').trim();
  });
  expect(ours!.replaceAll('> <', '><')).toBe(theirs!.replaceAll('> <', '><'));
});

it.each([['linked', () => both], ['embedded', () => attributed]] as const)('inspire_md, %s: the same extended capabilities, at the same place, and the style of INSPIRE', async (_, programs) => {
  const [theirs, ours] = (await ask('/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0', programs())).map(({ bytes }) => new TextDecoder().decode(bytes).replaceAll(/\s+/g, ' ').replaceAll(/> | </g, (space) => space.trim()));
  const extended = /<\/Exception><inspire_vs:ExtendedCapabilities>.*<\/inspire_vs:ExtendedCapabilities>(?=<Layer)/;
  expect(extended.exec(ours!)![0].replaceAll('> <', '><')).toBe(extended.exec(theirs!)![0].replaceAll('> <', '><'));
  for (const text of [theirs!, ours!]) expect(text).toMatch(/<WMS_Capabilities [^>]*xmlns:inspire_vs="http:\/\/inspire.ec.europa.eu\/schemas\/inspire_vs\/1.0"/);
  const answer = await fetch(`${programs()[1].url}${map('good', 'SRS=EPSG:3857&BBOX=700000,6000000,900000,6200000&WIDTH=20&HEIGHT=20').replace('STYLES=', 'STYLES=inspire_common:DEFAULT')}`);
  expect(answer.headers.get('content-type')).toBe('image/png');
});

describe('on_source_errors: notify', () => {
  const MORE = 'SRS=EPSG:3857&BBOX=700000,6000000,900000,6200000&WIDTH=400&HEIGHT=400';
  // Of 'bad,good' MapProxy does not even ask for the lower one, which an opaque source hides.
  it.each(['good,bad', 'both'])('%s: the rest, under a notice, kept by nobody', async (layers) => {
    const [theirs, ours] = await ask(map(layers, MORE));
    expect([theirs, ours].map(({ status, type, cacheControl }) => [status, type, /no-store/.test(cacheControl)])).toEqual([[200, 'image/png', true], [200, 'image/png', true]]);
    const below = { left: 0, top: 100, width: 400, height: 300 };
    expect(await meanDifference(await part(theirs.bytes, below), await part(ours.bytes, below))).toBeLessThanOrEqual(1);
    const [whole] = await ask(map('good', MORE));
    const notice = { left: 0, top: 0, width: 400, height: 30 };
    for (const { bytes } of [theirs, ours]) expect(await meanDifference(await part(bytes, notice), await part(whole.bytes, notice))).toBeGreaterThan(1);
  });

  it('nothing at all: an exception', async () => {
    const [theirs, ours] = await ask(map('bad', MORE));
    for (const { type, bytes } of [theirs, ours]) {
      expect(type).toMatch(/^application\/vnd\.ogc\.se_xml/);
      expect(new TextDecoder().decode(bytes)).toContain('<ServiceException');
    }
    expect(new TextDecoder().decode(ours.bytes)).not.toContain('127.0.0.1');
  });
});

describe('attribution.text', () => {
  /** Where in a map it lies: that of the whole map, or of what `bbox_srs` lets show. */
  it.each([
    ['of a map', 'SRS=EPSG:3857&BBOX=700000,6000000,900000,6200000&WIDTH=300&HEIGHT=300', { right: 300, bottom: 300 }],
    ['of what is shown of it', 'SRS=EPSG:3857&BBOX=900000,5800000,1500000,6400000&WIDTH=300&HEIGHT=300', { right: 150, bottom: 250 }],
  ])('stands in the corner %s, and nowhere else', async (_, more, { right, bottom }) => {
    const [withText, without] = [await ask(map('good', more), attributed), await ask(map('good', more))];
    for (const i of [0, 1] as const) {
      const corner = { left: right - 50, top: bottom - 14, width: 48, height: 12 };
      expect(await meanDifference(await part(withText[i].bytes, corner), await part(without[i].bytes, corner))).toBeGreaterThan(20);
      for (const area of [{ left: 0, top: 0, width: 300, height: bottom - 20 }, { left: 0, top: 0, width: right - 110, height: 300 }]) {
        expect(await meanDifference(await part(withText[i].bytes, area), await part(without[i].bytes, area))).toBe(0);
      }
    }
  });
});
