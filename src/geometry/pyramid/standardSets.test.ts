import { describe, expect, it } from 'vitest';
import { planeStub } from '../../../test/conformance/planeStub.ts';
import { BODIES } from '../crs/bodyTable.ts';
import { createCrsRegistry } from '../crs/registry.ts';
import { standardGrid, standardSet, standardSetNames } from './standardSets.ts';
import { tileBbox, type TileMatrix } from './tileMatrixSet.ts';

function firstOf(name: string): TileMatrix {
  return standardSet(name, (id) => planeStub(id))?.tileMatrices[0] as TileMatrix;
}

describe('standardGrid', () => {
  it("knows MapProxy's three as MapProxy defines them", () => {
    expect(standardGrid('GLOBAL_GEODETIC')).toEqual({ srs: 'EPSG:4326', origin: 'sw' });
    expect(standardGrid('GLOBAL_MERCATOR')).toEqual({ srs: 'EPSG:900913', origin: 'sw' });
    expect(standardGrid('GLOBAL_WEBMERCATOR')).toEqual({ srs: 'EPSG:3857', origin: 'nw' });
  });

  it('finds the code of a body by its name', () => {
    expect(standardGrid('MARS_GEOGRAPHIC')?.srs).toBe('IAU_2015:49900');
    expect(standardGrid('MOON_EQUIRECTANGULAR')?.srs).toBe('IAU_2015:30110');
    expect(standardGrid('MARS_NORTH_POLAR')?.srs).toBe('IAU_2015:49930');
    expect(standardGrid('MARS_SOUTH_POLAR')?.srs).toBe('IAU_2015:49935');
    expect(standardGrid('52_EUROPA_GEOGRAPHIC')?.srs).toBe('IAU_2015:200005200');
    expect(standardGrid('EUROPA_GEOGRAPHIC')?.srs).toBe('IAU_2015:50200');
  });

  it('answers null for what it does not know, inherited names of objects included', () => {
    for (const name of ['VULCAN_GEOGRAPHIC', 'MARS', 'MARS_SQUARE', '', 'constructor', 'toString']) expect(standardGrid(name)).toBeNull();
  });

  it('gives no two bodies the same name', () => {
    const names = BODIES.flatMap((body) => standardSetNames(body.name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => standardGrid(name) !== null)).toBe(true);
  });

  it('lists the set in metres first: the only one that GDAL and QGIS both read right', () => {
    expect(standardSetNames('mars').slice(0, 2)).toEqual(['MARS_EQUIRECTANGULAR', 'MARS_GEOGRAPHIC']);
  });
});

describe('standardSet', () => {
  it('cuts a cylindrical world into 2 x 1 tiles that fill it exactly', () => {
    for (const name of ['MARS_GEOGRAPHIC', 'ICRS_GEOGRAPHIC', 'WorldCRS84Quad']) {
      expect(firstOf(name)).toMatchObject({ matrixWidth: 2, matrixHeight: 1, cornerOfOrigin: 'topLeft', pointOfOrigin: [-180, 90] });
      expect(tileBbox(firstOf(name), 1, 0)).toEqual([0, -90, 180, 90]);
    }
    const half = Math.PI * 1737400;
    expect(firstOf('MOON_EQUIRECTANGULAR')).toMatchObject({ matrixWidth: 2, matrixHeight: 1, cellSize: half / 256 });
    expect(tileBbox(firstOf('MOON_EQUIRECTANGULAR'), 0, 0)).toEqual([-half, -half / 2, 0, half / 2]);
  });

  it('lets a polar set reach the equator, 2 R from the pole, with one tile at level 0', () => {
    expect(firstOf('MARS_NORTH_POLAR')).toMatchObject({ matrixWidth: 1, matrixHeight: 1 });
    expect(tileBbox(firstOf('MARS_NORTH_POLAR'), 0, 0)).toEqual([-6792380, -6792380, 6792380, 6792380]);
  });

  it('stays in the domain of the real CRS, for every kind of every body', () => {
    const { crsOf } = createCrsRegistry();
    for (const name of BODIES.flatMap((body) => standardSetNames(body.name))) {
      const { bbox, crs } = standardSet(name, crsOf) ?? expect.unreachable(name);
      const slack = 1e-9 * (bbox[2] - bbox[0]);
      expect(crs.extent[0] - bbox[0]).toBeLessThan(slack);
      expect(crs.extent[1] - bbox[1]).toBeLessThan(slack);
      expect(bbox[2] - crs.extent[2]).toBeLessThan(slack);
      expect(bbox[3] - crs.extent[3]).toBeLessThan(slack);
    }
  });

  it('answers null for an unknown name before asking for a CRS', () => {
    expect(standardSet('NOWHERE', () => expect.unreachable())).toBeNull();
  });
});
