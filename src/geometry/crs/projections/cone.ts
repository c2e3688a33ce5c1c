import { EDGE_SLACK, type Projection } from './types.ts';

/** A cone laid flat: meridians are rays, parallels are arcs around the apex. */
export interface Cone {
  /** Angle of the flat cone over the full circle, in (0, 1]. */
  readonly constant: number;
  /** 1: apex in the north; -1: apex in the south. */
  readonly side: 1 | -1;
  /** Distance of the origin of the plane from the apex. */
  readonly originRadius: number;
}

/** (longitude, distance from the apex) -> plane, in place. */
export function fromCone({ constant, side, originRadius }: Cone, n: number, u: Float64Array, v: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const theta = constant * (u[i] as number);
    const rho = v[i] as number;
    u[i] = rho * Math.sin(theta);
    v[i] = side * (originRadius - rho * Math.cos(theta));
  }
}

/** Plane -> (longitude, distance from the apex), in place; NaN in the gap of the flat cone. */
export function toCone({ constant, side, originRadius }: Cone, n: number, u: Float64Array, v: Float64Array): void {
  const limit = Math.PI * (1 + EDGE_SLACK);
  for (let i = 0; i < n; i++) {
    const x = u[i] as number;
    const y = originRadius - side * (v[i] as number);
    const lambda = Math.atan2(x, y) / constant;
    const onMap = Math.abs(lambda) <= limit;
    u[i] = onMap ? Math.max(-Math.PI, Math.min(Math.PI, lambda)) : Number.NaN;
    v[i] = onMap ? Math.sqrt(x * x + y * y) : Number.NaN;
  }
}

/** Rectangle around the flat cone between two distances from the apex. */
export function coneExtent({ constant, side, originRadius }: Cone, nearest: number, farthest: number): Projection['extent'] {
  const theta = constant * Math.PI;
  const halfX = farthest * Math.sin(Math.min(theta, Math.PI / 2));
  const top = originRadius - Math.min(nearest * Math.cos(theta), farthest * Math.cos(theta));
  const bottom = originRadius - farthest;
  return side === 1 ? [-halfX, bottom, halfX, top] : [-halfX, -top, halfX, -bottom];
}
