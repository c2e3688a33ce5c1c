import type { Bbox } from '../../geometry/crs/axis.ts';
import type { TileLimits } from '../../geometry/pyramid/tileMatrixSet.ts';
import { EXTENSION_OF } from '../../raster/format.ts';
import type { Dimension } from '../dimensions.ts';
import { element, optionalText, textElement, type XmlElement } from '../element.ts';
import { keywordElements } from './keywords.ts';
import type { WmtsDescription, WmtsLayerDescription, WmtsStyle } from './description.ts';
import { fillTemplate } from './template.ts';
import type { WmtsSet } from './types.ts';

function boxElement(name: string, crs: string | null, [minX, minY, maxX, maxY]: Bbox): XmlElement {
  return element(name, { crs }, textElement('ows:LowerCorner', `${minX} ${minY}`), textElement('ows:UpperCorner', `${maxX} ${maxY}`));
}

function styleElement({ name, title, legend }: WmtsStyle, isDefault: boolean): XmlElement {
  const picture =
    legend === null
      ? null
      : element('LegendURL', { format: legend.format, width: legend.width, height: legend.height, 'xlink:href': legend.url });
  return element('Style', isDefault ? { isDefault: 'true' } : {}, optionalText('ows:Title', title), textElement('ows:Identifier', name), picture);
}

function limitsElement(matrix: string, limits: TileLimits): XmlElement {
  return element(
    'TileMatrixLimits',
    {},
    textElement('TileMatrix', matrix),
    textElement('MinTileRow', limits.minRow),
    textElement('MaxTileRow', limits.maxRow),
    textElement('MinTileCol', limits.minCol),
    textElement('MaxTileCol', limits.maxCol),
  );
}

/** A link to a set, with limits where the layer has any tiles to limit (an empty list would not be valid). */
function linkElement({ served, limits }: WmtsSet): XmlElement {
  const entries = [...(limits ?? [])].map(([matrix, block]) => limitsElement(matrix, block));
  return element(
    'TileMatrixSetLink',
    {},
    textElement('TileMatrixSet', served.id),
    entries.length === 0 ? null : element('TileMatrixSetLimits', {}, entries),
  );
}

function resourceElements(layer: WmtsLayerDescription, { restUrl, templates }: WmtsDescription): readonly XmlElement[] {
  if (restUrl === null) return [];
  const dimensions = layer.dimensions.map(({ name }) => name);
  const tiles = layer.formats.map((format) =>
    element('ResourceURL', {
      format,
      resourceType: 'tile',
      template: `${restUrl}${fillTemplate(templates.tile, { Layer: layer.name, Format: EXTENSION_OF[format] }, dimensions)}`,
    }),
  );
  const infos = layer.infoFormats.map(({ mediaType: format, extension }) =>
    element('ResourceURL', {
      format,
      resourceType: 'FeatureInfo',
      template: `${restUrl}${fillTemplate(templates.featureInfo, {
        Layer: layer.name,
        Format: EXTENSION_OF[layer.formats[0] ?? 'image/png'],
        InfoFormat: extension,
      }, dimensions)}`,
    }),
  );
  return [...tiles, ...infos];
}

function dimensionElement({ name, values, default: fallback }: Dimension): XmlElement {
  return element('Dimension', {}, textElement('ows:Identifier', name), textElement('Default', fallback), values.map((value) => textElement('Value', value)));
}

/** A Layer element, children in the order of the schema. */
export function layerElement(layer: WmtsLayerDescription, description: WmtsDescription): XmlElement {
  return element(
    'Layer',
    {},
    textElement('ows:Title', layer.title),
    optionalText('ows:Abstract', layer.abstract),
    keywordElements(layer.keywords),
    layer.wgs84Bbox === null ? null : boxElement('ows:WGS84BoundingBox', null, layer.wgs84Bbox),
    textElement('ows:Identifier', layer.name),
    layer.extents.map(({ crsUrn, bbox }) => boxElement('ows:BoundingBox', crsUrn, bbox)),
    layer.styles.map((style, i) => styleElement(style, i === 0)),
    layer.formats.map((format) => textElement('Format', format)),
    layer.infoFormats.map(({ mediaType }) => textElement('InfoFormat', mediaType)),
    layer.dimensions.map(dimensionElement),
    layer.sets.map(linkElement),
    resourceElements(layer, description),
  );
}
