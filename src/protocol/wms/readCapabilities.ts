import { GatewayError } from '../../errors.ts';
import { childAt, childrenOf, readXml, textAt, type XmlNode } from '../readXml.ts';

/** A WMS as it describes itself; plain data. */
export interface WmsCapabilities {
  /** '1.3.0', '1.1.1', ... as the document says. */
  readonly version: string;
  readonly title: string;
  /** Address of GetMap as written; null where there is none. */
  readonly mapUrl: string | null;
  /** Media types of GetMap. */
  readonly formats: readonly string[];
  /** Those that can be asked for and have no such layer inside, in the order of the document. */
  readonly layers: readonly WmsUpstreamLayer[];
}

export interface WmsUpstreamLayer {
  readonly name: string;
  readonly title: string;
  readonly abstract: string;
  /** Identifiers as written, those of the groups around it included, its own first. */
  readonly crs: readonly string[];
  /** west, south, east, north, degrees; null = not said. */
  readonly bbox: readonly [number, number, number, number] | null;
  readonly opaque: boolean;
  /** Whether GetFeatureInfo may be asked of it. */
  readonly queryable: boolean;
  /** Address of the legend of its first style; null = none. */
  readonly legendUrl: string | null;
  readonly dimensions: readonly WmsUpstreamDimension[];
}

/** Time, elevation, or another axis along which there are several pictures. */
export interface WmsUpstreamDimension {
  readonly name: string;
  /** Members of the list as written: values, and intervals first/last/step. */
  readonly values: readonly string[];
  /** '' = not said. */
  readonly default: string;
}

const ROOTS: ReadonlySet<string> = new Set(['WMS_Capabilities', 'WMT_MS_Capabilities']);

/**
 * Reads a capabilities document of WMS 1.0 to 1.3 (OGC 06-042, 7.2.4).
 * @throws UPSTREAM_FAILED for anything else
 */
export function readWmsCapabilities(text: string): WmsCapabilities {
  return wmsCapabilitiesOf(readXml(text));
}

/** The same of a document that has been read. @throws UPSTREAM_FAILED */
export function wmsCapabilitiesOf(root: XmlNode): WmsCapabilities {
  if (!ROOTS.has(root.name)) {
    const said = textAt(root, 'ServiceException');
    throw new GatewayError('UPSTREAM_FAILED', `not the capabilities of a WMS: the document is a <${root.name}>${said === '' ? '' : `: ${said}`}`);
  }
  const capability = childAt(root, 'Capability');
  const map = childAt(capability, 'Request', 'GetMap');
  const around: Around = { crs: [], bbox: null, opaque: false, queryable: false, legendUrl: null, dimensions: [] };
  return {
    version: root.attributes['version'] ?? '',
    title: textAt(root, 'Service', 'Title'),
    mapUrl: childAt(map, 'DCPType', 'HTTP', 'Get', 'OnlineResource')?.attributes['href'] ?? null,
    formats: childrenOf(map, 'Format').map((format) => format.text),
    layers: childrenOf(capability, 'Layer').flatMap((layer) => leavesOf(layer, around)),
  };
}

/** What a layer inherits (OGC 06-042, table 7): lists are added to, the rest is replaced. */
type Around = Omit<WmsUpstreamLayer, 'name' | 'title' | 'abstract'>;

function leavesOf(layer: XmlNode, around: Around): readonly WmsUpstreamLayer[] {
  const own: Around = {
    crs: [...new Set([...[...childrenOf(layer, 'CRS'), ...childrenOf(layer, 'SRS')].flatMap(({ text }) => text.split(/\s+/)), ...around.crs])].filter((id) => id !== ''),
    bbox: bboxOf(layer) ?? around.bbox,
    opaque: isTrue(layer.attributes['opaque'], around.opaque),
    queryable: isTrue(layer.attributes['queryable'], around.queryable),
    legendUrl: childAt(layer, 'Style', 'LegendURL', 'OnlineResource')?.attributes['href'] ?? around.legendUrl,
    dimensions: dimensionsOf(layer, around.dimensions),
  };
  const inside = childrenOf(layer, 'Layer').flatMap((child) => leavesOf(child, own));
  const name = textAt(layer, 'Name');
  if (inside.length > 0 || name === '') return inside;
  return [{ name, title: textAt(layer, 'Title'), abstract: textAt(layer, 'Abstract'), ...own }];
}

function isTrue(text: string | undefined, otherwise: boolean): boolean {
  return text === undefined ? otherwise : /^(?:1|true)$/i.test(text);
}

/** Those of the layer replace those around it of the same name. 1.1.1 says the values in elements of their own (01-068r3, C.3). */
function dimensionsOf(layer: XmlNode, around: readonly WmsUpstreamDimension[]): readonly WmsUpstreamDimension[] {
  const own = [...childrenOf(layer, 'Dimension'), ...childrenOf(layer, 'Extent')].flatMap(({ attributes, text }): readonly WmsUpstreamDimension[] => {
    const values = text.split(',').map((value) => value.trim()).filter((value) => value !== '');
    const name = (attributes['name'] ?? '').trim();
    return name === '' || values.length === 0 ? [] : [{ name, values, default: (attributes['default'] ?? '').trim() }];
  });
  return [...around.filter(({ name }) => own.every((one) => one.name.toLowerCase() !== name.toLowerCase())), ...own];
}

function bboxOf(layer: XmlNode): WmsUpstreamLayer['bbox'] {
  const old = childAt(layer, 'LatLonBoundingBox')?.attributes;
  const now = childAt(layer, 'EX_GeographicBoundingBox');
  const texts = now === undefined
    ? ['minx', 'miny', 'maxx', 'maxy'].map((name) => old?.[name] ?? '')
    : ['westBoundLongitude', 'southBoundLatitude', 'eastBoundLongitude', 'northBoundLatitude'].map((name) => textAt(now, name));
  const numbers = texts.map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  return numbers.every(Number.isFinite) ? (numbers as [number, number, number, number]) : null;
}
