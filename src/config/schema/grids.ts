import { z } from 'zod';
import { absent, approximated } from './field.ts';
import { bbox, countFromOne, positive, shortText, size, text } from './values.ts';

/** A corner: 'll' and 'ul' are MapProxy's other words. */
export const origin = z.enum(['sw', 'nw', 'll', 'ul']).transform((corner): 'sw' | 'nw' => (corner === 'nw' || corner === 'ul' ? 'nw' : 'sw'));

const resolutions = z
  .union([z.array(positive).min(1), z.record(z.string(), positive)], { error: 'expected a list of resolutions, or a map from level names to resolutions' })
  .meta({ 'x-type': 'list of numbers, or map from text to number' });

/** Where options that choose a level for a map count. */
export const LEVEL_CHOICE = 'only for caches without sources; other maps are drawn from the sources, not from stored tiles';

/** One member of `grids:`. Every option may come from `base`. */
export const grid = z.strictObject({
  base: absent(text, 'Grid whose options count where this one has none: another of `grids`, or a predefined one (GLOBAL_GEODETIC, MARS_EQUIRECTANGULAR, ...)'),
  name: absent(shortText, 'Name in addresses and capabilities', 'its key'),
  srs: absent(text, 'Reference system', 'EPSG:900913'),
  bbox: absent(bbox, 'Extent', 'that of `srs`'),
  bbox_srs: absent(text, 'Reference system of `bbox`', '`srs`'),
  origin: absent(origin, "Corner that tiles are counted from: 'sw' (also 'll') or 'nw' (also 'ul')", 'sw'),
  tile_size: absent(size, 'Width and height of a tile in pixels', 'globals.grid.tile_size'),
  res: absent(resolutions, 'Resolutions of the levels, coarsest first, units per pixel; or level name -> resolution'),
  res_factor: absent(
    z.union([z.number().gt(1), z.literal('sqrt2')], { error: "expected a number above 1, or 'sqrt2'" }),
    'How much finer each level is than the one before',
    '2',
  ),
  num_levels: absent(countFromOne.max(64), 'Number of levels', '20 (40 for sqrt2)'),
  min_res: absent(positive, 'Coarsest resolution, i.e. the larger number'),
  max_res: absent(positive, 'Finest resolution, i.e. the smaller number'),
  threshold_res: approximated(absent(z.array(positive), 'Resolutions at which the finer level takes over'), LEVEL_CHOICE),
  stretch_factor: approximated(absent(positive, 'How much a level may be magnified before the next is taken', 'globals.image.stretch_factor'), LEVEL_CHOICE),
  max_shrink_factor: approximated(absent(positive, 'How much the coarsest level may be reduced; beyond, maps stay blank', 'globals.image.max_shrink_factor'), LEVEL_CHOICE),
  align_resolutions_with: absent(text, 'Grid whose resolutions are taken, as far as min_res, max_res and num_levels allow'),
});

export const grids = z.record(z.string(), grid).prefault({}).meta({ description: 'How caches are cut into tiles: name -> grid' });
