/**
 * Who may import whom below src/. One table; docs/architecture.md shows it, importRules.test.ts checks both against the code.
 * A file belongs to the room with the longest path that fits. A room may always import itself.
 */
export interface Room {
  /** Folder or file below src/. */
  readonly path: string;
  /** Rooms that it may import. */
  readonly may: readonly string[];
  /** Rooms of which it may import types only. */
  readonly mayTypes: readonly string[];
  /** Modules of Node, without 'node:'. */
  readonly node: readonly string[];
}

function room(path: string, may: readonly string[], also: Partial<Pick<Room, 'mayTypes' | 'node'>> = {}): Room {
  return { path, may, mayTypes: also.mayTypes ?? [], node: also.node ?? [] };
}

const GEOMETRY = ['geometry/angles.ts', 'geometry/frame', 'geometry/healpix', 'geometry/crs', 'geometry/lattice', 'geometry/pyramid', 'geometry/region'] as const;
const RASTER = ['raster', 'raster/format.ts', 'raster/codec', 'raster/reproject'] as const;
const PROTOCOL = ['protocol', 'protocol/cacheControl.ts', 'protocol/dimensions.ts', 'protocol/polygons.ts', 'protocol/timeInterval.ts', 'protocol/hips', 'protocol/wms', 'protocol/wmts', 'protocol/wmts/template.ts', 'protocol/tms', 'protocol/kml', 'protocol/ogcapi'] as const;
const IO = ['io/net', 'io/net/singleFlight.ts', 'io/cache', 'io/cache/types.ts', 'io/source', 'io/source/types.ts'] as const;
/** What the layers know of io: what a source and a store are, and how callers share one piece of work. */
const PORTS = ['io/net/singleFlight.ts', 'io/cache/types.ts', 'io/source/types.ts'] as const;

/** The sets that the printed table names by one word. */
export const SETS: { readonly [name: string]: readonly string[] } = { geometry: GEOMETRY, raster: RASTER, protocol: PROTOCOL, io: IO };

export const ROOMS: readonly Room[] = [
  room('errors.ts', []),
  room('geometry/angles.ts', []),
  room('geometry/frame', ['errors.ts', 'geometry/angles.ts']),
  room('geometry/healpix', []),
  room('geometry/crs', ['errors.ts', 'geometry/angles.ts', 'geometry/frame']),
  room('geometry/lattice', ['errors.ts', 'geometry/angles.ts', 'geometry/frame', 'geometry/healpix', 'geometry/crs']),
  room('geometry/pyramid', ['errors.ts', 'geometry/frame', 'geometry/healpix', 'geometry/crs', 'geometry/lattice']),
  room('geometry/region', ['errors.ts', 'geometry/angles.ts', 'geometry/frame', 'geometry/crs', 'geometry/lattice']),
  room('raster/format.ts', []),
  room('raster', ['errors.ts', ...GEOMETRY, 'raster/format.ts']),
  room('raster/codec', ['errors.ts', 'raster', 'raster/format.ts'], { mayTypes: ['geometry/lattice'], node: ['zlib'] }),
  room('raster/reproject', ['errors.ts', ...GEOMETRY, 'raster']),
  room('protocol/cacheControl.ts', []),
  room('protocol/dimensions.ts', ['errors.ts']),
  room('protocol/polygons.ts', ['protocol'], { mayTypes: ['geometry/region'] }),
  room('protocol/timeInterval.ts', ['errors.ts']),
  room('protocol', ['errors.ts', ...GEOMETRY, 'raster/format.ts', 'protocol/dimensions.ts']),
  room('protocol/hips', ['errors.ts', ...GEOMETRY, 'raster/format.ts', 'protocol']),
  room('protocol/wms', ['errors.ts', ...GEOMETRY, 'raster/format.ts', 'protocol', 'protocol/dimensions.ts']),
  room('protocol/wmts', ['errors.ts', ...GEOMETRY, 'raster/format.ts', 'protocol', 'protocol/dimensions.ts', 'protocol/wms', 'protocol/wmts/template.ts']),
  room('protocol/wmts/template.ts', ['errors.ts']),
  room('protocol/tms', ['errors.ts', ...GEOMETRY, 'raster/format.ts', 'protocol']),
  room('protocol/kml', ['errors.ts', ...GEOMETRY, 'raster/format.ts', 'protocol', 'protocol/tms']),
  room('protocol/ogcapi', ['errors.ts', ...GEOMETRY, 'raster/format.ts', 'protocol', 'protocol/wms', 'protocol/wmts']),
  room('io/net/singleFlight.ts', []),
  room('io/net', ['errors.ts', 'io/net/singleFlight.ts'], { node: ['fs/promises', 'timers/promises', 'util', 'zlib'] }),
  room('io/cache/types.ts', []),
  room('io/cache', ['errors.ts'], { mayTypes: ['raster', 'raster/codec', 'io/cache/types.ts'], node: ['crypto', 'fs', 'fs/promises', 'path', 'sqlite', 'timers/promises'] }),
  room('io/source/types.ts', [], { mayTypes: ['geometry/lattice', 'raster'] }),
  room('io/source', ['errors.ts', ...GEOMETRY, ...RASTER, ...PROTOCOL, 'io/net', 'io/net/singleFlight.ts'], {
    mayTypes: ['io/cache/types.ts', 'io/source/types.ts'],
    node: ['crypto', 'fs/promises', 'path', 'sqlite', 'url', 'worker_threads'],
  }),
  room('layer', ['errors.ts', ...GEOMETRY, 'raster', 'raster/format.ts', 'raster/reproject', 'protocol/dimensions.ts', 'protocol/hips'], {
    mayTypes: ['raster/codec', ...PORTS],
    node: ['crypto'],
  }),
  room('worker', ['errors.ts'], { node: ['worker_threads'] }),
  room('worker/paint.ts', ['config/build', 'config/build.ts', 'geometry/lattice', 'layer', 'raster', 'worker'], { mayTypes: ['geometry/crs'], node: ['async_hooks', 'worker_threads'] }),
  room('service', ['errors.ts', ...GEOMETRY, 'raster', 'raster/format.ts', ...PROTOCOL, 'service/pages'], {
    mayTypes: ['layer'],
    node: ['crypto', 'fs', 'fs/promises', 'http', 'util', 'zlib'],
  }),
  room('service/pages', ['protocol/hips', 'raster/format.ts'], { mayTypes: ['layer', 'service'] }),
  room('config', ['errors.ts', 'geometry/crs', 'geometry/pyramid', 'protocol/cacheControl.ts', 'protocol/dimensions.ts', 'protocol/polygons.ts', 'protocol/timeInterval.ts', 'protocol/wmts/template.ts', 'raster/format.ts'], { node: ['fs', 'path'] }),
  room('config/build', ['errors.ts', ...GEOMETRY, ...RASTER, ...PROTOCOL, ...IO, 'layer', 'worker', 'config'], { mayTypes: ['service'], node: ['crypto', 'path', 'url'] }),
  room('config/build.ts', ['errors.ts', ...GEOMETRY, ...RASTER, ...PROTOCOL, ...IO, 'layer', 'worker', 'config', 'config/build'], { mayTypes: ['service'] }),
  room('server', ['errors.ts', 'config', 'config/build.ts', 'service'], { node: ['cluster', 'crypto', 'fs', 'http', 'net', 'os', 'path', 'timers/promises', 'v8'] }),
  room('task', ['errors.ts', ...GEOMETRY, ...PROTOCOL, ...IO, 'raster/format.ts', 'raster/codec', 'layer', 'config', 'config/build', 'config/build.ts'], {
    mayTypes: ['service'],
    node: ['fs/promises', 'os', 'path'],
  }),
  room('cli', ['errors.ts', 'config', 'server', 'task'], { node: ['fs', 'module', 'path', 'url'] }),
];

