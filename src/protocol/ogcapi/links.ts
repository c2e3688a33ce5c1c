/** A link of a document (OGC 19-072, RFC 8288). */
export interface OgcLink {
  readonly rel: string;
  readonly type: string;
  readonly title: string;
  readonly href: string;
  readonly templated?: true;
}

const OGC = 'http://www.opengis.net/def/rel/ogc/1.0';

/** Relations of the OGC. */
export const OGC_REL = Object.freeze({
  conformance: `${OGC}/conformance`,
  data: `${OGC}/data`,
  map: `${OGC}/map`,
  tilesetsMap: `${OGC}/tilesets-map`,
  tilingScheme: `${OGC}/tiling-scheme`,
  tilingSchemes: `${OGC}/tiling-schemes`,
  geodata: `${OGC}/geodata`,
});

export const JSON_TYPE = 'application/json';
export const HTML_TYPE = 'text/html';
export const OPENAPI_TYPE = 'application/vnd.oai.openapi+json;version=3.0';
export const TILEJSON_TYPE = 'application/vnd.mapbox.tilejson+json';

/** An address with one more parameter. */
export function withParameter(url: string, name: string, value: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}

/** A document in JSON and as a page. */
export function bothLinks(rel: string, url: string, title: string): readonly OgcLink[] {
  return [
    { rel, type: JSON_TYPE, title: `${title} (JSON)`, href: withParameter(url, 'f', 'json') },
    { rel, type: HTML_TYPE, title: `${title} (page)`, href: withParameter(url, 'f', 'html') },
  ];
}

/** A document's links to itself. The JSON is `self`: pages are made of it, with their own address beside. */
export function selfLinks(url: string, title: string): readonly OgcLink[] {
  const [json, html] = bothLinks('self', url, title) as [OgcLink, OgcLink];
  return [json, { ...html, rel: 'alternate' }];
}
