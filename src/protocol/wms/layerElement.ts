import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { isTime, wmsDimensionName, type Dimension } from '../dimensions.ts';
import { element, optionalText, textElement, type Attributes, type XmlElement } from '../element.ts';
import { PIXEL_SIZE } from '../scale.ts';
import type { KeywordList, LegendUrl } from '../serviceMetadata.ts';
import type { Attribution, CrsExtent, LayerIdentifier, Logo, MetadataUrl, WebLink, WmsLayerDescription, WmsStyle } from './description.ts';
import type { WmsVersion } from './types.ts';

type AxesOf = (crs: Crs) => 'xy' | 'yx';

/** An OnlineResource; the namespace is repeated because 1.1.1's DTD wants it on each. */
export function onlineResource(url: string): XmlElement {
  return element('OnlineResource', { 'xmlns:xlink': 'http://www.w3.org/1999/xlink', 'xlink:type': 'simple', 'xlink:href': url });
}

/** A KeywordList element, or null for no keywords; the vocabulary is 1.3.0's. */
export function keywordList(lists: readonly KeywordList[], version: WmsVersion): XmlElement | null {
  const words = lists.flatMap(({ vocabulary, keywords }) =>
    keywords.map((word) => textElement('Keyword', word, { vocabulary: version === '1.3.0' ? vocabulary : null })),
  );
  return words.length === 0 ? null : element('KeywordList', {}, words);
}

/** Identifiers of the authority CRS came with 1.3.0. */
function isSpokenIn(version: WmsVersion, { crs }: CrsExtent): boolean {
  return version === '1.3.0' || !crs.id.startsWith('CRS:');
}

function corners([minx, miny, maxx, maxy]: Bbox): { readonly minx: number; readonly miny: number; readonly maxx: number; readonly maxy: number } {
  return { minx, miny, maxx, maxy };
}

/** Degrees of the body itself: their box must equal the geographic one to the last digit (CITE wms13, layer-extents). */
function isGeographicAlias({ id }: Crs): boolean {
  return id === 'EPSG:4326' || id === 'CRS:84';
}

function boundingBox({ crs, bbox }: CrsExtent, geographic: Bbox | null, version: WmsVersion, axesOf: AxesOf): XmlElement | null {
  if (bbox === null) return null;
  const [minX, minY, maxX, maxY] = isGeographicAlias(crs) && geographic !== null ? geographic : bbox;
  if (version === '1.1.1') return element('BoundingBox', { SRS: crs.id, ...corners([minX, minY, maxX, maxY]) });
  const box: Bbox = axesOf(crs) === 'yx' ? [minY, minX, maxY, maxX] : [minX, minY, maxX, maxY];
  return element('BoundingBox', { CRS: crs.id, ...corners(box) });
}

function geographicElement(bbox: Bbox | null, version: WmsVersion): XmlElement | null {
  if (bbox === null) return null;
  if (version === '1.1.1') return element('LatLonBoundingBox', corners(bbox));
  return element(
    'EX_GeographicBoundingBox',
    {},
    textElement('westBoundLongitude', bbox[0]),
    textElement('eastBoundLongitude', bbox[2]),
    textElement('southBoundLatitude', bbox[1]),
    textElement('northBoundLatitude', bbox[3]),
  );
}

/** Heights are metres above the body's reference surface where nobody says otherwise; other units are not known (06-042, C.2). */
function unitsOf(dimension: Dimension): { readonly units: string; readonly unitSymbol: string | null } {
  if (isTime(dimension)) return { units: 'ISO8601', unitSymbol: null };
  return dimension.name.toLowerCase() === 'elevation' ? { units: 'EPSG:5030', unitSymbol: 'm' } : { units: '', unitSymbol: null };
}

/** 1.3.0 has one element (06-042, C.2), 1.1.1 two: all Dimension, then all Extent (01-068r3, C.3). */
function dimensionElements(dimensions: readonly Dimension[], version: WmsVersion): readonly XmlElement[] {
  const shown = dimensions.map((dimension) => ({ name: wmsDimensionName(dimension.name), values: dimension.values.join(','), fallback: dimension.default, ...unitsOf(dimension) }));
  if (version === '1.3.0') {
    return shown.map(({ name, values, fallback, units, unitSymbol }) => textElement('Dimension', values, { name, units, unitSymbol, default: fallback, nearestValue: 0 }));
  }
  return [
    ...shown.map(({ name, units, unitSymbol }) => element('Dimension', { name, units, unitSymbol })),
    ...shown.map(({ name, values, fallback }) => textElement('Extent', values, { name, default: fallback, nearestValue: 0 })),
  ];
}

