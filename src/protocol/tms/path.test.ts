import { describe, expect, it } from 'vitest';
import { parseOrigin, parseTilesPath, parseTmsPath } from './path.ts';

describe('parseTmsPath', () => {
  it('reads the three documents and tiles', () => {
    expect(parseTmsPath('/')).toEqual({ kind: 'services' });
    expect(parseTmsPath('/1.0.0')).toEqual({ kind: 'tileMaps' });
    expect(parseTmsPath('/1.0.0/')).toEqual({ kind: 'tileMaps' });
    expect(parseTmsPath('/1.0.0/moon/IAU_201530100')).toEqual({ kind: 'tileMap', layer: 'moon', spec: 'IAU_201530100' });
    expect(parseTmsPath('/1.0.0/moon_EPSG4326/')).toEqual({ kind: 'tileMap', layer: 'moon_EPSG4326', spec: null });
    expect(parseTmsPath('/1.0.0/moon/g/3/1/2.png')).toEqual({ kind: 'tile', layer: 'moon', spec: 'g', z: 3, x: 1, y: 2, format: 'image/png' });
    expect(parseTmsPath('/1.0.0/moon/3/1/2.jpeg')).toMatchObject({ layer: 'moon', spec: null, z: 3, format: 'image/jpeg' });
  });

  it.each(['/2.0.0', '/1.0.0x', '/1.0.0/a/b/c', '/1.0.0/moon/g/3/-1/2.png', '/1.0.0/moon/g/3/1/2.gif', '/1.0.0/%zz/g/3/1/2.png', '/1.0.0/moon/g/3/1/2'])('%s means nothing', (path) => {
    expect(parseTmsPath(path)).toBeNull();
  });
});

describe('parseTilesPath', () => {
  it('reads tiles and TileJSON, with or without version and grid', () => {
    expect(parseTilesPath('/blue%20marble/g/0/0/0.webp')).toEqual({ kind: 'tile', layer: 'blue marble', spec: 'g', z: 0, x: 0, y: 0, format: 'image/webp', scale: 1 });
    expect(parseTilesPath('/1.0.0/moon/g/1/2/3.png')).toMatchObject({ layer: 'moon', z: 1, x: 2, y: 3 });
    expect(parseTilesPath('/moon/g.json')).toEqual({ kind: 'tileJson', layer: 'moon', spec: 'g' });
    expect(parseTilesPath('/moon.json')).toEqual({ kind: 'tileJson', layer: 'moon', spec: null });
  });

  it('reads @2x, which only stands before the extension of a tile', () => {
    expect(parseTilesPath('/moon/g/1/2/3@2x.png')).toMatchObject({ layer: 'moon', spec: 'g', y: 3, format: 'image/png', scale: 2 });
    expect(parseTilesPath('/a@2x.b/g/1/2/3.png')).toMatchObject({ layer: 'a@2x.b', scale: 1 });
  });

  it.each(['', '/', '/moon', '/moon/g/1/2/3@3x.png', '/moon/g/1/2@2x/3.png', '/moon/g/1/2/3.json.exe/x', '/moon/g/1/2/99999999999999999999.png'])("'%s' means nothing", (path) => {
    expect(parseTilesPath(path)).toBeNull();
  });
});

describe('parseOrigin', () => {
  it('ignores what it does not know, as MapProxy', () => {
    expect([parseOrigin('nw'), parseOrigin('sw'), parseOrigin('xx'), parseOrigin(undefined)]).toEqual(['nw', 'sw', null, null]);
  });
});
