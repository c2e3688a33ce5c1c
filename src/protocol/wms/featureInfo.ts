import { element, textElement, writeXml } from '../element.ts';
import { escapeXml } from '../xml.ts';
import { infoKindOf, type InfoKind } from './infoDocuments.ts';

/** What one layer shows at a point. */
export interface FeatureInfoLayer {
  readonly name: string;
  /** Degrees of the pixel's centre: east-positive longitude and planetocentric latitude, or those of the sky frame. */
  readonly lon: number;
  readonly lat: number;
  /** The same point in the CRS of the request, x/y order. */
  readonly crs: readonly [number, number];
  /** One number per band; null where the layer has nothing there. */
  readonly value: readonly number[] | null;
  /** Unit of the value; null for colours. */
  readonly unit: string | null;
  /** The HEALPix cell of the HiPS pixel that was read; null for sources that are no HiPS. */
  readonly hips: { readonly order: number; readonly npix: number } | null;
}

/** The answer to GetFeatureInfo, as JSON clients read it. */
export interface FeatureInfo {
  readonly layers: readonly FeatureInfoLayer[];
}

function writeGeoJson({ layers }: FeatureInfo): string {
  const features = layers.map(({ lon, lat, ...properties }) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties,
  }));
  return JSON.stringify({ type: 'FeatureCollection', features });
}

/** Names and texts of what is known, in reading order. */
function rows(layer: FeatureInfoLayer): readonly (readonly [string, string])[] {
  const value = layer.value === null ? 'nothing here' : layer.value.join(' ') + (layer.unit === null ? '' : ` ${layer.unit}`);
  const cell = layer.hips === null ? [] : [['hips', `order ${layer.hips.order} npix ${layer.hips.npix}`] as const];
  return [['lon', String(layer.lon)], ['lat', String(layer.lat)], ['crs', layer.crs.join(' ')], ['value', value], ...cell];
}

function writeText({ layers }: FeatureInfo): string {
  return layers.map((layer) => [`Layer '${layer.name}'`, ...rows(layer).map(([name, text]) => `  ${name} = ${text}`), ''].join('\n')).join('');
}

function writeHtml({ layers }: FeatureInfo): string {
  const tables = layers.map((layer) => {
    const lines = rows(layer).map(([name, text]) => `<tr><th>${name}</th><td>${escapeXml(text)}</td></tr>\n`);
    return `<table>\n<caption>${escapeXml(layer.name)}</caption>\n${lines.join('')}</table>\n`;
  });
  return `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Feature info</title></head>\n<body>\n${tables.join('')}</body>\n</html>\n`;
}

/** A name as that of an element. */
function elementName(name: string): string {
  const plain = name.replaceAll(/[^\w.-]/g, '_');
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
}

/** As MapServer writes it, which QGIS and OpenLayers read as features: a layer, in it a feature, in it what is known. */
function writeInfoXml({ layers }: FeatureInfo): string {
  const found = layers.map((layer) => {
    const name = elementName(layer.name);
    const feature = element(`${name}_feature`, {}, rows(layer).map(([key, text]) => textElement(key, text)));
    return element(`${name}_layer`, {}, textElement('gml:name', layer.name), feature);
  });
  return writeXml(element('msGMLOutput', { 'xmlns:gml': 'http://www.opengis.net/gml' }, found));
}

const WRITERS: { readonly [format: string]: (info: FeatureInfo) => string } = Object.freeze({
  'text/plain': writeText,
  'text/html': writeHtml,
  'application/json': (info) => JSON.stringify(info),
  'application/geo+json': writeGeoJson,
  'text/xml': writeInfoXml,
  'application/vnd.ogc.gml': writeInfoXml,
});

/** Media types of GetFeatureInfo, the default first. */
export const INFO_FORMATS: readonly string[] = Object.freeze(Object.keys(WRITERS));

/** A format of feature info: its media type, and how addresses end in it. */
export interface InfoFormat {
  readonly mediaType: string;
  readonly extension: string;
}

const EXTENSION_OF: { readonly [mediaType: string]: string } = Object.freeze({
  'text/plain': 'txt',
  'text/html': 'html',
  'application/json': 'json',
  'application/geo+json': 'geojson',
  'text/xml': 'xml',
  'application/vnd.ogc.gml': 'gml',
});

/** How addresses end where nothing else is said: as usual, else in the letters of the media type. */
export function infoExtensionOf(mediaType: string): string {
  return EXTENSION_OF[mediaType] ?? mediaType.replace(/^.*\//, '').replaceAll(/[^a-zA-Z0-9]/g, '').toLowerCase();
}

/** Those that are always known. */
export const KNOWN_INFO_FORMATS: readonly InfoFormat[] = Object.freeze(INFO_FORMATS.map((mediaType) => ({ mediaType, extension: infoExtensionOf(mediaType) })));

const WRITER_OF: { readonly [kind in InfoKind]: (info: FeatureInfo) => string } = { text: writeText, html: writeHtml, xml: writeInfoXml, json: (info) => JSON.stringify(info) };

/** A feature info in any format of text, HTML, XML or JSON, and the header to send with it. */
export function writeFeatureInfo(info: FeatureInfo, format: string): { readonly contentType: string; readonly body: string } {
  const write = (Object.hasOwn(WRITERS, format) ? WRITERS[format] : undefined) ?? WRITER_OF[infoKindOf(format)];
  return { contentType: infoContentType(format), body: write(info) };
}

/** Texts are in UTF-8. */
export function infoContentType(format: string): string {
  return format.startsWith('text/') && !/;\s*charset=/i.test(format) ? `${format}; charset=utf-8` : format;
}
