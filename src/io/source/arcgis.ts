import { GatewayError } from '../../errors.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { TileAddress, TileMatrix, TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { plainDecimal } from '../../protocol/wms/getMapRequest.ts';
import { withParameters } from './address.ts';

/** One picture of an ArcGIS service (ArcGIS REST API: Export Map, Export Image). */
export interface ArcgisExport {
  /** Address of the MapServer or ImageServer, with or without the operation. */
  readonly url: string;
  /** What the upstream calls the CRS: the part after the last colon is its WKID. */
  readonly srs: string;
  /** Media type or the upstream's own word ('png32', 'jpgpng'). */
  readonly format: string;
  readonly transparent: boolean;
  readonly layers: string | null;
  readonly dpi: string | null;
  readonly extra: Readonly<Record<string, string>>;
}

/** The address of a picture of a rectangle. */
export function arcgisExportUrl({ url, srs, format, transparent, layers, dpi, extra }: ArcgisExport, bbox: Bbox, width: number, height: number): string {
  const wkid = wkidOf(srs);
  return withParameters(operationUrl(url), {
    ...extra,
    ...(layers === null ? {} : { layers }),
    ...(dpi === null ? {} : { dpi }),
    bbox: bbox.map(plainDecimal).join(','),
    size: `${width},${height}`,
    bboxSR: wkid,
    imageSR: wkid,
    format: format.replace(/^.*\//, ''),
    transparent: String(transparent),
    f: 'image',
  });
}

/** CRS:84 has no number of its own there. */
export function wkidOf(srs: string): string {
  return /^(?:CRS:84|OGC:CRS84)$/i.test(srs) ? '4326' : srs.replace(/^.*:/, '');
}

/** The service with its operation: /MapServer/export, /ImageServer/exportImage. */
function operationUrl(url: string): string {
  const [path = '', query] = url.split('?');
  const bare = serviceUrl(path);
  const operation = /\/ImageServer$/i.test(bare) ? 'exportImage' : 'export';
  return `${bare}/${operation}${query === undefined ? '' : `?${query}`}`;
}

/** The service without operation, parameters and slash. */
export function serviceUrl(url: string): string {
  return url.split('?')[0]!.replace(/\/+$/, '').replace(/\/(?:export|exportImage)$/i, '');
}

/** The address of the description of a service. */
export function arcgisInfoUrl(url: string): string {
  return `${serviceUrl(url)}?f=json`;
}

/** A service's cache of tiles as it describes it; plain data. */
export interface ArcgisTiles {
  /** AUTHORITY:CODE. */
  readonly srs: string;
  readonly origin: readonly [x: number, y: number];
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Coarsest first or not. */
  readonly lods: readonly { readonly level: number; readonly resolution: number }[];
  readonly extent: Bbox;
}

interface Info {
  readonly error?: { readonly message?: string };
  readonly tileInfo?: {
    readonly rows?: number;
    readonly cols?: number;
    readonly origin?: { readonly x: number; readonly y: number };
    readonly spatialReference?: { readonly wkid?: number; readonly latestWkid?: number };
    readonly lods?: readonly { readonly level: number; readonly resolution: number }[];
  };
  readonly fullExtent?: { readonly xmin: number; readonly ymin: number; readonly xmax: number; readonly ymax: number };
}

/** @throws UPSTREAM_FAILED for what is no description of a service with tiles */
export function readArcgisTiles(text: string): ArcgisTiles {
  const info = parsed(text);
  const { tileInfo, fullExtent } = info;
  const wkid = tileInfo?.spatialReference?.latestWkid ?? tileInfo?.spatialReference?.wkid;
  if (tileInfo?.origin === undefined || tileInfo.lods === undefined || fullExtent === undefined || wkid === undefined) {
    throw new GatewayError('UPSTREAM_FAILED', `the service has no tiles${info.error?.message === undefined ? '' : `: ${info.error.message}`}`);
  }
  const { origin, lods, cols = 256, rows = 256 } = tileInfo;
  const { xmin, ymin, xmax, ymax } = fullExtent;
  return {
    srs: `EPSG:${wkid}`,
    origin: [origin.x, origin.y],
    tileWidth: cols,
    tileHeight: rows,
    lods: lods.map(({ level, resolution }) => ({ level, resolution })),
    extent: [xmin, ymin, xmax, ymax],
  };
}

function parsed(text: string): Info {
  try {
    return (JSON.parse(text) ?? {}) as Info;
  } catch (cause) {
    throw new GatewayError('UPSTREAM_FAILED', `not a description of an ArcGIS service: ${text.slice(0, 40)}`, { cause });
  }
}

/** The tiles that the extent needs, counted from the origin, which may lie far outside. */
export function arcgisMatrixSet({ origin: [x, y], tileWidth, tileHeight, lods, extent }: ArcgisTiles, crs: Crs): TileMatrixSet {
  const matrixOf = ({ level, resolution }: ArcgisTiles['lods'][number]): TileMatrix => ({
    id: String(level),
    cellSize: resolution,
    cornerOfOrigin: 'topLeft',
    pointOfOrigin: [x, y],
    tileWidth,
    tileHeight,
    matrixWidth: Math.max(1, Math.ceil((extent[2] - x) / (resolution * tileWidth) - ROUNDING)),
    matrixHeight: Math.max(1, Math.ceil((y - extent[1]) / (resolution * tileHeight) - ROUNDING)),
  });
  return { id: 'tileInfo', crs, bbox: extent, tileMatrices: lods.map(matrixOf).sort((a, b) => b.cellSize - a.cellSize) };
}

/** Share of a tile that documents round away. */
const ROUNDING = 1e-6;

/** The address of a tile of a service's cache. */
export function arcgisTileUrl(url: string, { matrix, col, row }: TileAddress): string {
  return `${serviceUrl(url)}/tile/${matrix.id}/${row}/${col}`;
}
