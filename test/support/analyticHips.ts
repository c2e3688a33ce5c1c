import type { PixelGrid } from '../../src/geometry/lattice/types.ts';
import { latticePoints, spherePoints } from '../../src/geometry/lattice/points.ts';
import type { Frame } from '../../src/geometry/frame/frame.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import type { ImageFormat } from '../../src/raster/format.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { tilePoint } from './reference.ts';

/**
 * A HiPS of a smooth field, made on the fly: red, green, blue = 127.5 + 120 sin(60 u + phase) of the unit vector in ICRS (or of the
 * body). Pixel centres come from test/support/reference.ts, rotations from the constants below: nothing of the engine is used.
 */
const PHASES = [0.3, 1.1, 2.0] as const;
const WAVES = 60;
const MIDDLE = 127.5;

/** To ICRS: rows are the ICRS components. Galactic: Hipparcos vol. 1, 1.5.11, transposed; ecliptic: 23.4392911 degrees about x. */
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const TO_ICRS: Readonly<Record<string, readonly number[]>> = {
  galactic: [-0.0548755604, 0.4941094279, -0.867666149, -0.8734370902, -0.44482963, -0.1980763734, -0.4838350155, 0.7469822445, 0.4559837762],
  ecliptic: [1, 0, 0, 0, 0.9174820620691818, -0.3977771559319137, 0, 0.3977771559319137, 0.9174820620691818],
};

/** ICRS (or body) unit vector of a point of a frame. */
function toIcrs(frame: Frame, lon: number, lat: number): [number, number, number] {
  const m = TO_ICRS[frame.id] ?? IDENTITY;
  const [x, y, z] = [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
  const component = (k: number): number => m[3 * k]! * x + m[3 * k + 1]! * y + m[3 * k + 2]! * z;
  return [component(0), component(1), component(2)];
}

/** The field at a point of a frame; longitude and latitude in radians. */
export function analyticField(frame: Frame, lon: number, lat: number, out: Float64Array): void {
  const v = toIcrs(frame, lon, lat);
  for (let k = 0; k < 3; k++) out[k] = MIDDLE + 120 * Math.sin(WAVES * v[k]! + PHASES[k]!);
}

const DEGREE = Math.PI / 180;

export function analyticTile(frame: Frame, order: number, npix: number, width: number): Raster {
  const data = new Uint8Array(width * width * 4);
  const rgb = new Float64Array(3);
  for (let i = 0; i < width * width; i++) {
    const [lon, lat] = tilePoint(order, npix, width, (i % width) + 0.5, Math.floor(i / width) + 0.5);
    analyticField(frame, lon * DEGREE, lat * DEGREE, rgb);
    data.set([Math.round(rgb[0]!), Math.round(rgb[1]!), Math.round(rgb[2]!), 255], i * 4);
  }
  return { width, height: width, data, opaque: true };
}

export interface AnalyticHips {
  readonly frame: Frame;
  readonly order: number;
  readonly width: number;
  readonly format: ImageFormat;
  /** Lines of the properties file in place of the usual ones: key -> value, '' = left out. */
  readonly properties?: Readonly<Record<string, string>>;
}

export const codec = createSharpCodec({ maxPixels: 1e8 });
const EXTENSIONS = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp', 'image/avif': 'avif' } as const;

export function propertiesText({ frame, order, width, format, properties = {} }: AnalyticHips): string {
  const lines = {
    creator_did: 'ivo://example/P/analytic',
    obs_title: 'Waves',
    dataproduct_type: 'image',
    hips_version: '1.4',
    hips_release_date: '2024-05-06T07:08Z',
    hips_status: 'public master clonableOnce',
    hips_tile_format: format.replace('image/', ''),
    hips_order: String(order),
    hips_tile_width: String(width),
    hips_frame: frame.id === 'icrs' ? 'equatorial' : frame.id,
    ...properties,
  };
  return Object.entries(lines).filter(([, value]) => value !== '').map(([key, value]) => `${key} = ${value}\n`).join('');
}

/** Serves it with properties and tiles, nothing else. Every request is remembered. */
export async function serveAnalyticHips(hips: AnalyticHips): Promise<Upstream> {
  return startUpstream(async (request, response) => {
    if (request.url === '/properties') return response.end(propertiesText(hips));
    const match = /^\/Norder(\d+)\/Dir(\d+)\/Npix(\d+)\.(\w+)$/.exec(request.url ?? '');
    const [order, npix] = [Number(match?.[1]), Number(match?.[3])];
    if (match === null || match[4] !== EXTENSIONS[hips.format] || !(order <= hips.order)) return response.writeHead(404).end();
    return response.end(await codec.encode(analyticTile(hips.frame, order, npix, hips.width), hips.format, { quality: 100, background: 0 }));
  });
}

export interface FieldComparison {
  readonly mean: number;
  readonly max: number;
  readonly pixels: number;
  /** Of the picture by that of the field, about their middle of 127.5, by least squares. */
  readonly contrast: number;
  /** Mean difference from the field at that contrast. */
  readonly meanAtContrast: number;
  /** Part of the values that are off by more than `beyond`. */
  readonly beyond: number;
  /** How far the whole picture lies from where it belongs, radians, by least squares. */
  readonly shift: number;
}

/** How a picture of a grid differs from the field: at pixel centres, or from the mean of n x n points per pixel. */
export function compareToField(picture: Raster, grid: PixelGrid, { samples = 1, beyond = Infinity } = {}): FieldComparison {
  const expected = fieldOf(grid, samples);
  const gradient = shiftGradients(grid);
  let [sum, max, pixels, far] = [0, 0, 0, 0];
  let [pp, pq, qq, pd, qd] = [0, 0, 0, 0, 0];
  const contrast = contrastOf(picture, expected);
  let left = 0;
  for (let i = 0; i < grid.width * grid.height; i++) {
    if (Number.isNaN(expected[i * 3]!)) continue;
    pixels++;
    for (let k = 0; k < 3; k++) {
      const d = picture.data[i * 4 + k]! - expected[i * 3 + k]!;
      const [p, q] = [gradient.p[i * 3 + k]!, gradient.q[i * 3 + k]!];
      sum += Math.abs(d);
      left += Math.abs(picture.data[i * 4 + k]! - MIDDLE - contrast * (expected[i * 3 + k]! - MIDDLE));
      max = Math.max(max, Math.abs(d));
      far += Math.abs(d) > beyond ? 1 : 0;
      pp += p * p;
      pq += p * q;
      qq += q * q;
      pd += p * d;
      qd += q * d;
    }
  }
  const det = pp * qq - pq * pq;
  return { mean: sum / (3 * pixels), max, pixels, contrast, meanAtContrast: left / (3 * pixels), beyond: far / (3 * pixels), shift: Math.hypot(qq * pd - pq * qd, pp * qd - pq * pd) / det };
}

function contrastOf(picture: Raster, expected: Float64Array): number {
  let [together, alone] = [0, 0];
  expected.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const field = value - MIDDLE;
    together += field * (picture.data[Math.floor(i / 3) * 4 + (i % 3)]! - MIDDLE);
    alone += field * field;
  });
  return together / alone;
}

