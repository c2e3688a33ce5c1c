import { z } from 'zod';
import { absent, byDefault, inert, required } from './field.ts';
import { cacheCoverage } from './coverage.ts';
import { count, flag, octal, positive, shortText, text } from './values.ts';

const permissions = {
  directory_permissions: absent(octal, "Permissions of new directories, octal: '755'", 'globals.cache.directory_permissions'),
  file_permissions: absent(octal, "Permissions of new files, octal: '644'", 'globals.cache.file_permissions'),
};

const sqlite = {
  sqlite_timeout: absent(positive, 'Seconds to wait while another process writes', 'globals.cache.sqlite_timeout'),
  sqlite_wal: absent(flag, 'Write-ahead log: true = always, false = never (network file systems)', 'while the file is open'),
};

const layout = z.enum(['tc', 'mp', 'tms', 'reverse_tms', 'quadkey', 'arcgis']);
const rows = z.enum(['standard', 'grid']);
const ROWS = 'How rows of new files are counted: as the format says, or as the grid does (MapProxy, which can then share the file)';

const file = z.strictObject({
  type: z.literal('file').meta({ description: 'One file for each tile' }),
  directory: absent(text, 'Directory of the tiles, taken as it is', '{globals.cache.base_dir}/{cache}_{srs without colon}'),
  directory_layout: byDefault(layout, 'tc', 'Arrangement of the files'),
  use_grid_names: byDefault(flag, false, 'Directory is {base_dir}/{cache}/{grid}: needed when two grids share a reference system'),
  ...permissions,
});

const levels = z.strictObject({
  type: z.literal('sqlite').meta({ description: 'One SQLite file for each level: {directory}/{level}.mbtiles' }),
  directory: absent(text, 'Directory; the tiles are in {directory}/{grid}', '{globals.cache.base_dir}/{cache}'),
  ttl: byDefault(count, 0, 'Seconds after which a tile is made again; 0 = never'),
  ...sqlite,
  ...permissions,
});

const mbtiles = z.strictObject({
  type: z.literal('mbtiles').meta({ description: 'One MBTiles file for all levels' }),
  filename: absent(text, 'File: ./name from the configuration file, else from the directory', '{cache}.mbtiles'),
  directory: absent(text, 'Directory of the file', 'globals.cache.base_dir'),
  rows: byDefault(rows, 'standard', ROWS),
  ...sqlite,
  ...permissions,
});

const geopackage = z.strictObject({
  type: z.literal('geopackage').meta({ description: 'A table of an OGC GeoPackage, or one GeoPackage for each level' }),
  filename: absent(text, 'File: ./name from the configuration file, else from the directory', '{cache}.gpkg'),
  directory: absent(text, 'Directory of the file; with `levels`, the files are in {directory}/{grid}', 'globals.cache.base_dir, with `levels` {base_dir}/{cache}'),
  table_name: absent(z.string().regex(/^[A-Za-z0-9_-]+$/, { error: "expected letters, digits, '_' and '-'" }), 'Table of the tiles', '{cache}_{grid}'),
  levels: byDefault(flag, false, 'A file for each level: {level}.gpkg'),
  rows: byDefault(rows, 'standard', ROWS),
  ...sqlite,
  ...permissions,
});

const redis = z.strictObject({
  type: z.literal('redis').meta({ description: 'Redis; needs the package ioredis' }),
  host: byDefault(text, '127.0.0.1', 'Host name'),
  port: byDefault(z.int().min(1).max(65_535), 6379, 'Port'),
  db: byDefault(count, 0, 'Number of the database'),
  username: absent(shortText, 'User name', 'none'),
  password: absent(shortText, 'Password', 'none'),
  prefix: absent(shortText, 'What keys begin with: {prefix}-{z}-{x}-{y}', '{cache}_{grid}'),
  default_ttl: byDefault(z.number().min(0), 3600, 'Seconds that a tile stays; 0 = until Redis needs the room'),
  ssl_certfile: absent(text, 'Certificate of this client (PEM); any of the three files turns TLS on', 'none'),
  ssl_keyfile: absent(text, 'Key of that certificate (PEM)', 'none'),
  ssl_ca_certs: absent(text, 'Certificates that the server is checked against (PEM)', "the system's"),
});

/** Options of S3 that `globals.cache.s3` has too. */
export const s3Options = {
  bucket_name: absent(text, 'Bucket', 'globals.cache.s3.bucket_name'),
  profile_name: absent(shortText, 'Profile of ~/.aws/credentials', "AWS_PROFILE, else 'default'"),
  region_name: absent(text, 'Region', "AWS_REGION, AWS_DEFAULT_REGION, else 'us-east-1'"),
  endpoint_url: absent(z.url({ protocol: /^https?$/ }), 'Address of an S3-compatible server, without the bucket', 'https://s3.{region}.amazonaws.com'),
  access_control_list: absent(text, 'Canned ACL of new objects: public-read', "the bucket's"),
  include_grid_name: absent(flag, 'Append the name of the grid to `directory`', 'false'),
  use_http_get: inert('tiles are read as they are written; without credentials requests are not signed', 'Read through public addresses'),
};

const s3 = z.strictObject({
  type: z.literal('s3').meta({ description: 'Objects of an S3-compatible store; needs the package s3mini' }),
  ...s3Options,
  directory: absent(text, 'What keys begin with', '{cache}/{grid}'),
  directory_layout: byDefault(layout, 'tms', 'Arrangement of the keys below'),
});

/** MapProxy's other kinds of store: known by name, so that the message can say so. */
export const UNSUPPORTED_STORES: readonly string[] = ['azureblob', 'compact', 'couchdb', 'riak'];

/** A further store of a cache. */
const fallback = z.discriminatedUnion('type', [file, levels, mbtiles, geopackage, redis, s3]).meta({ id: 'fallback' });

/** Not with `absent`: what all kinds of store share is written once. */
const common = {
  tile_lock_dir: inert('locks are kept in memory', 'Directory of lock files'),
  coverage: absent(cacheCoverage, 'Part of the grid that the cache has', 'everything'),
  read_only: byDefault(flag, false, 'Never write to this store (not in MapProxy)'),
  fallback: byDefault(z.array(fallback), [], 'Further stores, written like this one, that are asked in turn for tiles that it does not have; they are never written (not in MapProxy)'),
};

export const store = required(
  z.discriminatedUnion('type', [file.extend(common), levels.extend(common), mbtiles.extend(common), geopackage.extend(common), redis.extend(common), s3.extend(common)]),
  'Where and how tiles are stored',
);
