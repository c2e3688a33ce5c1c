import { wrapInto } from '../angles.ts';
import type { Crs } from '../crs/types.ts';
import type { Lattice, Pixels } from './types.ts';

/** A rectangle of a CRS's plane, cut into pixels. */
export interface CrsLatticeOptions {
  readonly crs: Crs;
  /** Plane coordinates of the top left corner of pixel (0, 0), CRS units. */
  readonly x0: number;
  readonly y0: number;
  /** Size of a pixel, CRS units, positive. */
  readonly cellX: number;
  readonly cellY: number;
  readonly width: Pixels;
  readonly height: Pixels;
}

/** Points handled at once: the scratch of a lattice is this long. */
const BATCH = 1024;
/** Slack at the borders, pixels: a pole or a bbox edge that rounding put just outside still belongs to the lattice. */
const SLACK = 1e-6;

/** The lattice of a bbox at a size: pixels need not be square. @param bbox [minX, minY, maxX, maxY], CRS units */
export function crsLatticeOfBbox(
  crs: Crs,
  bbox: readonly [number, number, number, number],
  width: Pixels,
  height: Pixels,
): Lattice {
  const [minX, minY, maxX, maxY] = bbox;
  return createCrsLattice({
    crs,
    x0: minX,
    y0: maxY,
    cellX: (maxX - minX) / width,
    cellY: (maxY - minY) / height,
    width,
    height,
  });
}

/**
 * A CRS at one resolution: one chart. Where the CRS repeats in x and the rectangle holds a whole turn, the left and right edges
 * are neighbours; where the pole is a line, crossing it leads to the opposite meridian (if the columns are even in number).
 * Coordinates beyond the chart continue the plane.
 */
export function createCrsLattice(options: CrsLatticeOptions): Lattice {
  const { crs, x0, y0, cellX, cellY, width, height } = options;
  const turn = crs.periodX === null ? null : crs.periodX / cellX;
  const periodCols = turn !== null && Math.abs(turn - width) < SLACK * width ? width : null;
  const polesJoin = crs.poleLines && periodCols !== null && width % 2 === 0;
  const topIsPole = polesJoin && Math.abs(y0 - crs.extent[3]) < SLACK * cellY * height;
  const bottomIsPole = polesJoin && Math.abs(y0 - height * cellY - crs.extent[1]) < SLACK * cellY * height;
  const x = new Float64Array(BATCH);
  const y = new Float64Array(BATCH);

  return {
    id: `${crs.id}:${x0},${y0}:${cellX},${cellY}:${width}x${height}`,
    spec: { kind: 'crs', crs: crs.id, frame: crs.frame, unitMetres: unitMetres(crs), x0, y0, cellX, cellY, width, height },
    frame: crs.frame,
    chartCount: 1,
    width,
    height,
    pixelAngle: pixelAngle(options),
    periodCols,

    toSphere(n, px, out) {
      for (let start = 0; start < n; start += BATCH) {
        const m = Math.min(BATCH, n - start);
        for (let i = 0; i < m; i++) {
          const outside = px.chart[start + i]! < 0;
          x[i] = outside ? NaN : x0 + px.col[start + i]! * cellX;
          y[i] = y0 - px.row[start + i]! * cellY;
        }
        crs.toSphere(m, x, y, out.lon.subarray(start, start + m), out.lat.subarray(start, start + m));
      }
    },

    toPixels(n, at, out) {
      for (let start = 0; start < n; start += BATCH) {
        const m = Math.min(BATCH, n - start);
        crs.fromSphere(m, at.lon.subarray(start, start + m), at.lat.subarray(start, start + m), x, y);
        for (let i = 0; i < m; i++) {
          let col = (x[i]! - x0) / cellX;
          if (turn !== null) {
            // Just left of x0 (rounding) is column 0, not the far end.
            if (col < -SLACK || col >= turn) col = wrapInto(col, 0, turn);
            if (periodCols === null && col > width + SLACK && turn - col < (turn - width) / 2) col -= turn;
          }
          const row = (y0 - y[i]!) / cellY;
          const inside = col >= -SLACK && col <= width + SLACK && row >= -SLACK && row <= height + SLACK;
          out.chart[start + i] = inside ? 0 : -1;
          out.col[start + i] = inside ? Math.min(Math.max(col, 0), width) : col;
          out.row[start + i] = inside ? Math.min(Math.max(row, 0), height) : row;
        }
      }
    },

    wrap(_chart, col, row, out) {
      const beyondPole = (row < 0 && topIsPole) || (row >= height && bottomIsPole);
      const r = beyondPole ? (row < 0 ? -1 - row : 2 * height - 1 - row) : row;
      const c = beyondPole ? col + width / 2 : col;
      out[0] = 0;
      out[1] = periodCols === null ? c : wrapInto(c, 0, periodCols);
      out[2] = r;
      return out[1]! >= 0 && out[1]! < width && r >= 0 && r < height;
    },

    sheets: {
      of: (chart) => chart,
      place(_sheet, _onChart, _chart, col, row, out) {
        out[0] = col;
        out[1] = row;
      },
      owns: (_sheet, _other, _chart, col, row) => row >= 0 && row <= height && (periodCols !== null || (col >= 0 && col <= width)),
      beyond: () => false,
    },
  };
}

/** WGS 84's equator, where no body has another. */
const EARTH_RADIUS = 6_378_137;

function unitMetres({ unit, semiMajorAxis }: Crs): number {
  return unit === 'metre' ? 1 : (Math.PI / 180) * (semiMajorAxis ?? EARTH_RADIUS);
}

/** Root of the solid angle of the pixel at the chart's centre, radians; of the first finite pixel on the way to a corner. */
function pixelAngle({ crs, x0, y0, cellX, cellY, width, height }: CrsLatticeOptions): number {
  for (const part of [0.5, 0.4, 0.3, 0.6, 0.25, 0.75, 0.1, 0.9]) {
    const cx = x0 + width * part * cellX;
    const cy = y0 - height * part * cellY;
    const lon = new Float64Array(4);
    const lat = new Float64Array(4);
    const [dx, dy] = [cellX / 2, cellY / 2];
    crs.toSphere(4, Float64Array.of(cx - dx, cx + dx, cx, cx), Float64Array.of(cy, cy, cy - dy, cy + dy), lon, lat);
    const area = Math.abs(crossArea(lon, lat));
    if (area > 0) return Math.sqrt(area);
  }
  return NaN;
}

/** Area spanned by the steps 0 -> 1 and 2 -> 3 on the sphere: |a x b| of the two chords. */
function crossArea(lon: Float64Array, lat: Float64Array): number {
  const v = Array.from(lon, (l, i) => {
    const c = Math.cos(lat[i]!);
    return [c * Math.cos(l), c * Math.sin(l), Math.sin(lat[i]!)] as const;
  });
  const a = [0, 1, 2].map((k) => v[1]![k as 0]! - v[0]![k as 0]!);
  const b = [0, 1, 2].map((k) => v[3]![k as 0]! - v[2]![k as 0]!);
  return Math.hypot(a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!);
}
