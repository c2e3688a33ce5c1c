import { describe, expect, it } from 'vitest';
import { earthWms, mixedWms } from '../../../test/conformance/services.ts';
import { bodyTree } from './bodyTree.ts';

describe('bodyTree', () => {
  it('puts layers of one body under the root, which lists the CRSs common to all', () => {
    expect(earthWms.root.extents.map(({ crs }) => crs.id)).toEqual(['EPSG:4326', 'CRS:84', 'EPSG:3857']);
    expect(earthWms.root.layers.map((layer) => layer.name)).toEqual(['blue marble', 'clouds']);
  });

  it('gives each body a parent where there are several, and the root no CRS: none is common to two planets', () => {
    expect(mixedWms.root.extents).toEqual([]);
    expect(mixedWms.root.geographicBbox).toBeNull();
    expect(mixedWms.root.layers.map((parent) => [parent.title, parent.extents.map(({ crs }) => crs.id)])).toEqual([
      ['Earth', ['EPSG:4326', 'CRS:84', 'EPSG:3857']],
      ['Moon', ['IAU_2015:30100', 'IAU_2015:30110']],
    ]);
  });

  it('draws the box around all, and drops a CRS that one of them lacks', () => {
    const [blue, clouds] = earthWms.root.layers;
    const frame = { id: 'earth', kind: 'body' } as const;
    const west = { ...blue!, extents: [{ ...blue!.extents[0]!, bbox: [-20, 0, 0, 10] as const }], geographicBbox: [-20, 0, 0, 10] as const };
    const east = { ...clouds!, extents: [{ ...clouds!.extents[0]!, bbox: [5, -5, 30, 5] as const }, clouds!.extents[1]!], geographicBbox: [5, -5, 30, 5] as const };
    const root = bodyTree('t', [west, east].map((layer) => ({ frame, layer })));
    expect(root.extents.map(({ crs, bbox }) => [crs.id, bbox])).toEqual([['EPSG:4326', [-20, -5, 30, 10]]]);
    expect(root.geographicBbox).toEqual([-20, -5, 30, 10]);
  });

  it('is an empty group without layers', () => {
    expect(bodyTree('t', [])).toMatchObject({ name: null, layers: [], extents: [] });
  });
});
