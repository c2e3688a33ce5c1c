import { describe, expect, it } from 'vitest';
import { cellSizeOfScale, scaleDenominator } from './scale.ts';

const marsDegrees = { unit: 'degree', semiMajorAxis: 3396190 } as const;
const sky = { unit: 'degree', semiMajorAxis: null } as const;
const metres = { unit: 'metre', semiMajorAxis: 3396190 } as const;

describe('scaleDenominator', () => {
  it("writes the Earth's degree for every body, as MapProxy, GDAL and QGIS count", () => {
    expect(scaleDenominator(marsDegrees, 1.40625, 'earth')).toBeCloseTo(559082264.028717, 5);
    expect(scaleDenominator(sky, 1.40625, 'body')).toBeCloseTo(559082264.028717, 5);
  });

  it("writes the body's own degree on demand (morecantile: 0.703125 degrees of Mars)", () => {
    expect(scaleDenominator(marsDegrees, 0.703125, 'body')).toBeCloseTo(148848291.77, 1);
  });

  it('leaves metres alone, and turns back', () => {
    expect(scaleDenominator(metres, 0.28, 'earth')).toBeCloseTo(1000, 9);
    expect(cellSizeOfScale(marsDegrees, scaleDenominator(marsDegrees, 0.1, 'body'), 'body')).toBeCloseTo(0.1, 14);
  });
});
