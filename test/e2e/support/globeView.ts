import sharp from 'sharp';
import { expect } from 'vitest';
import { MOON_JPG } from './moon.ts';
import { brightness, correlation, type Picture, readPicture } from './pixels.ts';

/** What a viewer should show: a globe seen from far away (orthographic), north up. Angles in degrees. */
export interface GlobeView {
  /** Longitude (east-positive) and latitude in the middle of the picture. */
  readonly lon: number;
  readonly lat: number;
}

/** How well a picture agrees with the globe, for the best radius: correlations -1..1. */
export interface Likeness {
  /** East to the right: a planet as it should be. */
  readonly upright: number;
  /** East to the left: a planet drawn as if it were sky. */
  readonly mirrored: number;
  /** Radius of the globe in pixels at which `upright` is best. */
  readonly radius: number;
}

/** Samples along each side of the square in which picture and globe are compared. */
const SAMPLES = 120;
/** The limb is left out: there a pixel spans too much ground. */
const USED_RADIUS = 0.9;

/**
 * Compares a viewer's picture of the Moon with the globe computed from the demo's map by plain sampling: no code of the gateway
 * takes part. Both are shrunk first, so that the texture of single pixels does not count. The globe's middle is the picture's; its
 * radius is searched from a quarter of the picture's shorter side to twice that side, then to a thousandth.
 */
async function moonLikeness(png: Uint8Array, view: GlobeView): Promise<Likeness> {
  const { width, height } = await sharp(png).metadata();
  const picture = await readPicture(png, { width: Math.round(width / 2), height: Math.round(height / 2) });
  const world = await readPicture(MOON_JPG, { width: 1024, height: 512 });
  const shorter = Math.min(picture.width, picture.height);
  const search = (east: 1 | -1): { best: number; radius: number } => {
    const coarse = bestRadius(picture, world, view, east, [shorter / 4, shorter * 2, 1.01]);
    return bestRadius(picture, world, view, east, [coarse.radius / 1.01, coarse.radius * 1.01, 1.001]);
  };
  const upright = search(1);
  return { upright: upright.best, mirrored: search(-1).best, radius: upright.radius * 2 };
}

/** Fails unless a viewer's picture shows the Moon as it is: east to the right, and by far more like that than like its mirror image. */
export async function expectUpright(png: Uint8Array, view: GlobeView): Promise<void> {
  const { upright, mirrored, radius } = await moonLikeness(png, view);
  console.log(`upright ${upright.toFixed(3)}, mirrored ${mirrored.toFixed(3)}, radius ${radius.toFixed(0)} px`);
  expect(upright).toBeGreaterThan(0.92);
  expect(mirrored).toBeLessThan(0.6);
}

function bestRadius(picture: Picture, world: Picture, view: GlobeView, east: 1 | -1, [from, to, factor]: readonly [number, number, number]): { best: number; radius: number } {
  let found = { best: -1, radius: from };
  for (let radius = from; radius <= to; radius *= factor) {
    const best = agreement(picture, world, view, radius, east);
    if (best > found.best) found = { best, radius };
  }
  return found;
}

/** Correlation for one radius; east = 1: longitude grows to the right, -1: to the left. */
function agreement(picture: Picture, world: Picture, view: GlobeView, radius: number, east: 1 | -1): number {
  const seen = new Float64Array(SAMPLES * SAMPLES).fill(Number.NaN);
  const expected = new Float64Array(SAMPLES * SAMPLES).fill(Number.NaN);
  const halfSide = Math.min(radius * USED_RADIUS, Math.min(picture.width, picture.height) / 2);
  for (let i = 0; i < seen.length; i++) {
    const x = (((i % SAMPLES) + 0.5) / SAMPLES) * 2 - 1;
    const y = 1 - ((Math.floor(i / SAMPLES) + 0.5) / SAMPLES) * 2;
    const [dx, dy] = [x * halfSide, y * halfSide];
    if (Math.hypot(dx, dy) > radius * USED_RADIUS) continue;
    seen[i] = brightness(picture, picture.width / 2 + dx, picture.height / 2 - dy);
    expected[i] = globe(world, view, (east * dx) / radius, dy / radius);
  }
  return correlation(seen, expected);
}

/** Brightness of the globe at (x, y) in units of its radius, x to the east, y to the north (Snyder 1987, eq. 20-14, 20-15). */
function globe(world: Picture, view: GlobeView, x: number, y: number): number {
  const lat0 = (view.lat * Math.PI) / 180;
  const depth = Math.sqrt(Math.max(0, 1 - x * x - y * y));
  const lat = (Math.asin(depth * Math.sin(lat0) + y * Math.cos(lat0)) * 180) / Math.PI;
  const lon = view.lon + (Math.atan2(x, depth * Math.cos(lat0) - y * Math.sin(lat0)) * 180) / Math.PI;
  const turn = (((lon + 180) % 360) + 360) % 360;
  return brightness(world, (turn / 360) * world.width, ((90 - lat) / 180) * world.height);
}