/** Packages, and the folders and files below src/ that may import them. */
export interface PackageRule {
  readonly name: string;
  readonly by: readonly string[];
  readonly typesBy: readonly string[];
}

export const PACKAGES: readonly PackageRule[] = [
  { name: 'commander', by: ['cli'], typesBy: [] },
  { name: 'fast-xml-parser', by: ['protocol/readXml.ts', 'protocol/joinXml.ts'], typesBy: [] },
  { name: 'fastify', by: ['server/app.ts'], typesBy: ['server', 'service'] },
  { name: 'gdal3.js', by: ['io/source/gdalThread.ts'], typesBy: [] },
  { name: 'geotiff', by: ['io/source/tiffReader.ts'], typesBy: [] },
  { name: 'ioredis', by: ['io/cache/store/redis.ts'], typesBy: [] },
  { name: 'jose', by: ['config/build/accessTokens.ts'], typesBy: [] },
  { name: 'lru-cache', by: ['io', 'layer', 'service'], typesBy: [] },
  { name: 'pino', by: ['server/log.ts'], typesBy: [] },
  { name: 'proj4', by: ['geometry/crs/earth.ts'], typesBy: [] },
  { name: 's3mini', by: ['io/cache/store/s3.ts'], typesBy: [] },
  { name: 'sharp', by: ['raster/codec/sharp.ts', 'io/source/imageFile.ts'], typesBy: [] },
  { name: 'undici', by: ['io/net/http.ts'], typesBy: [] },
  { name: 'yaml', by: ['config/yaml'], typesBy: [] },
  { name: 'zod', by: ['config/schema'], typesBy: ['config/translate.ts'] },
];

/** Adapters of io/source: files whose names begin with one of these words do not import those that begin with another. */
export const ADAPTERS: readonly string[] = ['hips', 'image', 'tile', 'wms'];

/** Where the same input must give the same output: no clock, no chance, no console, no process, no network. */
export const PURE: readonly string[] = ['geometry', 'raster', 'protocol'];

/** Imports that the rules forbid and the code still has. One that is gone from the code must go from here. */
export const KNOWN_BREACHES: readonly { readonly file: string; readonly imports: string; readonly why: string }[] = [
];
