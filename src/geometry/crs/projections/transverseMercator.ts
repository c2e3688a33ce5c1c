import type { Radians } from '../../angles.ts';
import type { Ellipsoid } from '../bodyTable.ts';
import { conformal, conformalLatitude, eccentricity, meridianArc } from './latitudes.ts';
import { evaluateSeries, invertGrowing, sineSeries, type SineSeries } from './series.ts';
import { EDGE_SLACK, QUARTER, type Projection } from './types.ts';

/** PROJ's own limit of the transverse isometric latitude: 84 degrees from the central meridian on the equator. */
const FARTHEST = 2.623395162778;
/** The series must stay well away from folding over: sum 2 j |alpha_j| cosh(2 j eta) below this. */
const STEEPEST = 0.5;
const ETA_STEP = 0.01;
const MOST_STEPS = 30;
const STEP_END = 1e-15;

/** Largest eta' for which zeta' -> zeta' + sum alpha_j sin(2 j zeta') is surely one-to-one; 0 for absurdly flat bodies. */
function farthestEta(alpha: SineSeries): number {
  if (alpha.length === 0) return Infinity;
  const steepness = (eta: number): number => alpha.reduce((sum, c, index) => sum + 2 * (index + 1) * Math.abs(c) * Math.cosh(2 * (index + 1) * eta), 0);
  let eta = FARTHEST;
  while (eta > 0 && steepness(eta) > STEEPEST) eta -= ETA_STEP;
  return Math.max(0, eta);
}

/** Series from the conformal to the rectifying latitude: Krueger's alpha_j. */
function kruegerSeries(shape: Ellipsoid): SineSeries {
  const e = eccentricity(shape);
  if (e === 0) return new Float64Array(0);
  const { rectifyingLatitude } = meridianArc(shape);
  return sineSeries((chi) => rectifyingLatitude(invertGrowing((phi) => conformalLatitude(e, phi), chi)) - chi);
}

/** out = [re, im, re', im'] of z + sum alpha_j sin(2 j z) and of its derivative. */
function evaluateComplex(alpha: SineSeries, re: number, im: number, out: Float64Array): void {
  const sin = Math.sin(2 * re) * Math.cosh(2 * im);
  const sinI = Math.cos(2 * re) * Math.sinh(2 * im);
  const cos = Math.cos(2 * re) * Math.cosh(2 * im);
  const cosI = -Math.sin(2 * re) * Math.sinh(2 * im);
  let s = sin;
  let sI = sinI;
  let c = cos;
  let cI = cosI;
  out[0] = re;
  out[1] = im;
  out[2] = 1;
  out[3] = 0;
  for (let j = 1; j <= alpha.length; j++) {
    const weight = alpha[j - 1] as number;
    out[0] += weight * s;
    out[1] += weight * sI;
    out[2] += 2 * j * weight * c;
    out[3] += 2 * j * weight * cI;
    const nextS = s * cos - sI * cosI + c * sin - cI * sinI;
    const nextSI = s * cosI + sI * cos + c * sinI + cI * sin;
    const nextC = c * cos - cI * cosI - (s * sin - sI * sinI);
    cI = c * cosI + cI * cos - (s * sinI + sI * sin);
    s = nextS;
    sI = nextSI;
    c = nextC;
  }
}

/** z with z + sum alpha_j sin(2 j z) = target, by Newton; written to out[0], out[1]. */
function invertComplex(alpha: SineSeries, xi: number, eta: number, out: Float64Array): void {
  let re = xi;
  let im = eta;
  for (let step = 0; step < MOST_STEPS; step++) {
    evaluateComplex(alpha, re, im, out);
    const dRe = (out[0] as number) - xi;
    const dIm = (out[1] as number) - eta;
    const norm = (out[2] as number) ** 2 + (out[3] as number) ** 2;
    const moveRe = (dRe * (out[2] as number) + dIm * (out[3] as number)) / norm;
    const moveIm = (dIm * (out[2] as number) - dRe * (out[3] as number)) / norm;
    re -= moveRe;
    im -= moveIm;
    if (!(Math.abs(moveRe) + Math.abs(moveIm) > STEP_END)) break;
  }
  out[0] = re;
  out[1] = im;
}

/**
 * Transverse Mercator (EPSG 9807; Krueger's series as in Karney 2011, Transverse Mercator with an accuracy of a few
 * nanometers). Shows the half within 90 degrees of the central meridian; on a spheroid not quite, because there the series
 * is left before it folds over (on the equator at 81 degrees for Earth and Mars, at 50 for Saturn; nothing is lost away from the
 * equator). Errors on the equator, as parts of a, against the complex integral: Mars 4e-11 at 60 degrees, 3e-8 at 70, 1e-3 at
 * 80; Neptune 5e-8 at 60; Saturn 1e-7 at 40.
 */
export function createTransverseMercator(shape: Ellipsoid, phi0: Radians, k0: number): Projection {
  const e = eccentricity(shape);
  const arc = meridianArc(shape);
  const alpha = kruegerSeries(shape);
  const { toGeodetic } = conformal(shape);
  const etaLimit = farthestEta(alpha);
  const metres = k0 * arc.radius;
  const y0 = metres * (Math.abs(phi0) < QUARTER ? arc.rectifyingLatitude(phi0) : phi0);
  const scratch = new Float64Array(4);

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const lambda = u[i] as number;
      const phi = v[i] as number;
      const tau = Math.sinh(Math.asinh(Math.tan(phi)) - e * Math.atanh(e * Math.sin(phi)));
      const cosLambda = Math.cos(lambda);
      const eta = Math.asinh(Math.sin(lambda) / Math.sqrt(tau * tau + cosLambda * cosLambda));
      const onMap = Math.abs(lambda) <= QUARTER * (1 + EDGE_SLACK) && Math.abs(eta) <= etaLimit && Math.abs(eta) < Infinity;
      evaluateComplex(alpha, Math.atan2(tau, cosLambda), eta, scratch);
      u[i] = onMap ? metres * (scratch[1] as number) : Number.NaN;
      v[i] = onMap ? metres * (scratch[0] as number) - y0 : Number.NaN;
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const xi = ((v[i] as number) + y0) / metres;
      invertComplex(alpha, xi, (u[i] as number) / metres, scratch);
      const xiP = scratch[0] as number;
      const etaP = scratch[1] as number;
      const onMap = Math.abs(xi) <= QUARTER * (1 + EDGE_SLACK) && Math.abs(etaP) <= etaLimit + EDGE_SLACK && Math.abs(etaP) < Infinity;
      const sinhEta = Math.sinh(etaP);
      const cosXi = Math.max(0, Math.cos(xiP));
      const chi = Math.atan2(Math.sin(xiP), Math.sqrt(sinhEta * sinhEta + cosXi * cosXi));
      u[i] = onMap ? Math.atan2(sinhEta, cosXi) : Number.NaN;
      v[i] = onMap ? chi + evaluateSeries(toGeodetic, chi) : Number.NaN;
    }
  }

  evaluateComplex(alpha, 0, Math.min(etaLimit, FARTHEST), scratch);
  const halfX = metres * (scratch[1] as number);
  const quarter = metres * QUARTER;
  return { unit: 'metre', extent: [-halfX, -quarter - y0, halfX, quarter - y0], periodX: null, poleLines: false, forward, inverse };
}
