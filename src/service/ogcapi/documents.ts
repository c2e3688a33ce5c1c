import type { FastifyReply } from 'fastify';
import { geographicBbox } from '../../protocol/wms/geographicBbox.ts';
import { collectionJson, collectionsJson } from '../../protocol/ogcapi/collection.ts';
import { conformanceClasses } from '../../protocol/ogcapi/conformance.ts';
import { landingJson } from '../../protocol/ogcapi/landing.ts';
import { JSON_TYPE, OPENAPI_TYPE, selfLinks, TILEJSON_TYPE } from '../../protocol/ogcapi/links.ts';
import { documentFormatOf, type DocumentFormat } from '../../protocol/ogcapi/negotiate.ts';
import { openApiJson } from '../../protocol/ogcapi/openApi.ts';
import { ogcSetId, registeredUri, tileMatrixSetJson } from '../../protocol/ogcapi/tileMatrixSet.ts';
import { tilesetItemJson, tilesetJson, tileTemplate } from '../../protocol/ogcapi/tileset.ts';
import { tileJson } from '../../protocol/tms/tileJson.ts';
import type { WmtsSet } from '../../protocol/wmts/types.ts';
import { addVary, documentCacheControl } from '../delivery.ts';
import { formatOgcPage } from '../pages/ogcPage.ts';
import { publicAddress, relativeRoot } from '../publicAddress.ts';
import { DOCUMENT_CACHE_CONTROL, sendDocument } from '../reply.ts';
import { sendPage } from '../sendPage.ts';
import { chosenCollections } from './collections.ts';
import { deliveryOf, type OgcApiService, type OgcExchange } from './exchange.ts';
import { describeTileset, setNamed, tiledCollections } from './tilesets.ts';

/** A document before it is written. */
interface OgcDocument {
  readonly title: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** Media type of the JSON. */
  readonly type?: string;
  /** Path below the root of a picture for the page. */
  readonly picture?: string | null;
  readonly cacheControl?: string;
}

function rootUrl({ service, request }: OgcExchange): string {
  return `${publicAddress(service.publicUrl, request)}/ogcapi`;
}

function landing(exchange: OgcExchange): OgcDocument {
  const { node, features } = exchange.service;
  return { title: node.about.title, json: landingJson(node.about, features, node.maps.formats, rootUrl(exchange)) };
}

function conformance({ service: { features, node } }: OgcExchange): OgcDocument {
  return { title: 'Conformance', json: { conformsTo: conformanceClasses(features, node.maps.formats) } };
}

function api(exchange: OgcExchange): OgcDocument {
  const { node, features } = exchange.service;
  return { title: `${node.about.title}: API`, json: openApiJson({ about: node.about, features, formats: node.maps.formats, url: rootUrl(exchange) }), type: OPENAPI_TYPE };
}

function collections(exchange: OgcExchange): OgcDocument {
  const { collections: all, node } = exchange.service;
  return { title: 'Collections', json: collectionsJson([...all.values()].map(({ description }) => description), node.maps.formats, rootUrl(exchange)) };
}

function collection(exchange: OgcExchange): OgcDocument {
  const { service: { collections: all, node }, resource } = exchange;
  const chosen = chosenCollections(resource.collection, undefined, [], all);
  const [{ description }] = chosen;
  return {
    title: description.title,
    json: collectionJson(description, node.maps.formats, rootUrl(exchange)),
    picture: description.hasMap ? `ogcapi/collections/${encodeURIComponent(description.id)}/map?width=512` : null,
    cacheControl: documentCacheControl(deliveryOf(exchange, chosen)),
  };
}

/** Every set of every collection, once; of those with one name the deepest. */
function everySet({ collections: all }: OgcApiService): ReadonlyMap<string, WmtsSet> {
  const found = new Map<string, WmtsSet>();
  for (const offered of [...all.values()].flatMap(({ tiles }) => tiles?.sets ?? [])) {
    const known = found.get(ogcSetId(offered.set));
    if (known === undefined || known.served.tileMatrices.length < offered.served.tileMatrices.length) found.set(ogcSetId(offered.set), offered);
  }
  return found;
}

