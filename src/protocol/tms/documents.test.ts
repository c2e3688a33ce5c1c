import { describe, expect, it } from 'vitest';
import { GEODETIC, MOON_DEGREES, service, WEBMERCATOR } from '../../../test/conformance/services.ts';
import { writeTileMap, writeTileMapService, writeTmsServices, type TileMapDescription } from './documents.ts';
import { tileJson } from './tileJson.ts';

const WORLD = [-180, -90, 180, 90] as const;
const MAP: TileMapDescription = { title: 'Blue & white', abstract: '', set: GEODETIC, format: 'image/jpeg', bbox: WORLD, url: 'http://h/tms/1.0.0/blue/EPSG4326' };

describe('TMS documents', () => {
  it('lead from the root to the tile maps', () => {
    expect(writeTmsServices(service, 'http://h/tms')).toContain('href="http://h/tms/1.0.0/"');
    const document = writeTileMapService(service, [MAP, { ...MAP, set: MOON_DEGREES, url: 'http://h/tms/1.0.0/moon/IAU_201530100' }], 'http://h/tms');
    expect(document).toContain('title="Blue &amp; white" srs="EPSG:4326" profile="global-geodetic" href="http://h/tms/1.0.0/blue/EPSG4326"');
    expect(document).toContain('srs="IAU_2015:30100" profile="local"');
  });

  it('start global profiles at 2 x 1 tiles, and say where tiles count from', () => {
    const document = writeTileMap(MAP);
    expect(document).toContain('<TileSet href="http://h/tms/1.0.0/blue/EPSG4326/0" units-per-pixel="0.703125" order="0"/>');
    expect(document.match(/<TileSet /g)).toHaveLength(19);
    expect(document).toContain('<Origin x="-180" y="-90"/>');
    expect(document).toContain('mime-type="image/jpeg" extension="jpg"');
  });
});

describe('tileJson', () => {
  const source = { title: 't', abstract: '', attribution: 'me', set: WEBMERCATOR, format: 'image/png', geographicBbox: WORLD, url: 'http://h/tiles/blue/g', origin: null } as const;

  it('has what TileJSON 3.0.0 requires and counts rows from the top', () => {
    expect(tileJson(source)).toMatchObject({ tilejson: '3.0.0', scheme: 'xyz', tiles: ['http://h/tiles/blue/g/{z}/{x}/{y}.png'], minzoom: 0, maxzoom: 19, bounds: WORLD, center: [0, 0, 0], attribution: 'me' });
    expect(tileJson(source)).not.toHaveProperty('description');
  });

  it('asks for rows from the top where the service would count from below', () => {
    expect(tileJson({ ...source, set: GEODETIC }).tiles).toEqual(['http://h/tiles/blue/g/{z}/{x}/{y}.png?origin=nw']);
    expect(tileJson({ ...source, set: GEODETIC, origin: 'nw' }).tiles).toEqual(['http://h/tiles/blue/g/{z}/{x}/{y}.png']);
    expect(tileJson({ ...source, origin: 'sw' }).tiles).toEqual(['http://h/tiles/blue/g/{z}/{x}/{y}.png?origin=nw']);
  });

  it('begins at the level from which all begin at the same height, and says where that is', () => {
    expect(tileJson({ ...source, set: GEODETIC })).toMatchObject({ minzoom: 1, origin: [-180, 90] });
    expect(tileJson(source)).toMatchObject({ minzoom: 0, origin: [WEBMERCATOR.bbox[0], WEBMERCATOR.bbox[3]] });
  });
});