/** How the field changes when it is moved along two directions that are perpendicular at the middle of the grid. */
function shiftGradients(grid: PixelGrid): { readonly p: Float64Array; readonly q: Float64Array } {
  const v = vectorsOf(grid);
  const n = grid.width * grid.height;
  const middle = 3 * (Math.floor(grid.height / 2) * grid.width + Math.floor(grid.width / 2));
  const c = [v[middle]!, v[middle + 1]!, v[middle + 2]!];
  const least = c.map(Math.abs).indexOf(Math.min(...c.map(Math.abs)));
  const axis = [0, 1, 2].map((k) => (k === least ? 1 : 0) - c[least]! * c[k]!);
  const length = Math.hypot(...axis);
  const p = axis.map((x) => x / length);
  const q = [c[1]! * p[2]! - c[2]! * p[1]!, c[2]! * p[0]! - c[0]! * p[2]!, c[0]! * p[1]! - c[1]! * p[0]!];
  const out = { p: new Float64Array(3 * n), q: new Float64Array(3 * n) };
  for (let i = 0; i < 3 * n; i++) {
    const slope = 120 * WAVES * Math.cos(WAVES * v[i]! + PHASES[i % 3]!);
    out.p[i] = -slope * p[i % 3]!;
    out.q[i] = -slope * q[i % 3]!;
  }
  return out;
}

/** ICRS (or body) unit vectors of the pixel centres of a grid. */
function vectorsOf({ lattice, chart, col, row, width, height }: PixelGrid): Float64Array {
  const n = width * height;
  const points = latticePoints(n);
  const sphere = spherePoints(n);
  for (let i = 0; i < n; i++) {
    points.chart[i] = chart;
    points.col[i] = col + (i % width) + 0.5;
    points.row[i] = row + Math.floor(i / width) + 0.5;
  }
  lattice.toSphere(n, points, sphere);
  const out = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) out.set(toIcrs(lattice.frame, sphere.lon[i]!, sphere.lat[i]!), 3 * i);
  return out;
}

/** The field over a grid, three values a pixel; NaN outside the lattice. */
function fieldOf({ lattice, chart, col, row, width, height }: PixelGrid, samples: number): Float64Array {
  const n = width * height * samples * samples;
  const points = latticePoints(n);
  const sphere = spherePoints(n);
  for (let i = 0; i < n; i++) {
    const pixel = Math.floor(i / (samples * samples));
    const s = i % (samples * samples);
    points.chart[i] = chart;
    points.col[i] = col + (pixel % width) + ((s % samples) + 0.5) / samples;
    points.row[i] = row + Math.floor(pixel / width) + (Math.floor(s / samples) + 0.5) / samples;
  }
  lattice.toSphere(n, points, sphere);
  const out = new Float64Array(width * height * 3);
  const rgb = new Float64Array(3);
  for (let i = 0; i < n; i++) {
    analyticField(lattice.frame, sphere.lon[i]!, sphere.lat[i]!, rgb);
    const pixel = Math.floor(i / (samples * samples));
    for (let k = 0; k < 3; k++) out[pixel * 3 + k]! += rgb[k]! / (samples * samples);
  }
  return out;
}
