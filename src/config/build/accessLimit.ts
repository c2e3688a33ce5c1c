import { createHash } from 'node:crypto';
import { crsOnFrame, degreesOnBody } from '../../geometry/crs/alias.ts';
import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { intersectionOf, regionInFrame } from '../../geometry/region/combine.ts';
import { polygonRegion } from '../../geometry/region/polygonRegion.ts';
import type { Region } from '../../geometry/region/types.ts';
import { polygonsOfArea } from '../../protocol/polygons.ts';
import type { Limit } from '../../service/access/types.ts';

/** What a limit in the plane of another body leaves: nothing. */
function nowhere(frame: Frame): Region {
  return { frame, contains: (n, _at, out) => void out.fill(0, 0, n), overlap: () => 'outside' };
}

/** A `limited_to`: {geometry, srs}, with a box, well-known text or GeoJSON. @throws for anything else, and an unknown srs */
export function readAccessLimit(said: unknown, registry: CrsRegistry): Limit | null {
  if (said === undefined || said === null) return null;
  const { geometry, srs } = said as { readonly geometry?: unknown; readonly srs?: unknown };
  if (typeof srs !== 'string' || geometry === undefined) throw new Error('limited_to is {geometry, srs}');
  const polygons = polygonsOfArea(geometry);
  const crs = srs === 'CRS:84' ? null : registry.crsOf(srs);
  const regions = new Map<string, Region>(); // one for each body
  const regionOf = (frame: Frame): Region => {
    const plane = crs === null ? degreesOnBody(frame, 'CRS:84') : crsOnFrame(crs, frame);
    return plane === null ? nowhere(frame) : regionInFrame(polygonRegion(plane, polygons), frame);
  };
  return {
    key: createHash('sha256').update(JSON.stringify([geometry, srs])).digest('base64url'),
    regionOn(frame) {
      const region = regions.get(frame.id) ?? regionOf(frame);
      regions.set(frame.id, region);
      return region;
    },
  };
}

/** What lies in both. */
export function bothLimits(a: Limit | null, b: Limit | null): Limit | null {
  if (a === null || b === null) return a ?? b;
  return { key: `${a.key} ${b.key}`, regionOn: (frame) => intersectionOf([a.regionOn(frame), b.regionOn(frame)]) };
}
