import { describe, expect, it } from 'vitest';
import { crsOf } from '../../geometry/crs/registry.ts';
import { createGrid } from '../../geometry/pyramid/mapproxyGrid.ts';
import { tileTemplate, tmsTemplate, xyzTemplate } from './tileTemplate.ts';

const set = createGrid({ name: 'g', crs: crsOf('EPSG:4326'), bbox: [0, -15, 10, -5], numLevels: 12 });

function filled(template: string, z: number, col: number, row: number): string {
  return tileTemplate(template)({ address: { matrix: set.tileMatrices[z]!, col, row }, z, format: 'jpeg' });
}

describe('addresses of tiles', () => {
  it.each([
    ['http://h/%(z)s/%(x)s/%(y)s.%(format)s', 3, 7, 4, 'http://h/3/7/4.jpeg'],
    ['http://h/%(z)02d/%(x)d/%(y)5i', 3, 7, 4, 'http://h/03/7/    4'],
    ['http://h/%(x)04x/%(x)X', 3, 700, 4, 'http://h/02bc/2BC'],
    ['http://h/%(tc_path)s.png', 9, 1234567, 87654321, 'http://h/09/001/234/567/087/654/321.png'],
    ['http://h/%(tms_path)s.png', 9, 1234567, 87654321, 'http://h/9/1234567/87654321.png'],
    ['http://h/%(arcgiscache_path)s.png', 9, 1234567, 87654321, 'http://h/L09/R05397fb1/C0012d687.png'],
    ['http://h/%(quadkey)s', 1, 0, 0, 'http://h/0'],
    ['http://h/%(quadkey)s', 2, 1, 2, 'http://h/21'],
    ['http://h/%(quadkey)s', 0, 0, 0, 'http://h/'],
    ['http://h/?bbox=%(bbox)s', 1, 0, 0, 'http://h/?bbox=0.00000000,-15.00000000,5.00000000,-10.00000000'],
    ['http://h/100%%25/%(z)s', 1, 0, 0, 'http://h/100%25/1'],
  ])('%s', (template, z, col, row, expected) => {
    expect(filled(template, z, col, row)).toBe(expected);
  });

  it.each(['%(zoom)s', '%s', '%(x)', '50%', '%(x)f'])('refuses %s and names what there is (danger: a request for a literal placeholder)', (bad) => {
    expect(() => tileTemplate(`http://h/${bad}`)).toThrow(/placeholder of a tile; there are: %\(x\)s/);
  });
});

describe('XYZ and TMS', () => {
  const below = createGrid({ name: 'sw', crs: crsOf('EPSG:3857'), origin: 'sw', numLevels: 4 });
  const above = createGrid({ name: 'nw', crs: crsOf('EPSG:3857'), origin: 'nw', numLevels: 4 });
  /** The tile at the top left of level 2, and the one below it. */
  const tiles = [
    { address: { matrix: above.tileMatrices[2]!, col: 0, row: 1 }, z: 2, format: 'png' },
    { address: { matrix: below.tileMatrices[2]!, col: 0, row: 2 }, z: 2, format: 'png' },
  ];

  it.each([
    ['http://{s}.h/{z}/{x}/{y}.png', ['http://b.h/2/0/1.png', 'http://c.h/2/0/1.png']],
    ['http://h/{z}/{x}/{-y}.png', ['http://h/2/0/2.png', 'http://h/2/0/2.png']],
    ['http://h/{q}.png', ['http://h/02.png', 'http://h/02.png']],
  ])('%s counts rows the same whatever the grid (danger: the southern hemisphere in the north)', (template, expected) => {
    expect(tiles.map(xyzTemplate(template, ['a', 'b', 'c']))).toEqual(expected);
  });

  it('counts rows of a TMS from below', () => {
    expect(tiles.map(tmsTemplate('http://h/tms/1.0.0/moon@g/'))).toEqual(['http://h/tms/1.0.0/moon@g/2/0/2.png', 'http://h/tms/1.0.0/moon@g/2/0/2.png']);
  });

  it.each([
    ['http://h/{z}/{x}/{Y}.png', "'{Y}' is no placeholder"],
    ['http://h/{z}/{y}.png', 'does not name {z}, {x} and {y}'],
    ['http://h/%(z)s/%(x)s/%(y)s.png', 'does not name'],
  ])('refuses %s', (template, said) => {
    expect(() => xyzTemplate(template, [])).toThrow(said);
  });
});
