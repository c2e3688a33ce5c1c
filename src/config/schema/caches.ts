import { z } from 'zod';
import { absent, approximated, byDefault, inert, required, section } from './field.ts';
import { COLOURS, colours, imageOptions, MODE, modeOption, pictureMode } from './services.ts';
import { sourceNames } from './sources.ts';
import { store } from './stores.ts';
import { colour, count, flag, linkOfColours, positive, shortText, size, text, timeBefore } from './values.ts';

export const LINK_COLOURS = 'Store tiles of one colour once, and the others as links to it: true or symlink, hardlink; only in `type: file`';

/** Where options of meta tiles do nothing. */
export const ONE_BY_ONE = 'only where all sources are map servers that know the reference system of the grid; other tiles are made one by one, and neighbours match to the last bit';

export const encodingOptions = z.strictObject({
  jpeg_quality: absent(z.int().min(1).max(100), 'Quality of JPEG, WebP and AVIF', 'globals.image.jpeg_quality'),
  quantizer: approximated(byDefault(z.enum(['fastoctree', 'mediancut']), 'fastoctree', 'Palettes with half transparent colours, or (mediancut) with one transparent one'), 'the method itself is the same'),
  tiff_compression: absent(z.enum(['raw', 'tiff_lzw', 'jpeg']), 'Compression of maps in TIFF; jpeg makes them opaque', 'deflate'),
});

const cacheImage = {
  ...imageOptions,
  transparent: absent(flag, 'false = tiles are opaque, on white', 'that of the format, else true'),
  mode: modeOption(absent(pictureMode, MODE, 'that of the format, else of the sources')),
  colors: absent(colours, COLOURS, 'that of the format, else of the sources, else 256 for mode P or globals.image.paletted'),
  encoding_options: absent(encodingOptions, 'Options of the encoder', 'those of the format'),
};

const watermark = z.strictObject({
  text: byDefault(z.string(), '', 'The text; letters without a glyph are written without their accents, or as ?'),
  font_size: byDefault(z.number().min(1).max(512), 24, 'Height of the font, pixels'),
  color: byDefault(colour, '#808080', "Colour of the text: '#rrggbb' or [r, g, b]"),
  opacity: byDefault(z.number().min(0).max(255), 30, 'Opacity of the text, 0 to 255'),
  spacing: absent(z.enum(['wide']), 'wide = on every second tile only', 'on every tile'),
});

const DIRECT = 'maps are always drawn from the sources; here a map server is asked for the very map, as without a cache';

/** One member of `caches:`. */
export const cache = z.strictObject({
  sources: required(sourceNames, 'Sources, or other caches, drawn in this order: name or `name:layer1,layer2`; may be [] for tiles that are only read'),
  grids: byDefault(z.array(text).min(1), ['GLOBAL_MERCATOR'], 'Grids that tiles are stored in'),
  name: absent(shortText, 'Name in file paths', 'its key'),
  cache_dir: absent(text, 'Directory below which its own is made', 'globals.cache.base_dir'),
  format: byDefault(text, 'image/png', 'Format of the stored tiles: a media type, a name in `globals.image.formats`, or `mixed` (JPEG for tiles without transparent pixels, PNG for others)'),
  request_format: absent(text, 'Format asked of the sources where they do not say one', '`format`'),
  image: section(z.strictObject(cacheImage), 'How the tiles are drawn and written'),
  meta_size: approximated(absent(size, 'Tiles that are made at once', 'globals.cache.meta_size'), ONE_BY_ONE),
  meta_buffer: approximated(absent(count, 'Pixels asked for around them and cut off', 'globals.cache.meta_buffer'), ONE_BY_ONE),
  disable_storage: byDefault(flag, false, 'Make each tile anew'),
  cache: byDefault(store, { type: 'file' }, 'Where and how tiles are stored'),
  bulk_meta_tiles: inert('tiles of a tiled source are fetched one by one, several at a time', 'Fetch several tiles at once from tiled sources'),
  minimize_meta_requests: inert('only what a request needs is fetched', 'One request for all tiles of a map'),
  concurrent_tile_creators: inert('tiles are always made concurrently', 'Tiles made at a time'),
  use_direct_from_level: approximated(absent(count, 'Level of the first grid from which maps pass by the cache', 'none'), DIRECT),
  use_direct_from_res: approximated(absent(positive, 'Resolution from which maps pass by the cache, units of the first grid per pixel', 'none'), DIRECT),
  link_single_color_images: absent(linkOfColours, LINK_COLOURS, 'globals.cache.link_single_color_images'),
  upscale_tiles: byDefault(z.int().min(-1), 0, 'A tile that is missing, and that no source has at its resolution, is made of coarser ones, up to so many levels away; -1 = any'),
  downscale_tiles: byDefault(count, 0, 'The same, of finer ones; a level of which one tile needs more than globals.cache.max_tile_limit is not looked at'),
  cache_rescaled_tiles: byDefault(flag, false, 'Store the tiles that were made of others'),
  refresh_before: absent(timeBefore, 'Tiles older than this are made again when they are asked for', 'never'),
  watermark: absent(watermark, 'Text that is written into tiles, and over maps and HiPS of the cache', 'none'),
});

export const caches = z.record(z.string(), cache).prefault({}).meta({ description: 'Stored tiles of sources: name -> cache' });
