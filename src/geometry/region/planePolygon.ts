import type { Bbox } from '../crs/axis.ts';

/** Corners in x/y order; the last is joined to the first, whether or not it repeats it. */
export type Ring = readonly (readonly [number, number])[];

/** Outer ring and holes, in any order and direction: a point belongs to the polygon when a ray from it meets the rings an odd number of times. */
export type Polygon = readonly Ring[];

/** A polygon made ready to be asked. */
export interface PlanePolygon {
  readonly bbox: Bbox;
  /** Whether a point lies in it; of points on the border some do. */
  has(x: number, y: number): boolean;
  /** Whether its border meets the area within a closed outline. @param box the rectangle around the outline */
  meets(xs: Float64Array, ys: Float64Array, box: Bbox): boolean;
}

/** Edges in a horizontal band, on average; a point looks at those of its band only. */
const EDGES_PER_BAND = 4;
const MAX_BANDS = 4096;

/** One edge: x1, y1, x2, y2. */
type Edge = readonly [number, number, number, number];

/** Sorts the edges of a polygon into horizontal bands. */
export function planePolygon(polygon: Polygon): PlanePolygon {
  const edges = polygon.flatMap(edgesOf);
  const bbox = bboxOfEdges(edges);
  const [, minY, , maxY] = bbox;
  const count = Math.min(MAX_BANDS, Math.max(1, Math.ceil(edges.length / EDGES_PER_BAND)));
  const bandOf = (y: number): number => Math.min(count - 1, Math.max(0, Math.floor(((y - minY) / (maxY - minY)) * count) || 0));
  const bands: Edge[][] = Array.from({ length: count }, () => []);
  for (const edge of edges) {
    const last = bandOf(Math.max(edge[1], edge[3]));
    for (let band = bandOf(Math.min(edge[1], edge[3])); band <= last; band++) bands[band]!.push(edge);
  }
  return {
    bbox,
    has(x, y) {
      if (!(x >= bbox[0] && x <= bbox[2] && y >= minY && y <= maxY)) return false;
      let inside = false;
      for (const [x1, y1, x2, y2] of bands[bandOf(y)]!) {
        if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
      }
      return inside;
    },
    meets(xs, ys, box) {
      if (!overlapping(bbox, box)) return false;
      for (let band = bandOf(box[1]); band <= bandOf(box[3]); band++) {
        if (bands[band]!.some((edge) => edgeMeets(edge, xs, ys, box))) return true;
      }
      return false;
    },
  };
}

function edgesOf(ring: Ring): Edge[] {
  return ring.map(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    return [x, y, nextX, nextY];
  });
}

function bboxOfEdges(edges: readonly Edge[]): Bbox {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of edges) {
    minX = Math.min(minX, x);
    minY = Math.min(minY, y);
    maxX = Math.max(maxX, x);
    maxY = Math.max(maxY, y);
  }
  return [minX, minY, maxX, maxY];
}

/** Whether two rectangles have a point in common, borders counted. */
export function overlapping(a: Bbox, b: Bbox): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

function edgeMeets([x1, y1, x2, y2]: Edge, xs: Float64Array, ys: Float64Array, box: Bbox): boolean {
  if (!overlapping([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)], box)) return false;
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    const [ax, ay, bx, by] = [xs[j]!, ys[j]!, xs[i]!, ys[i]!];
    if (ay > y1 !== by > y1 && x1 < ax + ((y1 - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    if (crossing(x1, y1, x2, y2, ax, ay, bx, by)) return true;
  }
  return inside;
}

/** Whether two segments have a point in common. */
function crossing(ax: number, ay: number, bx: number, by: number, cx: number, cy: number, dx: number, dy: number): boolean {
  const side = (px: number, py: number, qx: number, qy: number, x: number, y: number): number => Math.sign((qx - px) * (y - py) - (qy - py) * (x - px));
  const [c, d] = [side(ax, ay, bx, by, cx, cy), side(ax, ay, bx, by, dx, dy)];
  const [a, b] = [side(cx, cy, dx, dy, ax, ay), side(cx, cy, dx, dy, bx, by)];
  if (c === 0 && d === 0) return Math.max(Math.min(ax, bx), Math.min(cx, dx)) <= Math.min(Math.max(ax, bx), Math.max(cx, dx)) && Math.max(Math.min(ay, by), Math.min(cy, dy)) <= Math.min(Math.max(ay, by), Math.max(cy, dy));
  return c !== d && a !== b;
}
