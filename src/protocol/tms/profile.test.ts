import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planeStub, STUBS } from '../../../test/conformance/planeStub.ts';
import { createGrid } from '../../geometry/pyramid/mapproxyGrid.ts';
import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { offeredMatrices, resolveTileNumbers, tmsProfile } from './profile.ts';

interface Oracle {
  readonly grids: {
    readonly [name: string]: {
      readonly options: { readonly srs: string; readonly origin?: 'nw' | 'sw' | 'ul' | 'll'; readonly res_factor?: number | 'sqrt2'; readonly num_levels?: number; readonly bbox?: readonly [number, number, number, number] };
      readonly profile: string;
      readonly srsName: string;
      readonly tileSets: readonly (readonly [number, number])[];
      readonly internal: readonly { readonly public: readonly [number, number, number]; readonly useProfile: boolean; readonly internal: readonly [number, number, number] }[];
    };
  };
}

const { grids } = JSON.parse(readFileSync(new URL('../../../test/conformance/mapproxy/grids.json', import.meta.url), 'utf8')) as Oracle;

function setOf(name: string): TileMatrixSet {
  const { srs, res_factor, num_levels, ...same } = (grids[name] as Oracle['grids'][string]).options;
  const crs = STUBS[srs === 'EPSG:900913' ? 'EPSG:3857' : srs] ?? planeStub(srs);
  return createGrid({ name, crs, ...same, ...(res_factor && { resFactor: res_factor }), ...(num_levels && { numLevels: num_levels }) });
}

describe('TMS levels against MapProxy 7.0.0', () => {
  it.each(['GLOBAL_GEODETIC', 'GLOBAL_MERCATOR', 'GLOBAL_WEBMERCATOR', 'geodetic_nw', 'moon_geodetic', 'mercator_sqrt2', 'geodetic_sqrt2'])(
    '%s: the same profile, tile sets and inner levels, or saved TMS addresses show another scale',
    (name) => {
      const set = setOf(name);
      const expected = grids[name] as Oracle['grids'][string];
      const profile = tmsProfile(set);
      expect([profile.name, profile.srs]).toEqual([expected.profile, expected.srsName]);
      const offered = offeredMatrices(set, true);
      expect(offered).toHaveLength(expected.tileSets.length);
      offered.forEach((matrix, order) => expect(matrix.cellSize / (expected.tileSets[order]?.[1] ?? 0)).toBeCloseTo(1, 12));
      for (const { public: [x, y, z], useProfile, internal } of expected.internal) {
        const { matrix } = resolveTileNumbers(set, { x, y, z }, { origin: null, useProfile });
        expect(matrix.id).toBe(String(internal[2]));
      }
    },
  );
});

describe('resolveTileNumbers', () => {
  const southWest = setOf('GLOBAL_GEODETIC');
  const northWest = setOf('geodetic_nw');
  const numbers = { z: 2, x: 0, y: 0 };

  it("keeps the grid's own rows where nothing is said, flips where another corner is", () => {
    expect(resolveTileNumbers(southWest, numbers, { origin: null, useProfile: false }).row).toBe(0);
    expect(resolveTileNumbers(southWest, numbers, { origin: 'nw', useProfile: false }).row).toBe(1);
    expect(resolveTileNumbers(northWest, numbers, { origin: null, useProfile: false }).row).toBe(0);
    expect(resolveTileNumbers(northWest, numbers, { origin: 'sw', useProfile: false }).row).toBe(1);
  });

  it('refuses levels and tiles that are not there', () => {
    for (const wrong of [{ z: 20, x: 0, y: 0 }, { z: 2, x: 4, y: 0 }, { z: 2, x: 0, y: 2 }]) {
      expect(() => resolveTileNumbers(southWest, wrong, { origin: 'nw', useProfile: false })).toThrow(expect.objectContaining({ code: 'TILE_OUT_OF_RANGE' }));
    }
    expect(() => resolveTileNumbers(southWest, { z: 19, x: 0, y: 0 }, { origin: 'sw', useProfile: true })).toThrow(/outside/);
  });
});
