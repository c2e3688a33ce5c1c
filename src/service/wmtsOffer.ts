import type { Bbox } from '../geometry/crs/axis.ts';
import { bodyOfName } from '../geometry/crs/bodyTable.ts';
import { crsOf } from '../geometry/crs/registry.ts';
import type { Crs } from '../geometry/crs/types.ts';
import type { TileMatrixSet } from '../geometry/pyramid/tileMatrixSet.ts';
import type { TileLayer } from '../layer/types.ts';
import { KNOWN_INFO_FORMATS, type InfoFormat } from '../protocol/wms/featureInfo.ts';
import type { WmtsDescription, WmtsLayerDescription } from '../protocol/wmts/description.ts';
import { DEFAULT_TEMPLATES } from '../protocol/wmts/template.ts';
import { crsUrn } from '../protocol/wmts/setElement.ts';
import type { WmtsLayerOffer, WmtsOffer, WmtsSet } from '../protocol/wmts/types.ts';
import { wmtsSet } from '../protocol/wmts/wmtsSet.ts';
import { refuse } from './access/refusal.ts';
import { layerExtent } from './layerExtent.ts';
import type { TilesNode } from './types.ts';

/** What WMTS says about the layers and what it takes for valid: worked out once, the same for every request. */
export interface WmtsCatalogue {
  readonly offer: WmtsOffer;
  readonly layers: readonly WmtsLayerDescription[];
}

/** Share of its sides by which a rectangle that was projected from samples may be too small. */
const SAMPLED = 1 / 500;

/** Between cylindrical CRSs the projected rectangle is exact; elsewhere a tile more is better than one too few. */
function grown(set: TileMatrixSet, [minX, minY, maxX, maxY]: Bbox): Bbox {
  if (set.crs.periodX !== null) return [minX, minY, maxX, maxY];
  const [dx, dy] = [(maxX - minX) * SAMPLED, (maxY - minY) * SAMPLED];
  return [minX - dx, minY - dy, maxX + dx, maxY + dy];
}

/** null where the set shows nothing of the layer. */
function setOf(layer: TileLayer, set: TileMatrixSet): WmtsSet | null {
  if (set.crs.frame.id !== layer.frame.id) return wmtsSet(set, null);
  const extent = layerExtent(layer, set.crs);
  return extent === null ? null : wmtsSet(set, grown(set, extent));
}

/** Sets in metres first: those are the ones that GDAL and QGIS both place right on another body. */
function setsOf(layer: TileLayer): readonly WmtsSet[] {
  const sets = layer.sets.map((set) => setOf(layer, set)).filter((set) => set !== null);
  return [...sets.filter(({ set }) => set.crs.unit === 'metre'), ...sets.filter(({ set }) => set.crs.unit === 'degree')];
}

/** What the suffix of an equirectangular CRS in metres is to the hundred of its body (IAU_2015). */
const EQUIRECTANGULAR = 10;

/**
 * The body's equirectangular CRS where sets in the body's own systems are offered. QGIS makes the box of a set from the first
 * one that it can transform: out of a polar one it cuts the rest of the body away.
 */
function equirectangularOf(layer: TileLayer, sets: readonly WmtsSet[]): Crs | null {
  const body = layer.frame.kind === 'body' ? bodyOfName(layer.frame.id) : null;
  const isNative = sets.some(({ set }) => set.crs.id.startsWith('IAU_2015:'));
  return body === null || !isNative ? null : crsOf(`IAU_2015:${body.naif * 100 + EQUIRECTANGULAR}`);
}

function extentsOf(layer: TileLayer, sets: readonly WmtsSet[]): WmtsLayerDescription['extents'] {
  const first = equirectangularOf(layer, sets);
  const all = [...(first === null ? [] : [first]), ...sets.map(({ set }) => set.crs).filter(({ unit }) => unit === 'metre')];
  const metres = new Map(all.map((crs) => [crsUrn(crs), crs]));
  return [...metres].flatMap(([urn, crs]) => {
    const bbox = layerExtent(layer, crs);
    return bbox === null ? [] : [{ crsUrn: urn, bbox }];
  });
}

function describe(layer: TileLayer, infoFormats: readonly InfoFormat[]): WmtsLayerDescription {
  const sets = setsOf(layer);
  return {
    name: layer.name,
    title: layer.title,
    abstract: layer.abstract,
    keywords: [],
    wgs84Bbox: layer.frame.kind === 'body' && layer.frame.id === 'earth' ? layer.bbox : null,
    extents: extentsOf(layer, sets),
    styles: [{ name: 'default', title: '', legend: null }],
    formats: layer.formats,
    infoFormats: layer.queryable ? infoFormats : [],
    dimensions: layer.dimensions,
    sets,
  };
}

function offerOf({ name, formats, infoFormats, dimensions, sets }: WmtsLayerDescription): WmtsLayerOffer {
  return { name, styles: [], formats, infoFormats, dimensions, sets: new Map(sets.map((offered) => [offered.set.id, offered])) };
}

/** The catalogue of a node. Layers of which no set shows anything are left out. */
export function createWmtsCatalogue(node: TilesNode): WmtsCatalogue {
  const described = [...node.layers.values()].map((layer) => describe(layer, node.wmts?.infoFormats ?? KNOWN_INFO_FORMATS)).filter(({ sets }) => sets.length > 0);
  const offers = new Map(described.map((layer) => [layer.name, offerOf(layer)]));
  const layer = (name: string): WmtsLayerOffer | undefined => {
    refuse(node, name);
    return offers.get(name);
  };
  return { offer: { layer }, layers: described };
}

/** The layer with the legend that it has in one of both documents. `&amp;`, which MapProxy wants written, is read as `&`. */
function withLegend(layer: WmtsLayerDescription, template: string | null, publicUrl: string): WmtsLayerDescription {
  if (template === null) return layer;
  const url = template.replaceAll('&amp;', '&').replaceAll('{base_url}', () => publicUrl).replaceAll('{layer_name}', () => layer.name);
  return { ...layer, styles: layer.styles.map((style) => ({ ...style, legend: { url, format: 'image/png', width: null, height: null } })) };
}

/** What the capabilities document says under a public address (without trailing slash). */
export function wmtsDescription(node: TilesNode, catalogue: WmtsCatalogue, publicUrl: string, form: 'kvp' | 'rest'): WmtsDescription {
  const { kvp = true, restful = true, templates = DEFAULT_TEMPLATES, degreeScale = 'earth' } = node.wmts ?? {};
  return {
    service: node.service,
    kvpUrl: kvp ? `${publicUrl}/service?` : null,
    restUrl: restful ? `${publicUrl}/wmts` : null,
    templates,
    layers: catalogue.layers.map((layer) => withLegend(layer, node.legends.get(layer.name)?.[form] ?? null, publicUrl)),
    degreeScale,
  };
}
