import type { MapFormat } from '../../raster/format.ts';
import type { OgcFeatures } from './features.ts';
import { bothLinks, HTML_TYPE, OGC_REL, OPENAPI_TYPE, selfLinks, type OgcLink } from './links.ts';
import { extensionOf } from './negotiate.ts';

/** What the service says of itself, whoever asks. */
export interface OgcAbout {
  readonly title: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly termsOfService: string | null;
  readonly license: { readonly name: string; readonly url: string | null } | null;
  readonly provider: { readonly name: string; readonly url: string | null } | null;
  readonly contact: { readonly name: string | null; readonly email: string | null; readonly url: string | null } | null;
  /** '' = none. */
  readonly attribution: string;
}

/** Links to the map in every format. @param url of the map without extension */
export function mapLinks(url: string, title: string, formats: readonly MapFormat[]): readonly OgcLink[] {
  return formats.map((format) => ({ rel: OGC_REL.map, type: format, title: `${title} (${extensionOf(format)})`, href: `${url}.${extensionOf(format)}` }));
}

/** The landing page in JSON (OGC 19-072, 8.2). @param url public address of /ogcapi without trailing slash */
export function landingJson(about: OgcAbout, features: OgcFeatures, formats: readonly MapFormat[], url: string): Readonly<Record<string, unknown>> {
  const { title, description, keywords, attribution, license, provider } = about;
  return {
    title,
    ...(description === '' ? {} : { description }),
    ...(keywords.length === 0 ? {} : { keywords }),
    ...(attribution === '' ? {} : { attribution }),
    ...(provider === null ? {} : { provider: { name: provider.name, ...(provider.url === null ? {} : { url: provider.url }) } }),
    links: [
      ...selfLinks(url, 'This page'),
      ...bothLinks('conformance', `${url}/conformance`, 'Conformance classes'),
      ...bothLinks(OGC_REL.conformance, `${url}/conformance`, 'Conformance classes'),
      { rel: 'service-desc', type: OPENAPI_TYPE, title: 'The service as an OpenAPI document', href: `${url}/api?f=json` },
      { rel: 'service-doc', type: HTML_TYPE, title: 'The service, as a page', href: `${url}/api?f=html` },
      ...bothLinks('data', `${url}/collections`, 'Collections'),
      ...bothLinks(OGC_REL.data, `${url}/collections`, 'Collections'),
      ...(features.tiles ? bothLinks(OGC_REL.tilingSchemes, `${url}/tileMatrixSets`, 'Tile matrix sets') : []),
      ...(features.maps && features.dataset ? mapLinks(`${url}/map`, 'Map of the dataset', formats) : []),
      ...(features.tiles && features.dataset ? bothLinks(OGC_REL.tilesetsMap, `${url}/map/tiles`, 'Tile sets of the dataset') : []),
      ...(license?.url === null || license === null ? [] : [{ rel: 'license', type: HTML_TYPE, title: license.name, href: license.url }]),
    ],
  };
}
