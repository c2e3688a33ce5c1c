import { z } from 'zod';
import { coverage } from './coverage.ts';
import { absent, approximated, byDefault, inert, required, section } from './field.ts';
import { httpOptions, imageOptions } from './services.ts';
import { countFromOne, flag, positive, resampling, text } from './values.ts';

/** Resolutions and scales within which something is drawn; min_res is the coarser, i.e. larger number. */
export const scaleHints = {
  min_res: absent(positive, 'Coarsest resolution at which it is drawn, metres per pixel (degrees count as on the equator), inclusive'),
  max_res: absent(positive, 'Finest resolution at which it is drawn'),
  min_scale: absent(positive, 'Smallest scale denominator at which it is drawn (0.28 mm pixels), where there is no min_res and no max_res'),
  max_scale: absent(positive, 'Largest scale denominator at which it is drawn'),
};

/** How the longitudes and latitudes of a source are to be understood. */
const frameOptions = {
  body: absent(text, "Body on which the source lies: 'moon', 'mars', ...", "that of its reference system, or of a HiPS's properties"),
  frame: absent(text, "Frame of the source: a body, or 'equatorial', 'galactic', 'ecliptic'", "that of its reference system, or of a HiPS's properties"),
  latitude: absent(z.enum(['ocentric', 'ographic']), 'Which latitude the source counts by', 'that of its reference system; ocentric for a HiPS'),
  lon_offset: byDefault(
    z.number().min(-360).max(360),
    0,
    'Degrees to add to the longitudes of the source, in their own direction, to count from the meridian of the body',
  ),
  lon_direction: absent(z.enum(['east', 'west']), 'Which way the longitudes of the source grow', 'that of its reference system; east for a HiPS'),
};

/** Red, green, blue, alpha, each 0..255. */
const errorColour = z
  .union([z.literal('transparent'), z.string().regex(/^#?(?:[0-9a-fA-F]{2}){3,4}$/), z.array(z.int().min(0).max(255)).min(3).max(4)], {
    error: "expected 'transparent', '#rrggbb' or [r, g, b]",
  })
  .transform((value): readonly [number, number, number, number] => {
    if (value === 'transparent') return [0, 0, 0, 0];
    const bytes = typeof value === 'string' ? value.replace('#', '').match(/../g)!.map((pair) => Number.parseInt(pair, 16)) : value;
    return [bytes[0]!, bytes[1]!, bytes[2]!, bytes[3] ?? 255];
  })
  .meta({ 'x-type': 'colour' });

const errorAnswer = z.strictObject({
  response: required(errorColour, "What is drawn instead: 'transparent', '#rrggbb' or [r, g, b]"),
  cache: approximated(byDefault(flag, false, 'Keep it in the cache'), 'only with `true` is it drawn: else the client gets the error, as a picture with the hole in it would be kept'),
  authorize_stale: inert('a stored tile, if there is one, is always preferred to an error', 'Prefer an old tile'),
});

const errorAnswers = byDefault(
  z.record(z.string().regex(/^(?:\d{3}|other)$/, { error: "expected a status code or 'other'" }), errorAnswer),
  {},
  "What is drawn when the upstream answers an error: status code or 'other' -> {response, cache, authorize_stale}",
);

/** What every source has. */
export const common = {
  coverage: absent(coverage, 'Where the source has data; it is not asked elsewhere', 'everywhere'),
  ...scaleHints,
  seed_only: byDefault(flag, false, 'Only exports ask this source; serving shows the tiles that are stored'),
  concurrent_requests: absent(countFromOne, 'Most requests at a time to this source', 'globals.http.concurrent_requests'),
  http: section(z.strictObject(httpOptions), 'How the upstream is asked'),
  on_error: inert('the source answers no status that could be replaced', 'What is drawn when the upstream answers an error'),
  image: section(z.strictObject(imageOptions), 'How the pictures of the source are understood'),
  ...frameOptions,
};

export const sourceResampling = absent(
  resampling,
  'How its pixels are resampled in maps (a HiPS has services.hips.resampling_method, tiles that of their cache)',
  'globals.image.resampling_method',
);

export const srsOverride = absent(
  text,
  "What the upstream's reference system really means: 'IAU_2015:49900' for an upstream that says EPSG:4326 and means Mars",
);

/** What sources on the web have besides. */
export const remote = { ...common, on_error: errorAnswers };

export const webAddress = z.string().regex(/^https?:\/\//, { error: 'expected an address: http://... or https://...' });

/** Where a legend is. */
export const legendAddress = z.string().regex(/^(?:https?|file):\/\/./, { error: 'expected an address: http://..., https://... or file://...' });

/** A parameter of requests, as text. */
export const requestValue = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))], { error: 'expected a text, a number or a list of these' })
  .transform((value) => (Array.isArray(value) ? value.join(',') : String(value)))
  .meta({ 'x-type': 'text' });

/** true or false, as people also write it in requests. */
export const requestFlag = z
  .union([flag, z.enum(['true', 'false', 'TRUE', 'FALSE'])], { error: 'expected true or false' })
  .transform((value) => /^true$/i.test(String(value)))
  .meta({ 'x-type': 'true or false' });
