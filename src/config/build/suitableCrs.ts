import { crsOnFrame } from '../../geometry/crs/alias.ts';
import { samePlane } from '../../geometry/crs/samePlane.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { latticePoints, spherePoints } from '../../geometry/lattice/points.ts';
import { crsOfSpec } from '../../geometry/lattice/spec.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { shapeOfGrid } from '../../geometry/region/shape.ts';
import type { BuildContext } from './context.ts';

/** Something that is in a reference system. */
interface InCrs {
  readonly crs: Crs;
  /** What an upstream calls it. */
  readonly name: string;
}

/**
 * Reference systems of a source, those first that MapProxy would sooner ask for a map in another one (srs.py, PreferredSrcSRS): the same plane, if there
 * are several by its own name; what `preferred_src_proj` says of it, in that order; those of its kind, degrees or metres; the rest as listed.
 */
export function bySuitability<T extends InCrs>(known: readonly T[], target: Crs, { loaded, registry }: Pick<BuildContext, 'loaded' | 'registry'>): readonly T[] {
  const onFrame = (id: string): Crs | null => crsOnFrame(registry.crsOf(id), target.frame);
  const isPlane = (id: string, crs: Crs): boolean => {
    const named = onFrame(id);
    return named !== null && samePlane(named, crs);
  };
  const preferred = Object.entries(loaded.config.globals.srs.preferred_src_proj).find(([id]) => isPlane(id, target))?.[1] ?? [];
  const rank = ({ crs, name }: T): number => {
    if (samePlane(crs, target)) return name === target.id ? 0 : 1;
    const place = preferred.findIndex((id) => id === name || isPlane(id, crs));
    return place >= 0 ? 2 + place : 2 + preferred.length + (crs.unit === target.unit ? 0 : 1);
  };
  return known.map((one) => ({ one, rank: rank(one) })).toSorted((a, b) => a.rank - b.rank).map(({ one }) => one);
}

/**
 * The most suitable one for a map; of those only that can show all of it, where any can: a Mercator plane has no poles, whatever is said. null for
 * what is no map of a plane, or is in another frame.
 */
export function mostSuitable<T extends InCrs>(known: readonly T[], grid: PixelGrid, context: Pick<BuildContext, 'loaded' | 'registry'>): T | null {
  const { spec } = grid.lattice;
  if (spec.kind === 'healpix' || known.some(({ crs: { frame } }) => frame.id !== spec.frame.id)) return null;
  const ranked = bySuitability(known, crsOfSpec(spec.crs, spec.frame, context.registry.crsOf), context);
  return ranked.find(({ crs }) => showsAll(crs, grid)) ?? ranked[0] ?? null;
}

/** Of the size of the domain: less than any pixel. */
const SLACK = 1e-9;
const POLES = Float64Array.of(Math.PI / 2, -Math.PI / 2);

/** Whether the outline of a map, its centre, and the poles that lie on it are in the domain. */
function showsAll(crs: Crs, grid: PixelGrid): boolean {
  if (crs.poleLines) return true;
  const { outline, centre } = shapeOfGrid(grid);
  const lon = Float64Array.of(...outline.lon, ...centre.lon, 0, 0);
  const lat = Float64Array.of(...outline.lat, ...centre.lat, ...polesOn(grid));
  const [x, y] = [new Float64Array(lon.length), new Float64Array(lon.length)];
  crs.fromSphere(lon.length, lon, lat, x, y);
  const [minX, minY, maxX, maxY] = crs.extent;
  const [slackX, slackY] = [(maxX - minX) * SLACK, (maxY - minY) * SLACK];
  return lat.every((value, i) => Number.isNaN(value) || (x[i]! >= minX - slackX && x[i]! <= maxX + slackX && y[i]! >= minY - slackY && y[i]! <= maxY + slackY));
}

/** The latitudes of the poles that lie on the map; NaN for one that does not. */
function polesOn({ lattice, chart, col, row, width, height }: PixelGrid): readonly number[] {
  const at = latticePoints(POLES.length);
  lattice.toPixels(POLES.length, { ...spherePoints(POLES.length), lat: POLES }, at);
  return [...POLES].map((lat, i) => {
    const isOn = at.chart[i] === chart && at.col[i]! >= col && at.col[i]! <= col + width && at.row[i]! >= row && at.row[i]! <= row + height;
    return isOn ? lat : Number.NaN;
  });
}
