import type { WmsVersion } from './types.ts';

/** What all requests to a WMS have. */
export interface UpstreamRequest {
  /** Address of the service; may already have '?' and parameters of its own (MapServer's map=), which are kept as they stand. */
  readonly url: string;
  readonly version: WmsVersion;
  /** Further parameters (TIME, SLD, BGCOLOR, map, ...). They do not replace those of the request itself. */
  readonly extra: Readonly<Record<string, string>>;
}

/** A GetMap request as a client sends it (OGC 01-068r3, 7.2; OGC 06-042, 7.3). */
export interface GetMapRequest extends UpstreamRequest {
  readonly layers: readonly string[];
  /** As many as layers, or none for the default styles. */
  readonly styles: readonly string[];
  /** What the upstream calls the CRS. */
  readonly crs: string;
  /** minX, minY, maxX, maxY: x to the right, y up. */
  readonly bbox: readonly [number, number, number, number];
  /** Axis order of the CRS's registry; matters in 1.3.0 only. */
  readonly axes: 'xy' | 'yx';
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly transparent: boolean;
}

export type Parameter = readonly [name: string, value: string];

/** The address to get a map. */
export function formatGetMap(request: GetMapRequest): string {
  return formatRequest(request, 'GetMap', mapParameters(request));
}

/** A request in two parts: an address, and the parameters that follow it, or that are posted to it as a form. */
export interface RequestForm {
  /** With the parameters of the base address that stay there. */
  readonly address: string;
  readonly form: string;
}

/** A map as it is asked for by POST. */
export function formatGetMapForm(request: GetMapRequest): RequestForm {
  return requestForm(request, 'GetMap', mapParameters(request));
}

/** The address of a request. Parameters of the base address that the request sets itself are replaced, whatever their case. */
export function formatRequest(request: UpstreamRequest, operation: string, parameters: readonly Parameter[]): string {
  const { address, form } = requestForm(request, operation, parameters);
  return `${address}${address.includes('?') ? '&' : '?'}${form}`;
}

function requestForm(request: UpstreamRequest, operation: string, parameters: readonly Parameter[]): RequestForm {
  const own: readonly Parameter[] = [['SERVICE', 'WMS'], ['VERSION', request.version], ['REQUEST', operation], ...parameters];
  const named = new Set(own.map(([name]) => name));
  const extra = Object.entries(request.extra).filter(([name]) => !named.has(name.toUpperCase()));
  for (const [name] of extra) named.add(name.toUpperCase());
  const { path, pairs } = splitAddress(request.url);
  const kept = pairs.filter((pair) => !named.has(nameOf(pair)));
  const written = [...own, ...extra].map(([name, value]) => `${encodeURIComponent(name)}=${encodeValue(value)}`);
  return { address: kept.length === 0 ? path : `${path}?${kept.join('&')}`, form: written.join('&') };
}

/** What describes a map, in GetMap and GetFeatureInfo. */
export function mapParameters(request: GetMapRequest): readonly Parameter[] {
  const { version, width, height } = request;
  return [
    ['LAYERS', request.layers.join(',')],
    ['STYLES', request.styles.join(',')],
    [version === '1.1.1' ? 'SRS' : 'CRS', request.crs],
    ['BBOX', orderedBbox(request).map(plainDecimal).join(',')],
    ['WIDTH', String(width)],
    ['HEIGHT', String(height)],
    ['FORMAT', request.format],
    ['TRANSPARENT', request.transparent ? 'TRUE' : 'FALSE'],
  ];
}

/** 1.1.1: always x before y. 1.3.0: in the order of the CRS's registry (06-042, 6.7.2 and 7.3.3.6). */
function orderedBbox({ version, axes, bbox: [minX, minY, maxX, maxY] }: GetMapRequest): readonly number[] {
  return version === '1.1.1' || axes === 'xy' ? [minX, minY, maxX, maxY] : [minY, minX, maxY, maxX];
}

/**
 * The shortest digits that read back as the same double, never with an exponent (allowed, but not every server reads it).
 * @param x finite
 */
export function plainDecimal(x: number): string {
  const text = String(x === 0 ? 0 : x);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = ''] = match;
  const power = Number(exponent);
  if (power < 0) return `${sign}0.${'0'.repeat(-power - whole.length)}${whole}${fraction}`;
  return `${sign}${whole}${fraction.padEnd(power, '0')}`;
}

function splitAddress(url: string): { readonly path: string; readonly pairs: readonly string[] } {
  const address = url.split('#')[0]!;
  const cut = address.indexOf('?');
  if (cut < 0) return { path: address, pairs: [] };
  return { path: address.slice(0, cut), pairs: address.slice(cut + 1).split('&').filter((pair) => pair !== '') };
}

function nameOf(pair: string): string {
  const name = pair.split('=')[0]!;
  try {
    return decodeURIComponent(name).toUpperCase();
  } catch {
    return name.toUpperCase();
  }
}

/** Percent-encoded but for ',', ':' and '/', which are legal in a query and which some servers want to see as they are. */
function encodeValue(value: string): string {
  return encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
}