function attributionElement({ title, url, logo }: Attribution, version: WmsVersion): XmlElement {
  return element('Attribution', {}, optionalText('Title', title), url === null ? null : onlineResource(url), logo === undefined ? null : logoElement(logo, version));
}

/** 1.1.1 wants its size. */
function logoElement({ width, height, ...link }: Logo, version: WmsVersion): XmlElement | null {
  return version === '1.1.1' && (width === null || height === null) ? null : linkElement('LogoURL', link, { width, height });
}

function linkElement(name: string, { url, format }: WebLink, attributes: Attributes = {}): XmlElement {
  return element(name, attributes, textElement('Format', format), onlineResource(url));
}

/** Each authority once (06-042, 7.2.4.6.12), then what they call the layer. */
function identifierElements(identifiers: readonly LayerIdentifier[]): readonly XmlElement[] {
  const authorities = new Map(identifiers.flatMap(({ authority, url }) => (url === null ? [] : [[authority, url] as const])));
  return [
    ...[...authorities].map(([name, url]) => element('AuthorityURL', { name }, onlineResource(url))),
    ...identifiers.flatMap(({ authority, value }) => (value === null ? [] : [textElement('Identifier', value, { authority })])),
  ];
}

/** 1.1.1 knows two kinds of metadata only; others are left out there. */
function metadataElement({ type, format, url }: MetadataUrl, version: WmsVersion): XmlElement | null {
  const old = /^(?:TC211|ISO19115)/.test(type) ? 'TC211' : type.startsWith('FGDC') ? 'FGDC' : null;
  const shown = version === '1.3.0' ? type : old;
  return shown === null ? null : element('MetadataURL', { type: shown }, textElement('Format', format), onlineResource(url));
}

function legendElement({ url, format, width, height }: LegendUrl): XmlElement {
  return element('LegendURL', { width, height }, textElement('Format', format), onlineResource(url));
}

function styleElement({ name, title, legend }: WmsStyle): XmlElement {
  return element('Style', {}, textElement('Name', name), textElement('Title', title), legend === null ? null : legendElement(legend));
}

/** 1.3.0 gives scale denominators (06-042, 7.2.4.6.9), 1.1.1 the diagonal of a pixel on the ground (01-068r3, 7.1.4.5.15). */
function scaleElements({ minRes, maxRes }: WmsLayerDescription, version: WmsVersion): readonly (XmlElement | null)[] {
  if (minRes === null && maxRes === null) return [];
  if (version === '1.1.1') {
    const endless = 1e12;
    return [element('ScaleHint', { min: (maxRes ?? 0) * Math.SQRT2, max: minRes === null ? endless : minRes * Math.SQRT2 })];
  }
  return [
    optionalText('MinScaleDenominator', maxRes === null ? null : maxRes / PIXEL_SIZE),
    optionalText('MaxScaleDenominator', minRes === null ? null : minRes / PIXEL_SIZE),
  ];
}

/** A Layer element and all below it, children in the order of the schema (1.3.0) or DTD (1.1.1). */
export function layerElement(layer: WmsLayerDescription, version: WmsVersion, axesOf: AxesOf): XmlElement {
  const extents = layer.extents.filter((extent) => isSpokenIn(version, extent));
  const crsName = version === '1.3.0' ? 'CRS' : 'SRS';
  return element(
    'Layer',
    { queryable: layer.queryable ? 1 : null, opaque: layer.opaque ? 1 : null },
    optionalText('Name', layer.name),
    textElement('Title', layer.title),
    optionalText('Abstract', layer.abstract),
    keywordList(layer.keywords, version),
    extents.map(({ crs }) => textElement(crsName, crs.id)),
    geographicElement(layer.geographicBbox, version),
    extents.map((extent) => boundingBox(extent, layer.geographicBbox, version, axesOf)),
    dimensionElements(layer.dimensions, version),
    layer.attribution === null ? null : attributionElement(layer.attribution, version),
    identifierElements(layer.links.identifiers),
    layer.metadata.map((link) => metadataElement(link, version)),
    layer.links.data.map((link) => linkElement('DataURL', link)),
    layer.links.featureLists.map((link) => linkElement('FeatureListURL', link)),
    layer.styles.map(styleElement),
    scaleElements(layer, version),
    layer.layers.map((child) => layerElement(child, version, axesOf)),
  );
}
