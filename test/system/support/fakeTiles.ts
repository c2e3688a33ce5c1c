import { GatewayError } from '../../../src/errors.ts';
import { EARTH } from '../../../src/geometry/crs/alias.ts';
import { crsOf } from '../../../src/geometry/crs/registry.ts';
import { bodyFrame } from '../../../src/geometry/frame/frame.ts';
import { standardSet } from '../../../src/geometry/pyramid/standardSets.ts';
import type { TileAddress, TileMatrixSet } from '../../../src/geometry/pyramid/tileMatrixSet.ts';
import type { TileLayer } from '../../../src/layer/types.ts';
import { DEFAULT_TEMPLATES } from '../../../src/protocol/wmts/template.ts';
import type { ImageFormat } from '../../../src/raster/format.ts';
import { createBlankTiles } from '../../../src/layer/blankTile.ts';
import { createSharpCodec } from '../../../src/raster/codec/sharp.ts';
import type { TilesNode } from '../../../src/service/types.ts';
import { DELIVERY, encoded, MODIFIED, SECRET } from './fakeGateway.ts';

/** The failures that a tile can be asked for: its column in level 5 of any set, row 9 from the set's own origin. */
export const TILE_TROUBLE = { outside: 1, tooLarge: 2, upstreamFailed: 3, upstreamTimeout: 4, bug: 5, never: 6 } as const;
const TROUBLE_ROW = 9;

function predefined(name: string): TileMatrixSet {
  const set = standardSet(name, crsOf);
  if (set === null) throw new Error(`no set ${name}`);
  return set;
}

/** What the text of a fake tile says: the address in the set's own numbers. */
export function tileText(set: TileMatrixSet, { matrix, col, row }: TileAddress, format: ImageFormat, scale: number): string {
  return `${set.id} ${matrix.id}/${col}/${row} ${format} x${scale}`;
}

function troubled({ matrix, col, row }: TileAddress, signal: AbortSignal): Promise<null> | undefined {
  if (matrix.id !== '5' || row !== TROUBLE_ROW) return undefined;
  switch (col) {
    case TILE_TROUBLE.outside:
      return Promise.resolve(null);
    case TILE_TROUBLE.tooLarge:
      throw new GatewayError('TOO_LARGE', 'the tile needs 700 source tiles, more than the allowed 500');
    case TILE_TROUBLE.upstreamFailed:
      throw new GatewayError('UPSTREAM_FAILED', `GET ${SECRET}: 500`);
    case TILE_TROUBLE.upstreamTimeout:
      throw new GatewayError('UPSTREAM_TIMEOUT', `GET ${SECRET}: no answer in 60 s`);
    case TILE_TROUBLE.bug:
      throw new TypeError(`cannot read ${SECRET}`);
    case TILE_TROUBLE.never:
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    default:
      return undefined;
  }
}

type Parts = Pick<TileLayer, 'name' | 'frame' | 'bbox' | 'queryable'> & { readonly setNames: readonly string[] };

/** A layer whose tiles are texts naming themselves, png and jpeg. */
function fakeTileLayer({ setNames, ...parts }: Parts, onSignal: (signal: AbortSignal) => void): TileLayer {
  const layer: TileLayer = {
    ...parts,
    dimensions: [],
    at: () => layer,
    title: `The <${parts.name}>`,
    abstract: '',
    formats: ['image/png', 'image/jpeg'],
    sets: setNames.map(predefined),
    modified: MODIFIED,
    tile: async (set, address, format, scale, signal) => {
      onSignal(signal);
      const trouble = troubled(address, signal);
      return trouble === undefined ? encoded(tileText(set, address, format, scale), format) : trouble;
    },
    info: async (_set, { col, row }, i, j) => {
      if (col === 0) return { lon: 1.5, lat: -2.5, value: [], unit: null, hips: null };
      return { lon: col + 0.25, lat: row + 0.5, value: [i, j, 3, 255], unit: null, hips: { order: 3, npix: 271 } };
    },
  };
  return layer;
}

const WORLD = [-180, -90, 180, 90] as const;

/** Layers of the Moon (whole, and a part of it) and of the Earth, in degrees and metres, counted from above and from below. */
export function fakeTiles(overrides: Partial<TilesNode> = {}, onSignal: (signal: AbortSignal) => void = () => {}): TilesNode {
  const moon = bodyFrame('moon');
  const layers = [
    { name: 'moon', frame: moon, bbox: WORLD, queryable: true, setNames: ['MOON_GEOGRAPHIC', 'MOON_EQUIRECTANGULAR', 'MOON_NORTH_POLAR'] },
    { name: 'rough seas', frame: moon, bbox: [-10, 35, 40, 70] as const, queryable: false, setNames: ['MOON_GEOGRAPHIC', 'MOON_SOUTH_POLAR'] },
    { name: 'earth', frame: EARTH, bbox: WORLD, queryable: true, setNames: ['GLOBAL_GEODETIC', 'GLOBAL_WEBMERCATOR'] },
  ].map((parts) => fakeTileLayer(parts, onSignal));
  return {
    service: { title: 'Fake <maps>', abstract: '', keywords: [], onlineResource: null, contact: null, fees: '', accessConstraints: '' },
    layers: new Map(layers.map((layer) => [layer.name, layer])),
    legends: new Map(),
    wmts: { kvp: true, restful: true, templates: DEFAULT_TEMPLATES, degreeScale: 'earth' },
    tms: { origin: null },
    kml: { useGridNames: false },
    deliveryOf: () => DELIVERY,
    blank: createBlankTiles(createSharpCodec({ maxPixels: 1 << 24 })),
    ...overrides,
  };
}
