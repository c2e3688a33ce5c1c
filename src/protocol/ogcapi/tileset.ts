import { swapPoint, type Bbox } from '../../geometry/crs/axis.ts';
import type { ImageFormat } from '../../raster/format.ts';
import type { WmtsSet } from '../wmts/types.ts';
import { bothLinks, OGC_REL, selfLinks, TILEJSON_TYPE, withParameter, type OgcLink } from './links.ts';
import { extensionOf } from './negotiate.ts';
import { crsAddress, ogcSetId, registeredUri } from './tileMatrixSet.ts';

/** Tiles of something along one set. */
export interface TilesetDescription {
  readonly title: string;
  readonly set: WmtsSet;
  /** What there is to show, in the set's CRS, x/y order. */
  readonly bbox: Bbox;
  readonly formats: readonly ImageFormat[];
  /** Public address of what the tiles show: /ogcapi/collections/{id}, or /ogcapi itself. */
  readonly geodata: string;
  /** Parameters that belong to every address: '' or 'collections=a,b'. */
  readonly query: string;
  /** Whether there is a TileJSON. */
  readonly hasTileJson: boolean;
  /** Public address of /ogcapi. */
  readonly root: string;
}

function addressOf({ geodata, set, query }: TilesetDescription, tail: string): string {
  return `${geodata}/map/tiles/${encodeURIComponent(ogcSetId(set.set))}${tail}${query === '' ? '' : `?${query}`}`;
}

/** The template of a tile's address in a format. */
export function tileTemplate(tileset: TilesetDescription, format: ImageFormat, variables = '/{tileMatrix}/{tileRow}/{tileCol}'): string {
  return addressOf(tileset, `${variables}.${extensionOf(format)}`);
}

function itemLinks(tileset: TilesetDescription): readonly OgcLink[] {
  return tileset.formats.map((format) => ({ rel: 'item', type: format, title: `Tiles (${extensionOf(format)})`, href: tileTemplate(tileset, format), templated: true }));
}

function limitsJson({ limits }: WmtsSet) {
  if (limits === null) return {};
  const entries = [...limits].map(([tileMatrix, { minRow, maxRow, minCol, maxCol }]) => ({ tileMatrix, minTileRow: minRow, maxTileRow: maxRow, minTileCol: minCol, maxTileCol: maxCol }));
  return { tileMatrixSetLimits: entries };
}

/** An entry of a list of tile sets (OGC 20-057, clause 9). */
export function tilesetItemJson(tileset: TilesetDescription): Readonly<Record<string, unknown>> {
  const { title, set, root } = tileset;
  const id = ogcSetId(set.set);
  const schemeUrl = `${root}/tileMatrixSets/${encodeURIComponent(id)}`;
  return {
    title: `${title}: ${id}`,
    dataType: 'map',
    crs: crsAddress(set.set.crs),
    tileMatrixSetId: id,
    tileMatrixSetURI: registeredUri(set.set) ?? schemeUrl,
    links: [...selfLinks(addressOf(tileset, ''), `${title}: ${id}`), ...bothLinks(OGC_REL.tilingScheme, schemeUrl, id), ...itemLinks(tileset)],
  };
}

/** A tile set in JSON (OGC 20-057, clause 8; 17-083r4, 7.3). */
export function tilesetJson(tileset: TilesetDescription): Readonly<Record<string, unknown>> {
  const { set, bbox: [minX, minY, maxX, maxY], geodata, title, hasTileJson } = tileset;
  const { crs } = set.set;
  const item = tilesetItemJson(tileset) as { readonly links: readonly OgcLink[] };
  const tileJson: readonly OgcLink[] = hasTileJson ? [{ rel: 'alternate', type: TILEJSON_TYPE, title: 'TileJSON', href: withParameter(addressOf(tileset, ''), 'f', 'tilejson') }] : [];
  return {
    ...item,
    boundingBox: { lowerLeft: swapPoint(crs, [minX, minY]), upperRight: swapPoint(crs, [maxX, maxY]), crs: crsAddress(crs) },
    ...limitsJson(set),
    links: [...item.links, ...tileJson, ...bothLinks(OGC_REL.geodata, geodata, title)],
  };
}
