import { z } from 'zod';
import { absent, approximated, byDefault, inert, section } from './field.ts';
import { authorization } from './authorization.ts';
import { encodingOptions, LINK_COLOURS, ONE_BY_ONE } from './caches.ts';
import { LEVEL_CHOICE } from './grids.ts';
import { COLOURS, COLOURS_DEFAULT, colours, httpMethod, httpOptions, MODE, modeOption, pictureMode } from './services.ts';
import { s3Options } from './stores.ts';
import { count, countFromOne, flag, linkOfColours, octal, origins, positive, resampling, size, text } from './values.ts';

const namedFormat = z.strictObject({
  format: absent(text, 'Media type that the name stands for', 'the name'),
  encoding_options: section(encodingOptions, 'Options of the encoder'),
  resampling_method: absent(resampling, 'How pixels are resampled for this format', 'globals.image.resampling_method'),
  mode: modeOption(absent(pictureMode, MODE)),
  colors: absent(colours, COLOURS, COLOURS_DEFAULT),
  transparent: absent(flag, 'false = opaque, on white; maps also need TRANSPARENT=TRUE', 'true'),
  merge_method: inert('sources are always drawn with their alpha', 'How sources are drawn on each other'),
});

const image = z.strictObject({
  resampling_method: byDefault(resampling, 'bicubic', 'How pixels are resampled: nearest (or nearest_neighbour), bilinear, bicubic'),
  jpeg_quality: byDefault(z.int().min(1).max(100), 90, 'Quality of JPEG, WebP and AVIF'),
  formats: byDefault(z.record(z.string(), namedFormat), {}, 'How formats are written: named ones, for `format` of caches, or media types, which also tell of maps'),
  stretch_factor: approximated(byDefault(positive, 1.15, 'How much a level may be magnified before the next is taken'), LEVEL_CHOICE),
  max_shrink_factor: approximated(byDefault(positive, 4, 'How much the coarsest level may be reduced; beyond, maps stay blank'), LEVEL_CHOICE),
  paletted: approximated(byDefault(flag, false, 'Reduce PNG of maps and tiles to 256 colours, unless `colors` says another number'), 'the default is true there; tiles of a HiPS always have all their colours', [true]),
  font_dir: inert('letters in pictures are of the gateway itself', 'Directory of fonts'),
  merge_method: inert('sources are always drawn with their alpha', 'How sources are drawn on each other'),
});

const http = z.strictObject({
  ...httpOptions,
  method: byDefault(httpMethod, 'AUTO', 'How a WMS is asked for maps; AUTO = GET, but POST where `req` has `sld_body`'),
  ssl_ca_certs: absent(text, 'File of certificates (PEM) that are trusted', "the system's, and those of NODE_EXTRA_CA_CERTS"),
  ssl_no_cert_checks: byDefault(flag, false, 'Trust every certificate: what comes may come from anybody'),
  manage_cookies: byDefault(flag, false, 'Send cookies of an upstream back to it, as long as the server runs'),
  client_timeout: byDefault(positive, 60, 'Seconds until an upstream request is given up'),
  tries: byDefault(countFromOne, 3, 'How often a failing upstream request is made in all, with growing pauses'),
  concurrent_requests: byDefault(count, 16, 'Most requests at a time to one upstream host; 0 = no limit'),
  access_control_allow_origin: byDefault(origins, '*', "Origins whose web pages may read the answers (CORS): '*', or a list; an empty one = none"),
});

const cache = z.strictObject({
  base_dir: byDefault(text, './cache_data', 'Directory of all that is stored, from the configuration file'),
  meta_size: approximated(byDefault(size, [4, 4], 'Tiles that are made at once'), ONE_BY_ONE),
  meta_buffer: approximated(byDefault(count, 80, 'Pixels asked for around them and cut off'), ONE_BY_ONE),
  directory_permissions: absent(octal, "Permissions of new directories, octal: '755'", "the process's"),
  file_permissions: absent(octal, "Permissions of new files, octal: '644'", "the process's"),
  max_tile_limit: byDefault(countFromOne, 500, 'Most source tiles that one request may need'),
  lock_dir: inert('locks are kept in memory', 'Directory of lock files'),
  tile_lock_dir: inert('locks are kept in memory', 'Directory of lock files'),
  bulk_meta_tiles: inert('tiles of a tiled source are fetched one by one, several at a time', 'Fetch several tiles at once from tiled sources'),
  minimize_meta_requests: inert('only what a request needs is fetched', 'One request for all tiles of a map'),
  concurrent_tile_creators: inert('tiles are always made concurrently', 'Tiles made at a time'),
  link_single_color_images: byDefault(linkOfColours, false, LINK_COLOURS),
  sqlite_timeout: byDefault(positive, 30, 'Seconds to wait while another process writes to a SQLite file'),
  sqlite_wal: absent(flag, 'Write-ahead log of SQLite files: true = always, false = never (network file systems)', 'while a file is open'),
  s3: section(z.strictObject(s3Options), 'Defaults of S3 caches'),
  azureblob: inert('no Azure store yet', 'Defaults of Azure caches'),
});

