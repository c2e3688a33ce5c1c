import type { Ellipsoid } from '../bodyTable.ts';
import { coneExtent, fromCone, toCone, type Cone } from './cone.ts';
import { authalic, eccentricity, parallelRadius, zoneArea } from './latitudes.ts';
import type { ConicParallels } from './lambertConformalConic.ts';
import { evaluateSeries } from './series.ts';
import { EDGE_SLACK, QUARTER, type Projection } from './types.ts';

/** Albers equal area with two standard parallels (EPSG 9822; Snyder 1987, eq. 14-1 ... 14-21). */
export function createAlbers(shape: Ellipsoid, parallels: ConicParallels): Projection {
  const { a } = shape;
  const e = eccentricity(shape);
  const side = parallels.first + parallels.second >= 0 ? 1 : -1;
  const [first, second, origin] = [side * parallels.first, side * parallels.second, side * parallels.origin];
  const { qPole, authalic: series } = authalic(shape);
  const [q1, q2] = [zoneArea(e, first), zoneArea(e, second)];
  const [m1, m2] = [parallelRadius(e, first) ** 2, parallelRadius(e, second) ** 2];
  const constant = first === second ? Math.sin(first) : (m1 - m2) / (q2 - q1);
  const total = m1 + constant * q1;
  const radiusOf = (q: number): number => (a * Math.sqrt(Math.max(0, total - constant * q))) / constant;
  const cone: Cone = { constant, side, originRadius: radiusOf(zoneArea(e, origin)) };

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const phi = side * (v[i] as number);
      v[i] = radiusOf(qPole * Math.sin(phi + evaluateSeries(series.fromGeodetic, phi)));
    }
    fromCone(cone, n, u, v);
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    toCone(cone, n, u, v);
    for (let i = 0; i < n; i++) {
      const scaled = ((v[i] as number) * constant) / a;
      const s = (total - scaled * scaled) / (constant * qPole);
      const xi = s >= 1 ? QUARTER : s <= -1 ? -QUARTER : Math.asin(s);
      const onMap = Math.abs(s) <= 1 + EDGE_SLACK;
      if (!onMap) u[i] = Number.NaN;
      v[i] = onMap ? side * (xi + evaluateSeries(series.toGeodetic, xi)) : Number.NaN;
    }
  }

  const extent = coneExtent(cone, radiusOf(qPole), radiusOf(-qPole));
  return { unit: 'metre', extent, periodX: null, poleLines: false, forward, inverse };
}
