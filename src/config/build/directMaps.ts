import type { Bbox } from '../../geometry/crs/axis.ts';
import { samePlane } from '../../geometry/crs/samePlane.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { crsOfSpec } from '../../geometry/lattice/spec.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import type { MapPart } from '../../layer/map.ts';
import type { DirectPicture } from '../../layer/pieces.ts';
import type { SourceConfig } from '../types.ts';
import { askedMaps, drawMap } from './askedMaps.ts';
import type { BuildContext } from './context.ts';
import type { BuiltSource } from './sources.ts';

type Plane = Exclude<PixelGrid['lattice']['spec'], { readonly kind: 'healpix' }>;

/** Asked for where nobody says another: what becomes of the picture is not known yet. */
const FORMAT = 'image/png';
/** Parts of a pixel by which a map may stick out of the plane. */
const SLACK = 1e-6;

/**
 * How a map is drawn from a source that draws maps itself: asked for the very rectangle, as MapProxy does for sources without a cache, so
 * that its labels are whole and no pixel is resampled. Only in reference systems of which the source says that it knows them, and within
 * the plane: beyond the edge of a closed one the engine goes on. undefined where the source draws no maps.
 */
export function directMapsOf(config: SourceConfig, built: BuiltSource, context: BuildContext): MapPart['direct'] | undefined {
  const { maps, source } = built;
  if (maps === undefined) return undefined;
  const isSaid = (crs: Crs): boolean => maps.crs !== null || isPlaneOf(source, crs, context);
  return (grid): DirectPicture | null => {
    const { spec } = grid.lattice;
    if (spec.kind === 'healpix') return null;
    const crs = crsOfSpec(spec.crs, spec.frame, context.registry.crsOf);
    const bbox = bboxOfMap(spec, grid);
    // Nothing is remembered: clients may name any number of systems with parameters.
    const asked = isWithin(bbox, crs.extent, grid) && isSaid(crs) ? askedMaps(config, built, crs, context) : null;
    if (asked === null) return null;
    const { width, height } = grid;
    return { joint: maps.joint, ask: (above, signal) => drawMap(asked, { bbox, width, height, above }, FORMAT, context, signal) };
  };
}

/** The plane in which the source is read anyway. */
function isPlaneOf({ tiling }: BuiltSource['source'], crs: Crs, { registry }: BuildContext): boolean {
  const { spec } = tiling.levels[0]!.lattice;
  return spec.kind !== 'healpix' && samePlane(crsOfSpec(spec.crs, spec.frame, registry.crsOf), crs);
}

/** The rectangle of a map: the numbers of the request again, not those that rounding made of them. */
export function bboxOfMap({ x0, y0, cellX, cellY }: Plane, { col, row, width, height }: PixelGrid): Bbox {
  const round = (value: number): number => Number(value.toPrecision(14));
  return [round(x0 + col * cellX), round(y0 - (row + height) * cellY), round(x0 + (col + width) * cellX), round(y0 - row * cellY)];
}

function isWithin([minX, minY, maxX, maxY]: Bbox, extent: Crs['extent'], { width, height }: PixelGrid): boolean {
  const [slackX, slackY] = [((maxX - minX) / width) * SLACK, ((maxY - minY) / height) * SLACK];
  return minX >= extent[0] - slackX && maxX <= extent[2] + slackX && minY >= extent[1] - slackY && maxY <= extent[3] + slackY;
}
