import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { degreesOnBody } from '../../geometry/crs/alias.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { bodyFrame } from '../../geometry/frame/frame.ts';
import { standardSet } from '../../geometry/pyramid/standardSets.ts';
import { asTopLeft, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { writeXml } from '../element.ts';
import { readXml } from '../readXml.ts';
import type { DegreeScale } from '../scale.ts';
import { readWmtsCapabilities, type WmtsUpstreamSet } from './readCapabilities.ts';
import { readMatrixSet } from './readMatrixSet.ts';
import { tileMatrixSetElement } from './setElement.ts';

const MAP = readFileSync(new URL('../../../test/data/wmts/planet.xml', import.meta.url), 'utf8');
const AS_FITS = { axisOrder: null, degreeScale: null } as const;

describe('capabilities of a WMTS', () => {
  const found = readWmtsCapabilities(MAP);

  it('give layers with styles, formats, addresses, dimensions and limits', () => {
    expect(found.layers.map(({ id }) => id)).toEqual(['mola', 'themis']);
    expect(found.layers[0]).toEqual({
      id: 'mola',
      title: 'MOLA colour & relief',
      styles: ['shaded', 'plain'],
      formats: ['image/jpeg', 'image/png'],
      links: [
        { set: 'default028mm', limits: [['0', { minCol: 0, maxCol: 1, minRow: 0, maxRow: 0 }], ['1', { minCol: 1, maxCol: 3, minRow: 0, maxRow: 1 }]] },
        { set: 'polar', limits: null },
      ],
      templates: [{ format: 'image/jpeg', template: 'http://host/mola/{Style}/{Time}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.jpg' }],
      dimensions: [{ id: 'Time', value: '2015-01-01' }],
    });
  });

  it('give sets as they are written, without matrices that make no sense', () => {
    expect(found.sets.map(({ id, crs, matrices }) => [id, crs, matrices.map((matrix) => matrix.id)])).toEqual([
      ['default028mm', 'urn:ogc:def:crs:EPSG::104905', ['0', '1']],
      ['polar', 'urn:ogc:def:crs:IAU:2015:49930', ['p0']],
    ]);
    expect(found.sets[0]!.matrices[1]).toEqual({ id: '1', scaleDenominator: 1.397705660071794e8, corner: [-180, 90], tileWidth: 256, tileHeight: 256, matrixWidth: 4, matrixHeight: 2 });
  });

  it('give the address of GetTile by key and value, not the RESTful one', () => {
    expect(found.kvpUrl).toBe('http://host/wmts.cgi?map=mars&');
  });

  it.each([
    ['<ows:ExceptionReport xmlns:ows="u"><ows:Exception><ows:ExceptionText>no such service</ows:ExceptionText></ows:Exception></ows:ExceptionReport>', 'no such service'],
    ['<WMS_Capabilities version="1.3.0"/>', '<WMS_Capabilities>'],
    ['<Capabilities/>', '<Capabilities>'],
    ['gone', 'not an XML document'],
  ])('are not: %s', (text, said) => {
    expect(() => readWmtsCapabilities(text)).toThrow(said);
  });
});

/** A set as a server writes it. */
function written(set: TileMatrixSet, degrees: DegreeScale, corner: 'as it stands' | 'swapped' = 'as it stands'): WmtsUpstreamSet {
  const xml = writeXml(tileMatrixSetElement(asTopLeft(set), degrees)).replace(/<TopLeftCorner>(\S+) (\S+)</g, (text, a, b) => (corner === 'swapped' ? `<TopLeftCorner>${b} ${a}<` : text));
  const document = `<Capabilities xmlns:ows="u"><Contents>${xml.replace(/^<\?.*\?>/, '')}</Contents></Capabilities>`;
  expect(readXml(document).name).toBe('Capabilities');
  return readWmtsCapabilities(document).sets[0]!;
}

describe('the numbers of a tile matrix set', () => {
  const mars = crsOf('IAU_2015:49900');
  const sets: readonly (readonly [string, TileMatrixSet])[] = [
    ['degrees of Mars', standardSet('MARS_GEOGRAPHIC', crsOf)!],
    ['degrees of the Earth', standardSet('WorldCRS84Quad', () => crsOf('EPSG:4326'))!],
    ['degrees counted from below', standardSet('GLOBAL_GEODETIC', () => mars)!],
    ['metres of Mars', standardSet('MARS_EQUIRECTANGULAR', crsOf)!],
    ['web Mercator', standardSet('WebMercatorQuad', crsOf)!],
    ['a pole', standardSet('MOON_SOUTH_POLAR', crsOf)!],
  ];

  it.each(sets.flatMap(([name, set]) => (['earth', 'body'] as const).flatMap((degrees) => (['as it stands', 'swapped'] as const).map((corner) => [name, degrees, corner, set] as const))))(
    '%s: scale by %s, corner %s (danger: Mars at half its size, or lying on its side)',
    (_name, degrees, corner, set) => {
      const read = readMatrixSet(written(set, degrees, corner), set.crs, AS_FITS);
      const expected = asTopLeft(set).tileMatrices;
      expect(read.tileMatrices.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      read.tileMatrices.forEach((matrix, i) => {
        expect(matrix.cellSize / expected[i]!.cellSize).toBeCloseTo(1, 12);
        expect(matrix.pointOfOrigin[0]).toBeCloseTo(expected[i]!.pointOfOrigin[0], 6);
        expect(matrix.pointOfOrigin[1]).toBeCloseTo(expected[i]!.pointOfOrigin[1], 6);
        expect(matrix.matrixHeight).toBe(expected[i]!.matrixHeight);
      });
    },
  );

  it('closes circles whose numbers were rounded (danger: a seam at the dateline, no way over the pole)', () => {
    const set = written(standardSet('MARS_GEOGRAPHIC', crsOf)!, 'earth');
    const rounded = { ...set, matrices: set.matrices.map((matrix) => ({ ...matrix, scaleDenominator: Number(matrix.scaleDenominator.toPrecision(8)) })) };
    const { tileMatrices } = readMatrixSet(rounded, mars, AS_FITS);
    expect(tileMatrices.map(({ cellSize, matrixWidth, tileWidth }) => cellSize * matrixWidth * tileWidth)).toEqual(tileMatrices.map(() => 360));
  });

  it('reads a region by halvings of the circle', () => {
    const whole = standardSet('MARS_GEOGRAPHIC', crsOf)!;
    const part = { ...whole, tileMatrices: whole.tileMatrices.slice(5, 9).map((matrix) => ({ ...matrix, pointOfOrigin: [-90, 45] as const, matrixWidth: 3, matrixHeight: 2 })) };
    for (const degrees of ['earth', 'body'] as const) {
      const read = readMatrixSet(written(part, degrees), mars, AS_FITS);
      expect(read.tileMatrices[0]!.cellSize / part.tileMatrices[0]!.cellSize).toBeCloseTo(1, 12);
      expect(read.tileMatrices[0]!.pointOfOrigin).toEqual([-90, 45]);
    }
  });

  it('does as it is told', () => {
    const set = written(standardSet('MARS_GEOGRAPHIC', crsOf)!, 'earth');
    const told = readMatrixSet(set, mars, { axisOrder: 'xy', degreeScale: 'body' });
    expect(told.tileMatrices[0]!.pointOfOrigin).toEqual([90, -180]);
    expect(told.tileMatrices[0]!.cellSize).toBeCloseTo((0.703125 * 6378137) / 3396190, 9);
  });

  it('reads degrees on another body in the name of EPSG:4326', () => {
    const alias = degreesOnBody(bodyFrame('moon'), 'EPSG:4326');
    const read = readMatrixSet(written(standardSet('MOON_GEOGRAPHIC', crsOf)!, 'earth'), alias, AS_FITS);
    expect(read.tileMatrices[0]!.cellSize).toBeCloseTo(0.703125, 12);
  });
});
