import sharp from 'sharp';
import { expect } from 'vitest';
import { MOON_JPG } from './moon.ts';
import { type Picture, readPicture } from './pixels.ts';

/** A place on the Moon, degrees, east-positive; null = the map shows nothing there. */
export type Place = readonly [lon: number, lat: number] | null;

/** A window of a map's plane: north up, square or oblong pixels. */
export interface MapView {
  /** minX, minY, maxX, maxY in units of the plane. */
  readonly extent: readonly [number, number, number, number];
  /** What lies at a point of the plane. */
  readonly placeAt: (x: number, y: number) => Place;
}

/** Radius of the Moon's IAU sphere, metres. */
export const MOON_RADIUS = 1_737_400;
const DEGREES = 180 / Math.PI;

/** Degrees as they stand. */
export function degreesPlane(x: number, y: number): Place {
  return Math.abs(y) <= 90 ? [x, y] : null;
}

/** Equirectangular metres (IAU xx10). */
export function metresPlane(x: number, y: number): Place {
  return degreesPlane((x / MOON_RADIUS) * DEGREES, (y / MOON_RADIUS) * DEGREES);
}

/** North polar stereographic on the sphere (IAU xx30; Snyder 1987, eq. 20-17, 21-15): longitude 0 points down. */
export function northPolarPlane(x: number, y: number): Place {
  const distance = Math.hypot(x, y);
  return [Math.atan2(x, -y) * DEGREES, 90 - 2 * Math.atan(distance / (2 * MOON_RADIUS)) * DEGREES];
}

/** South polar stereographic on the sphere (IAU xx35): longitude 0 points up. */
export function southPolarPlane(x: number, y: number): Place {
  const distance = Math.hypot(x, y);
  return [Math.atan2(x, y) * DEGREES, 2 * Math.atan(distance / (2 * MOON_RADIUS)) * DEGREES - 90];
}

/** Samples along each side of a pixel. */
const SUB = 4;

/** Mean colour of the demo's map over a pixel of the view, by plain sampling; no code of the gateway takes part. */
function meanAt(world: Picture, view: MapView, [x0, y0, cellX, cellY]: readonly [number, number, number, number], out: Float64Array): void {
  out.fill(0);
  for (let s = 0; s < SUB * SUB; s++) {
    const place = view.placeAt(x0 + (((s % SUB) + 0.5) / SUB) * cellX, y0 - ((Math.floor(s / SUB) + 0.5) / SUB) * cellY);
    if (place === null) continue;
    const col = Math.floor(((((place[0] + 180) % 360) + 360) % 360) * (world.width / 360));
    const row = Math.min(world.height - 1, Math.floor((90 - place[1]) * (world.height / 180)));
    for (let band = 0; band < 3; band++) out[band]! += world.data[3 * (row * world.width + Math.min(col, world.width - 1)) + band]! / (SUB * SUB);
  }
}

/** What a perfect map would show, black where it shows nothing. */
export async function expectedMap(view: MapView, width: number, height: number): Promise<Picture> {
  const world = await readPicture(MOON_JPG);
  const [minX, minY, maxX, maxY] = view.extent;
  const [cellX, cellY] = [(maxX - minX) / width, (maxY - minY) / height];
  const data = new Uint8Array(width * height * 3);
  const mean = new Float64Array(3);
  for (let i = 0; i < width * height; i++) {
    meanAt(world, view, [minX + (i % width) * cellX, maxY - Math.floor(i / width) * cellY, cellX, cellY], mean);
    data.set(mean.map(Math.round), i * 3);
  }
  return { width, height, data };
}

/** Mean absolute difference of two pictures when the first is moved by (dx, dy) whole pixels; the rim is left out. */
function meanDifference(a: Picture, b: Picture, dx: number, dy: number): number {
  const rim = 4;
  let sum = 0;
  let count = 0;
  for (let r = rim; r < a.height - rim; r++) {
    for (let c = rim; c < a.width - rim; c++) {
      const i = 3 * ((r + dy) * a.width + c + dx);
      const j = 3 * (r * a.width + c);
      sum += Math.abs(a.data[i]! - b.data[j]!) + Math.abs(a.data[i + 1]! - b.data[j + 1]!) + Math.abs(a.data[i + 2]! - b.data[j + 2]!);
      count += 3;
    }
  }
  return sum / count;
}

/** Steps by which a picture that is right must be worse when moved, pixels. */
const STEPS = [[-1, 0], [1, 0], [0, -1], [0, 1]] as const;

/**
 * Fails unless a client's picture is the Moon in that view: close to it pixel by pixel, and nowhere near as close when it is moved
 * by a single pixel. @param mean largest mean difference of 255; it must cover the client's own resampling
 */
export async function expectMap(png: Uint8Array, view: MapView, mean: number): Promise<void> {
  const { width, height } = await sharp(png).metadata();
  const [seen, expected] = [await readPicture(png), await expectedMap(view, width, height)];
  const found = meanDifference(seen, expected, 0, 0);
  const moved = STEPS.map(([dx, dy]) => meanDifference(seen, expected, dx, dy));
  console.log(`mean difference ${found.toFixed(2)}, moved by a pixel ${moved.map((value) => value.toFixed(2)).join(' ')}`);
  expect(found).toBeLessThanOrEqual(mean);
  expect(Math.min(...moved)).toBeGreaterThan(1.3 * found);
}
