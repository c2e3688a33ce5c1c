import { GatewayError } from '../../errors.ts';
import type { TileLimits } from '../../geometry/pyramid/tileMatrixSet.ts';
import { childAt, childrenOf, numbersIn, readXml, textAt, type XmlNode } from '../readXml.ts';

/** A WMTS as it describes itself; plain data. */
export interface WmtsCapabilities {
  readonly layers: readonly WmtsUpstreamLayer[];
  readonly sets: readonly WmtsUpstreamSet[];
  /** Address of GetTile by key and value; null where there is none. */
  readonly kvpUrl: string | null;
}

export interface WmtsUpstreamLayer {
  readonly id: string;
  readonly title: string;
  /** The default one first; may be empty. */
  readonly styles: readonly string[];
  /** Media types of its tiles. */
  readonly formats: readonly string[];
  readonly links: readonly WmtsSetLink[];
  /** Addresses of tiles with {TileMatrix}, {TileRow}, {TileCol} and others. */
  readonly templates: readonly { readonly format: string; readonly template: string }[];
  /** Defaults of its dimensions. */
  readonly dimensions: readonly { readonly id: string; readonly value: string }[];
}

export interface WmtsSetLink {
  readonly set: string;
  /** Tiles that the layer has, by matrix; a matrix that is not listed has none. null = all. */
  readonly limits: readonly (readonly [matrix: string, TileLimits])[] | null;
}

/** A tile matrix set as it is written: what its numbers mean is for readMatrixSet to find out. */
export interface WmtsUpstreamSet {
  readonly id: string;
  /** As written: URN, address or AUTHORITY:CODE. */
  readonly crs: string;
  readonly matrices: readonly WmtsUpstreamMatrix[];
}

export interface WmtsUpstreamMatrix {
  readonly id: string;
  readonly scaleDenominator: number;
  /** Size of a pixel in units of the CRS where the document says it, as OGC TMS 2.0 does; wins over the scale. */
  readonly cellSize?: number;
  /** TopLeftCorner, or the other corner of origin, in the order of the document. */
  readonly corner: readonly [number, number];
  /** Whether rows count from below (OGC TMS 2.0). */
  readonly fromBelow?: boolean;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly matrixWidth: number;
  readonly matrixHeight: number;
}

/**
 * Reads a capabilities document of WMTS 1.0.0 (OGC 07-057r7, 7.1). Sets and matrices whose numbers make no sense are left out.
 * @throws UPSTREAM_FAILED for anything else
 */
export function readWmtsCapabilities(text: string): WmtsCapabilities {
  const root = readXml(text);
  const contents = childAt(root, 'Contents');
  if (root.name !== 'Capabilities' || contents === undefined) {
    const said = textAt(root, 'Exception', 'ExceptionText');
    throw new GatewayError('UPSTREAM_FAILED', `not the capabilities of a WMTS: the document is a <${root.name}>${said === '' ? '' : `: ${said}`}`);
  }
  return {
    layers: childrenOf(contents, 'Layer').map(layerOf),
    sets: childrenOf(contents, 'TileMatrixSet').map(setOf).filter(({ matrices }) => matrices.length > 0),
    kvpUrl: kvpUrlOf(root),
  };
}

function layerOf(layer: XmlNode): WmtsUpstreamLayer {
  const styles = childrenOf(layer, 'Style');
  const isDefault = (style: XmlNode): boolean => /^(?:true|1)$/i.test(style.attributes['isDefault'] ?? '');
  const ordered = [...styles.filter(isDefault), ...styles.filter((style) => !isDefault(style))];
  const tiles = childrenOf(layer, 'ResourceURL').filter(({ attributes }) => attributes['resourceType'] === 'tile');
  return {
    id: textAt(layer, 'Identifier'),
    title: textAt(layer, 'Title'),
    styles: ordered.map((style) => textAt(style, 'Identifier')),
    formats: childrenOf(layer, 'Format').map((format) => format.text),
    links: childrenOf(layer, 'TileMatrixSetLink').map(linkOf),
    templates: tiles.map(({ attributes }) => ({ format: attributes['format'] ?? '', template: attributes['template'] ?? '' })),
    dimensions: childrenOf(layer, 'Dimension').map((dimension) => ({
      id: textAt(dimension, 'Identifier'),
      value: textAt(dimension, 'Default') || textAt(dimension, 'Value'),
    })),
  };
}

function linkOf(link: XmlNode): WmtsSetLink {
  const entries = childrenOf(childAt(link, 'TileMatrixSetLimits'), 'TileMatrixLimits');
  return { set: textAt(link, 'TileMatrixSet'), limits: entries.length === 0 ? null : entries.map((entry) => [textAt(entry, 'TileMatrix'), limitsOf(entry)]) };
}

function limitsOf(entry: XmlNode): TileLimits {
  const number = (name: string): number => Number(textAt(entry, name));
  return { minCol: number('MinTileCol'), maxCol: number('MaxTileCol'), minRow: number('MinTileRow'), maxRow: number('MaxTileRow') };
}

function setOf(set: XmlNode): WmtsUpstreamSet {
  return { id: textAt(set, 'Identifier'), crs: textAt(set, 'SupportedCRS'), matrices: childrenOf(set, 'TileMatrix').flatMap(matrixOf) };
}

function matrixOf(matrix: XmlNode): readonly WmtsUpstreamMatrix[] {
  const number = (name: string): number => Number(textAt(matrix, name) || Number.NaN);
  const [first = Number.NaN, second = Number.NaN] = numbersIn(textAt(matrix, 'TopLeftCorner'));
  const found: WmtsUpstreamMatrix = {
    id: textAt(matrix, 'Identifier'),
    scaleDenominator: number('ScaleDenominator'),
    corner: [first, second],
    tileWidth: number('TileWidth'),
    tileHeight: number('TileHeight'),
    matrixWidth: number('MatrixWidth'),
    matrixHeight: number('MatrixHeight'),
  };
  const { scaleDenominator, tileWidth, tileHeight, matrixWidth, matrixHeight } = found;
  const makesSense = [scaleDenominator, tileWidth, tileHeight, matrixWidth, matrixHeight].every((value) => value > 0) && Number.isFinite(first + second);
  return makesSense ? [found] : [];
}

/** GetTile by key and value: the Get whose constraint names KVP, else one without constraints. */
function kvpUrlOf(root: XmlNode): string | null {
  const operation = childrenOf(childAt(root, 'OperationsMetadata'), 'Operation').find(({ attributes }) => attributes['name'] === 'GetTile');
  const gets = childrenOf(childAt(operation, 'DCP', 'HTTP'), 'Get');
  const encodings = (get: XmlNode): readonly string[] => childrenOf(childAt(get, 'Constraint', 'AllowedValues'), 'Value').map(({ text }) => text.toUpperCase());
  const get = gets.find((each) => encodings(each).includes('KVP')) ?? gets.find((each) => encodings(each).length === 0);
  return get?.attributes['href'] ?? null;
}
