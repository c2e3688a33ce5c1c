import { tileBbox, type TileMatrix, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import { EXTENSION_OF, type ImageFormat } from '../../raster/format.ts';
import { element, textElement, writeXml } from '../element.ts';
import type { ServiceMetadata } from '../serviceMetadata.ts';
import { offeredMatrices, tmsProfile } from './profile.ts';

/** One layer on one grid: a TileMap. */
export interface TileMapDescription {
  readonly title: string;
  readonly abstract: string;
  readonly set: TileMatrixSet;
  readonly format: ImageFormat;
  /** The layer's rectangle, units of the set's CRS, x/y order. */
  readonly bbox: Bbox;
  /** Public address of the TileMap without trailing slash. */
  readonly url: string;
}

const VERSION = '1.0.0';

/** The root resource (TMS 1.0.0, "Root resource"). @param url public address of /tms without trailing slash */
export function writeTmsServices(service: ServiceMetadata, url: string): string {
  return writeXml(element('Services', {}, element('TileMapService', { title: service.title, version: VERSION, href: `${url}/${VERSION}/` })));
}

/** The TileMapService resource: every layer on every grid. @param url public address of /tms without trailing slash */
export function writeTileMapService(service: ServiceMetadata, maps: readonly TileMapDescription[], url: string): string {
  const tileMaps = maps.map((map) => {
    const { srs, name } = tmsProfile(map.set);
    return element('TileMap', { title: map.title, srs, profile: name, href: map.url });
  });
  return writeXml(
    element(
      'TileMapService',
      { version: VERSION, services: `${url}/` },
      textElement('Title', service.title),
      textElement('Abstract', service.abstract),
      element('TileMaps', {}, tileMaps),
    ),
  );
}

function corners([minx, miny, maxx, maxy]: Bbox) {
  return { minx, miny, maxx, maxy };
}

/** Bottom left corner of a matrix's tiles: where TMS counts from. */
function bottomLeft(matrix: TileMatrix): { readonly x: number; readonly y: number } {
  const [x, y] = tileBbox(matrix, 0, matrix.cornerOfOrigin === 'topLeft' ? matrix.matrixHeight - 1 : 0);
  return { x, y };
}

/** A TileMap resource: levels by the TMS profile. */
export function writeTileMap({ title, abstract, set, format, bbox, url }: TileMapDescription): string {
  const { srs, name } = tmsProfile(set);
  const matrices = offeredMatrices(set, true);
  const first = matrices[0] ?? (set.tileMatrices[0] as TileMatrix);
  const tileSets = matrices.map(({ cellSize }, order) => element('TileSet', { href: `${url}/${order}`, 'units-per-pixel': cellSize, order }));
  return writeXml(
    element(
      'TileMap',
      { version: VERSION },
      textElement('Title', title),
      textElement('Abstract', abstract),
      textElement('SRS', srs),
      element('BoundingBox', corners(bbox)),
      element('Origin', bottomLeft(first)),
      element('TileFormat', { width: first.tileWidth, height: first.tileHeight, 'mime-type': format, extension: EXTENSION_OF[format] }),
      element('TileSets', { profile: name }, tileSets),
    ),
  );
}
