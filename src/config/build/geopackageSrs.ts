import { parseCrsCode } from '../../geometry/crs/code.ts';
import { iauWkt } from '../../geometry/crs/iauWkt.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { GeopackageSrs } from '../../io/cache/store/sqlite/geopackageSchema.ts';

/** As GDAL writes it: its old numbers, such as 900913, are in no register, so that only the text helps. */
const WEB_MERCATOR =
  'PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],' +
  'PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]],' +
  'PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],' +
  'UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],' +
  'EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]';

/**
 * A reference system as GeoPackages describe it. EPSG numbers are taken as they are written ('EPSG:900913' keeps its number, which
 * MapProxy compares); CRS:84 is EPSG:4326, since their coordinates are always x before y. The sky, and planets with parameters of
 * their own, are undefined: nobody else has a number for them.
 * @param written as the configuration names it
 */
export function geopackageSrs(written: string, { id, title, unit }: Crs): GeopackageSrs {
  const { authority, code, parameters } = parseCrsCode(written);
  const number = Number(code);
  if (authority === 'EPSG') return { name: title, organization: 'EPSG', code: epsgNumber(written) ?? number, definition: id === 'EPSG:3857' ? WEB_MERCATOR : 'undefined' };
  if (authority === 'CRS' && code === '84') return { name: 'WGS 84', organization: 'EPSG', code: 4326, definition: 'undefined' };
  if (authority === 'IAU_2015' && parameters.length === 0) return { name: title, organization: authority, code: number, definition: iauWkt(number) ?? 'undefined' };
  if (authority === 'ESRI') return { name: title, organization: authority, code: number, definition: 'undefined' };
  return { name: title, organization: 'NONE', code: unit === 'degree' ? 0 : -1, definition: 'undefined' };
}

function epsgNumber(written: string): number | null {
  const match = /^EPSG:(\d+)$/i.exec(written.trim());
  return match === null ? null : Number(match[1]);
}
