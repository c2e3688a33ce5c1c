import { describe, expect, it } from 'vitest';
import { authalic, conformal, conformalLatitude, eccentricity, meridianArc, zoneArea } from './latitudes.ts';
import { evaluateSeries, integralSeries, sineSeries } from './series.ts';

const MARS = { a: 3396190, b: 3376200 };
const EARTH = { a: 6378137, b: 6378137 * (1 - 1 / 298.257223563) };
const SATURN = { a: 60268000, b: 54364000 };
const EROS = { a: 17000, b: 5500 };

describe('meridian arcs', () => {
  it.each([
    [MARS, 5319034.253283859],
    [EROS, 18845.775901047542],
  ])('the quarter meridian of %o is a E(e) (the expansion to n^6, as in GeographicLib, is 14 cm short on Eros)', (shape, quarter) => {
    expect((meridianArc(shape).radius * Math.PI) / 2 / quarter).toBeCloseTo(1, 14);
  });

  it('the arc to 45 degrees on Earth is the published one', () => {
    const arc = meridianArc(EARTH);
    expect(arc.radius * arc.rectifyingLatitude(Math.PI / 4)).toBeCloseTo(4984944.378, 3);
  });
});

describe('auxiliary latitudes', () => {
  it.each([MARS, EARTH, SATURN, EROS])('series and closed forms agree, there and back, on %o', (shape) => {
    const e = eccentricity(shape);
    const arc = meridianArc(shape);
    const area = authalic(shape);
    const kinds = [
      [conformal(shape), (phi: number) => conformalLatitude(e, phi)],
      [arc.rectifying, arc.rectifyingLatitude],
      [area.authalic, area.authalicLatitude],
    ] as const;
    for (const [latitude, exact] of kinds) {
      for (let phi = -1.55; phi < 1.56; phi += 0.0831) {
        const angle = phi + evaluateSeries(latitude.fromGeodetic, phi);
        expect(Math.abs(angle - exact(phi))).toBeLessThan(1e-14);
        expect(Math.abs(angle + evaluateSeries(latitude.toGeodetic, angle) - phi)).toBeLessThan(1e-13);
      }
    }
  });

  it('poles and equator stay', () => {
    for (const latitude of [conformal(EROS), meridianArc(EROS).rectifying, authalic(EROS).authalic]) {
      expect(evaluateSeries(latitude.fromGeodetic, 0)).toBeCloseTo(0, 16);
      expect(Math.abs(evaluateSeries(latitude.fromGeodetic, Math.PI / 2))).toBeLessThan(1e-15);
      expect(Math.abs(evaluateSeries(latitude.toGeodetic, Math.PI / 2))).toBeLessThan(1e-15);
    }
  });

  it('the zone to the pole is half the surface', () => {
    const { a, b } = EARTH;
    const e = eccentricity(EARTH);
    const half = Math.PI * a * a + (Math.PI * b * b * Math.atanh(e)) / e;
    expect((Math.PI * a * a * zoneArea(e, Math.PI / 2)) / half).toBeCloseTo(1, 14);
  });

  it('cost of a series follows the flattening: none on a sphere, few terms on planets', () => {
    expect(conformal({ a: 1, b: 1 }).fromGeodetic.length).toBe(0);
    expect(conformal(MARS).fromGeodetic.length).toBeLessThanOrEqual(7);
    expect(conformal(SATURN).toGeodetic.length).toBeLessThanOrEqual(16);
  });
});

describe('sine series', () => {
  it('finds the coefficients of a known sum', () => {
    const series = sineSeries((x) => 0.25 * Math.sin(2 * x) - 0.001 * Math.sin(6 * x));
    expect(series.length).toBe(3);
    [0.25, 0, -0.001].forEach((c, index) => expect(series[index]).toBeCloseTo(c, 15));
    expect(evaluateSeries(series, 0.3)).toBeCloseTo(0.25 * Math.sin(0.6) - 0.001 * Math.sin(1.8), 15);
  });

  it('integrates', () => {
    const { mean, series } = integralSeries((x) => 2 + Math.cos(4 * x));
    expect(mean).toBeCloseTo(2, 14);
    expect(mean * (0.4 + evaluateSeries(series, 0.4))).toBeCloseTo(0.8 + Math.sin(1.6) / 4, 14);
  });
});