const srs = z.strictObject({
  preferred_src_proj: byDefault(z.record(z.string(), z.array(text)), {}, 'Reference systems to ask a WMS in, the best first, for maps in one that it does not know'),
  definitions: byDefault(z.record(z.string(), text), {}, "Further reference systems of the Earth: 'EPSG:2154' -> proj4 text"),
  equidistant_cylindrical: byDefault(
    z.enum(['epsg1028', 'legacy']),
    'epsg1028',
    'Equirectangular maps of an ellipsoid: the registered method (PROJ from 9.8), or the spherical formula (PROJ to 9.7)',
  ),
  axis_order_ne: inert('axis order follows the registry', 'Reference systems with the y axis first'),
  axis_order_en: inert('axis order follows the registry', 'Reference systems with the x axis first'),
  proj_data_dir: inert('PROJ is not used', 'Directory of PROJ data'),
});

/** `globals:`. */
export const globals = section(
  z.strictObject({
    image: section(image, 'Pictures'),
    http: section(http, 'Upstream requests'),
    cache: section(cache, 'Stored tiles'),
    grid: section(z.strictObject({ tile_size: byDefault(size, [256, 256], 'Width and height of a tile in pixels') }), 'Grids'),
    srs: section(srs, 'Reference systems'),
    tiles: section(z.strictObject({ expires_hours: byDefault(z.number().min(0), 72, 'Hours for which clients and proxies may keep a tile, unless its layer has `cache_control`') }), 'Tiles sent'),
    mapserver: inert('no MapServer source', 'MapServer program'),
    renderd: inert('no renderd', 'renderd'),
    background: inert('the demo page has no background map', 'Background map of the demo page'),
  }),
  'Defaults of everything else',
);

const limits = z.strictObject({
  memory_cache_mb: byDefault(count, 256, 'Memory for decoded and encoded tiles, in MB'),
  upstream_mb: byDefault(countFromOne, 64, 'Largest upstream answer, in MB'),
  picture_pixels: byDefault(countFromOne, 268_402_689, 'Largest picture that is decoded, in pixels'),
});

const accessLog = z.strictObject({
  slow_ms: byDefault(count, 1000, 'Those that take at least so many milliseconds; 0 = none for that'),
  every: byDefault(count, 0, 'Of the others every so manieth: 1 = all, 100 = one of a hundred, 0 = none'),
});

/** `server:`. */
export const server = section(
  z.strictObject({
    host: byDefault(text, '0.0.0.0', 'Address to listen at; --host and HOST win'),
    port: byDefault(z.int().min(0).max(65_535), 8080, 'Port to listen at, 0 = any free one; --port and PORT win'),
    public_url: absent(
      z.string().regex(/^https?:\/\/[^/]+(?:\/.*)?$/, { error: 'expected an address: https://host/path' }),
      'Address under which clients reach the server',
      'what the request says (Host, X-Forwarded-*)',
    ),
    trust_proxy: byDefault(flag, false, 'Believe X-Forwarded-Host, X-Forwarded-Proto and X-Script-Name: only behind a proxy that sets them'),
    title: absent(text, 'Title of the landing page', "that of the WMS, else 'hips-gateway'"),
    admin_token: absent(z.string().min(16, { error: 'expected at least 16 characters' }), 'Token of /admin', '/admin is off'),
    authorization: absent(authorization, 'Who may see what', 'everybody may see everything'),
    threads: absent(count, 'Threads that draw; 0 = the serving thread draws itself', 'one per processor, shared out among the processes'),
    workers: byDefault(countFromOne, 1, 'Processes that share the port; --workers and WORKERS win'),
    log_level: byDefault(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), 'info', 'What is logged'),
    access_log: section(accessLog, 'Which requests are logged, at the level `info`'),
    limits: section(limits, 'What a single request may cost'),
  }),
  'The server itself (not in MapProxy)',
);

