import { describe, expect, it } from 'vitest';
import { crsOf } from '../../geometry/crs/registry.ts';
import { windowsOf } from './upstream.ts';

/** Danger: map servers are asked for, and threads decode, many more pixels than the tiles of a HiPS show. */
describe('windows of a map server', () => {
  it.each(['IAU_2015:30100', 'IAU_2015:30110', 'IAU_2015:49910'])('suit HiPS tiles at the equator in %s', (id) => {
    const crs = crsOf(id);
    const turn = crs.unit === 'metre' ? 2 * Math.PI * crs.semiMajorAxis! : 360;
    const { levels, levelFor } = windowsOf(crs, crs.extent);
    const finest = turn / levels[0]!.lattice.width;
    for (const nside of [512, 4096, 32_768]) {
      // One step along either side of a pixel: pi / (4 nside) of longitude, 2 / (3 nside) of latitude (Gorski et al. 2005, section 5).
      const cols = (Math.SQRT2 * (turn / 8)) / nside / finest;
      const rows = (Math.SQRT2 * (turn / (2 * Math.PI)) * (2 / 3)) / nside / finest;
      const level = levels[levelFor(cols, rows)]!;
      expect(rows * level.rowScale).toBeGreaterThanOrEqual(1);
      expect(rows * level.rowScale).toBeLessThan(1.02);
      expect(cols * level.colScale).toBeLessThan(1.2);
    }
  });
});
