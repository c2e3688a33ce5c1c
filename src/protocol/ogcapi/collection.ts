import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { MapFormat } from '../../raster/format.ts';
import { PIXEL_SIZE } from '../scale.ts';
import { bothLinks, OGC_REL, selfLinks } from './links.ts';
import { mapLinks } from './landing.ts';
import { crsAddress } from './tileMatrixSet.ts';

/** A layer, or a group that can be asked for. */
export interface CollectionDescription {
  readonly id: string;
  readonly title: string;
  readonly abstract: string;
  readonly keywords: readonly string[];
  /** '' = none. */
  readonly attribution: string;
  readonly frame: Frame;
  /** Degrees on the frame, west, south, east, north, inside [-180, 180] x [-90, 90]. */
  readonly geographicBbox: Bbox;
  /** Those that a map can be asked for in, the default first. */
  readonly crs: readonly Crs[];
  /** Metres per pixel at which it is drawn; null = any. */
  readonly minRes: number | null;
  readonly maxRes: number | null;
  readonly hasMap: boolean;
  readonly hasTiles: boolean;
}

const CRS84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';

/** The degrees that a box is in. On another body its own: longitude still comes first, as MapProxy writes and GDAL reads it. */
function geographicCrs({ frame, crs }: CollectionDescription): string {
  const own = crs.find(({ unit, id }) => unit === 'degree' && id !== 'EPSG:4326' && id !== 'CRS:84');
  return frame.id === 'earth' || own === undefined ? CRS84 : crsAddress(own);
}

/** Coarse is large: minRes of the configuration is the largest cell. */
function cells({ minRes, maxRes }: CollectionDescription) {
  return {
    ...(maxRes === null ? {} : { minCellSize: maxRes, minScaleDenominator: maxRes / PIXEL_SIZE }),
    ...(minRes === null ? {} : { maxCellSize: minRes, maxScaleDenominator: minRes / PIXEL_SIZE }),
  };
}

/** A collection in JSON (OGC 20-024, 8.3). @param root public address of /ogcapi without trailing slash */
export function collectionJson(collection: CollectionDescription, formats: readonly MapFormat[], root: string): Readonly<Record<string, unknown>> {
  const { id, title, abstract, keywords, attribution, geographicBbox, crs, hasMap, hasTiles } = collection;
  const url = `${root}/collections/${encodeURIComponent(id)}`;
  return {
    id,
    title,
    ...(abstract === '' ? {} : { description: abstract }),
    ...(keywords.length === 0 ? {} : { keywords }),
    ...(attribution === '' ? {} : { attribution }),
    dataType: 'map',
    extent: { spatial: { bbox: [geographicBbox], crs: geographicCrs(collection) } },
    ...(crs.length === 0 ? {} : { crs: crs.map(crsAddress), storageCrs: crsAddress(crs[0] as Crs) }),
    ...cells(collection),
    links: [
      ...selfLinks(url, title),
      ...bothLinks('collection', `${root}/collections`, 'All collections'),
      ...(hasMap ? mapLinks(`${url}/map`, 'Map', formats) : []),
      ...(hasTiles ? bothLinks(OGC_REL.tilesetsMap, `${url}/map/tiles`, 'Tile sets') : []),
    ],
  };
}

/** The list of collections in JSON (OGC 20-024, 8.2). */
export function collectionsJson(collections: readonly CollectionDescription[], formats: readonly MapFormat[], root: string): Readonly<Record<string, unknown>> {
  return {
    links: selfLinks(`${root}/collections`, 'Collections'),
    numberMatched: collections.length,
    numberReturned: collections.length,
    collections: collections.map((collection) => collectionJson(collection, formats, root)),
  };
}
