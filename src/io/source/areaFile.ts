import { readFile } from 'node:fs/promises';
import { GatewayError } from '../../errors.ts';
import type { Polygon } from '../../geometry/region/planePolygon.ts';
import { polygonsOfGeoJson } from '../../protocol/geoJsonPolygons.ts';
import type { MocFile } from '../../protocol/hips/mocFits.ts';
import { parseMocFits } from '../../protocol/hips/mocFits.ts';
import { mocOfJson } from '../../protocol/hips/mocJson.ts';
import { parseMocText } from '../../protocol/hips/mocText.ts';
import { looksLikeWkt, parseWktPolygons } from '../../protocol/wktPolygons.ts';

/** What the bytes of an area say. */
export type Area =
  | { readonly kind: 'polygons'; readonly polygons: readonly Polygon[]; /** Longitudes and latitudes in degrees, by RFC 7946. */ readonly isGeoJson: boolean }
  | { readonly kind: 'moc'; readonly moc: MocFile };

/** The bytes of an area. @throws GatewayError CONFIG_INVALID when there is no such file */
export async function readAreaFile(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new GatewayError('CONFIG_INVALID', `the file '${file}' cannot be read`, { cause });
  });
}

/** Kinds of file that only GDAL can read, by their first bytes. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/^\0\0'\n/, 'a shapefile'],
  [/^SQLite format 3\0/, 'a GeoPackage'],
  [/^\s*</, 'XML'],
  [/^fgb/, 'FlatGeobuf'],
];

/**
 * Reads an area, whatever kind of text or file it is: polygons as well-known text or GeoJSON; a MOC as FITS, JSON or text. A MOC
 * without a letter for its frame is in ICRS on the sky (MOC 2.0, section 4.3).
 * @throws GatewayError CONFIG_INVALID where it is none of these, or is broken
 */
export function parseArea(bytes: Uint8Array): Area {
  const head = Buffer.from(bytes.subarray(0, 100)).toString('latin1');
  if (head.startsWith('SIMPLE  =')) return { kind: 'moc', moc: broken(() => parseMocFits(bytes)) };
  const foreign = FOREIGN.find(([pattern]) => pattern.test(head));
  if (foreign !== undefined) throw invalid(`${foreign[1]} is not read here: 'ogr2ogr -f GeoJSON area.geojson ...' makes GeoJSON of it`);
  const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/, '');
  if (looksLikeWkt(text)) return { kind: 'polygons', polygons: some(parseWktPolygons(text)), isGeoJson: false };
  if (/^\s*\{/.test(text)) return areaOfJson(broken((): unknown => JSON.parse(text)));
  if (/^\s*s?\d{1,2}\//.test(text)) return { kind: 'moc', moc: { moc: broken(() => parseMocText(text)), coordsys: 'C' } };
  throw invalid(`expected polygons as WKT or GeoJSON, or a MOC as FITS, JSON or text, found '${text.trim().slice(0, 40)}'`);
}

function areaOfJson(object: unknown): Area {
  if (typeof object === 'object' && object !== null && 'type' in object) return { kind: 'polygons', polygons: some(polygonsOfGeoJson(object)), isGeoJson: true };
  return { kind: 'moc', moc: { moc: broken(() => mocOfJson(object)), coordsys: 'C' } };
}

/** An area of nothing is a mistake: the wrong file, or lines where polygons were meant. */
function some(polygons: readonly Polygon[]): readonly Polygon[] {
  const full = polygons.filter((polygon) => polygon.some((ring) => ring.length > 2));
  if (full.length === 0) throw invalid('there is no polygon in it');
  return full;
}

function broken<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause));
  }
}

function invalid(message: string): GatewayError {
  return new GatewayError('CONFIG_INVALID', message);
}