function tileMatrixSets(exchange: OgcExchange): OgcDocument {
  const url = `${rootUrl(exchange)}/tileMatrixSets`;
  const entries = [...everySet(exchange.service)].map(([id, { served }]) => {
    const uri = registeredUri(served);
    return { id, title: `${id} (${served.crs.title})`, ...(uri === null ? {} : { uri }), links: selfLinks(`${url}/${encodeURIComponent(id)}`, id) };
  });
  return { title: 'Tile matrix sets', json: { links: selfLinks(url, 'Tile matrix sets'), tileMatrixSets: entries } };
}

function tileMatrixSet({ service, resource }: OgcExchange): OgcDocument {
  return { title: resource.set, json: tileMatrixSetJson(setNamed(resource.set, everySet(service)).served) };
}

function tilesets(exchange: OgcExchange): OgcDocument {
  const tiled = tiledCollections(exchange);
  const { resource, query } = exchange;
  const named = query.get('collections');
  const path = resource.collection === null ? '' : `/collections/${encodeURIComponent(resource.collection)}`;
  const url = `${rootUrl(exchange)}${path}/map/tiles${named === undefined ? '' : `?collections=${encodeURIComponent(named)}`}`;
  const items = [...tiled.sets.values()].map((set) => tilesetItemJson(describeTileset(exchange, tiled, set)));
  return {
    title: `${tiled.chosen[0].description.title}: tile sets`,
    json: { links: selfLinks(url, 'Tile sets'), tilesets: items },
    cacheControl: documentCacheControl(deliveryOf(exchange, tiled.chosen)),
  };
}

function tileset(exchange: OgcExchange, format: DocumentFormat): OgcDocument {
  const tiled = tiledCollections(exchange);
  const described = describeTileset(exchange, tiled, setNamed(exchange.resource.set, tiled.sets));
  const { description } = tiled.chosen[0];
  const cacheControl = documentCacheControl(deliveryOf(exchange, tiled.chosen));
  const title = `${described.title}: ${exchange.resource.set}`;
  if (format !== 'tilejson') return { title, json: tilesetJson(described), cacheControl };
  const source = { title: described.title, abstract: description.abstract, attribution: description.attribution, set: described.set.set, format: described.formats[0]!, geographicBbox: geographicBbox(description.geographicBbox), url: '', origin: 'nw' } as const;
  return { title, json: { ...tileJson(source), tiles: [tileTemplate(described, described.formats[0]!, '/{z}/{y}/{x}')] }, type: TILEJSON_TYPE, cacheControl };
}

const DOCUMENTS: { readonly [kind: string]: (exchange: OgcExchange, format: DocumentFormat) => OgcDocument } = {
  landing, conformance, api, collections, collection, tileMatrixSets, tileMatrixSet, tilesets, tileset,
};

/** The formats of a document. Only sets whose levels are numbered as TileJSON numbers them have one. */
function offeredFormats(exchange: OgcExchange): readonly DocumentFormat[] {
  if (exchange.resource.route.kind !== 'tileset') return ['json', 'html'];
  const tiled = tiledCollections(exchange);
  return describeTileset(exchange, tiled, setNamed(exchange.resource.set, tiled.sets)).hasTileJson ? ['json', 'html', 'tilejson'] : ['json', 'html'];
}

/** Answers with a document, in JSON or as a page. @throws what the parsers throw */
export function sendOgcDocument(exchange: OgcExchange): FastifyReply {
  const { resource, query, request, reply } = exchange;
  const format = documentFormatOf(query.get('f'), request.headers.accept, offeredFormats(exchange));
  const { title, json, type = JSON_TYPE, picture = null, cacheControl = DOCUMENT_CACHE_CONTROL } = DOCUMENTS[resource.route.kind]!(exchange, format);
  addVary(reply, 'accept');
  if (format === 'html') return sendPage(request, reply, formatOgcPage({ title, json, picture, root: relativeRoot(request.url) }), cacheControl);
  return sendDocument(request, reply, { text: JSON.stringify(json), contentType: type, modified: null }, cacheControl);
}
