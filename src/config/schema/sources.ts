import { z } from 'zod';
import { absent, approximated, byDefault, inert, noneYet, notYet, required, section } from './field.ts';
import { httpOptions, imageOptions } from './services.ts';
import { bbox, count, countFromOne, flag, listOfTexts, positive, resampling, shortText, text, tileWidth } from './values.ts';

const ONLY_BBOX = 'a coverage is a bbox here; without one the source is asked everywhere';

/** Where a source has data. */
export const coverage = z.strictObject({
  bbox: absent(bbox, 'Extent of the data'),
  ...noneYet(
    {
      bbox_srs: absent(text, 'Reference system of `bbox`', "`srs`, else the source's own"),
      srs: absent(text, 'Other name of `bbox_srs`'),
    },
    "the box is taken to be in the source's own reference system",
  ),
  clip: inert('the picture outside is left as the source drew it', 'Make pixels outside transparent'),
  polygons: inert(ONLY_BBOX, 'File of polygons'),
  polygons_srs: inert(ONLY_BBOX, 'Reference system of the polygons'),
  datasource: inert(ONLY_BBOX, 'OGR data source'),
  where: inert(ONLY_BBOX, 'Filter of the data source'),
  ogr_datasource: inert(ONLY_BBOX, 'OGR data source'),
  ogr_where: inert(ONLY_BBOX, 'Filter of the data source'),
  ogr_srs: inert(ONLY_BBOX, 'Reference system of the data source'),
  expire_tiles: inert(ONLY_BBOX, 'Directory of expired tiles'),
  union: inert(ONLY_BBOX, 'Union of coverages'),
  intersection: inert(ONLY_BBOX, 'Intersection of coverages'),
  difference: inert(ONLY_BBOX, 'Difference of coverages'),
});

/** Resolutions and scales within which something is drawn; min_res is the coarser, i.e. larger number. */
export const scaleHints = {
  min_res: absent(positive, 'Coarsest resolution at which it is drawn, units per pixel, inclusive'),
  max_res: absent(positive, 'Finest resolution at which it is drawn, units per pixel, exclusive'),
  min_scale: absent(positive, 'Coarsest scale denominator at which it is drawn (0.28 mm pixels)'),
  max_scale: absent(positive, 'Finest scale denominator at which it is drawn'),
};

/** How the longitudes and latitudes of a source are to be understood. */
const frameOptions = {
  body: absent(text, "Body on which the source lies: 'moon', 'mars', ...", "that of its reference system, or of a HiPS's properties"),
  frame: absent(text, "Frame of the source: a body, or 'equatorial', 'galactic', 'ecliptic'", "that of its reference system, or of a HiPS's properties"),
  ...noneYet({
    latitude: absent(z.enum(['ocentric', 'ographic']), 'Which latitude the source counts by', 'that of its reference system; ocentric for a HiPS'),
    lon_offset: byDefault(z.number().min(-360).max(360), 0, 'Degrees to add to the longitudes of the source to count from the meridian of the body'),
    lon_direction: absent(z.enum(['east', 'west']), 'Which way the longitudes of the source grow', 'that of its reference system; east for a HiPS'),
  }),
};

const errorAnswer = z.strictObject({
  response: required(
    z.union([z.string(), z.array(z.int().min(0).max(255)).min(3).max(4)], { error: "expected 'transparent', '#rrggbb' or [r, g, b]" }),
    'What is drawn instead',
  ),
  cache: byDefault(flag, false, 'Keep it in the cache'),
  authorize_stale: byDefault(flag, false, 'Prefer an old tile'),
});

const errorAnswers = notYet(approximated(
  byDefault(
    z.record(z.string().regex(/^(?:\d{3}|other)$/, { error: "expected a status code or 'other'" }), errorAnswer),
    {},
    "What is drawn when the upstream answers an error: status code or 'other' -> {response, cache, authorize_stale}",
  ),
  'a stored tile, if there is one, is always preferred to an error',
));

const common = {
  coverage: absent(coverage, 'Where the source has data; it is not asked elsewhere', 'everywhere'),
  ...noneYet(scaleHints),
  seed_only: notYet(byDefault(flag, false, 'Only seeding asks this source; serving shows what is stored')),
  concurrent_requests: absent(countFromOne, 'Most requests at a time to this source', 'globals.http.concurrent_requests'),
  http: section(z.strictObject(httpOptions), 'How the upstream is asked'),
  on_error: errorAnswers,
  image: section(z.strictObject(imageOptions), 'How the pictures of the source are understood'),
  ...frameOptions,
};

const sourceResampling = absent(
  resampling,
  'How its pixels are resampled in maps (a HiPS has services.hips.resampling_method, tiles that of their cache)',
  'globals.image.resampling_method',
);

const srsOverride = absent(
  text,
  "What the upstream's reference system really means: 'IAU_2015:49900' for an upstream that says EPSG:4326 and means Mars",
);

/** `type: image`: one georeferenced picture, local or remote. */
export const imageSource = z.strictObject({
  type: z.literal('image').meta({ description: 'One georeferenced picture' }),
  url: required(text.min(1), 'Path from the configuration file, or an http(s) address, of a PNG, JPEG, WebP or TIFF'),
  srs: required(text, 'Reference system of the picture'),
  bbox: absent(bbox, "Outer edges of the picture's pixels in `srs`", 'the whole extent of `srs`'),
  resampling_method: sourceResampling,
  ...common,
});

/** Parameters of a WMS request that have a meaning to the gateway or to WMS; everything else is a vendor's and is passed on. */
export const WMS_REQUEST_KEYS: readonly string[] = [
  'url', 'layers', 'styles', 'format', 'transparent', 'bgcolor', 'sld', 'sld_body', 'srs', 'version', 'exceptions', 'time', 'elevation',
];

const requestValue = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))], { error: 'expected a text, a number or a list of these' })
  .transform((value) => (Array.isArray(value) ? value.join(',') : String(value)))
  .meta({ 'x-type': 'text' });

const wmsRequest = z
  .object({
    url: required(z.string().regex(/^https?:\/\//, { error: 'expected an address: http://... or https://...' }), 'Address of the service, with or without ?'),
    layers: absent(listOfTexts.transform((names) => names.join(',')), 'Layers to ask for; may be left out when the source is used as `source:layer`'),
    styles: byDefault(listOfTexts.transform((names) => names.join(',')), '', 'Styles to ask for'),
    format: absent(text, 'Format to ask for', "the cache's request_format or format, else image/png"),
    transparent: absent(
      z
        .union([flag, z.enum(['true', 'false', 'TRUE', 'FALSE'])], { error: 'expected true or false' })
        .transform((value) => /^true$/i.test(String(value)))
        .meta({ 'x-type': 'true or false' }),
      'Ask for a transparent background',
      'false',
    ),
  })
  .catchall(requestValue.meta({ description: 'Any other parameter is passed on' }));

const wmsOptions = z.strictObject({
  version: byDefault(z.enum(['1.1.1', '1.3.0', '1.1.0', '1.0.0']), '1.1.1', 'Version to ask for'),
  ...noneYet({
    map: byDefault(flag, true, 'The source answers GetMap'),
    featureinfo: byDefault(flag, false, 'The source answers GetFeatureInfo'),
    query_layers: absent(listOfTexts.transform((names) => names.join(',')), 'Layers of GetFeatureInfo', '`req.layers`'),
    legendgraphic: byDefault(flag, false, 'The source answers GetLegendGraphic'),
    legendurl: absent(text, 'Address of a legend'),
    featureinfo_format: absent(text, 'Format to ask of GetFeatureInfo'),
  }),
  featureinfo_out_format: inert('feature info is passed on as it comes', 'Format of the answer'),
  featureinfo_xslt: inert('XSL transformations are not done', 'Style sheet for the answer'),
});

/** `type: wms`. */
export const wmsSource = z.strictObject({
  type: z.literal('wms').meta({ description: 'A WMS' }),
  req: required(wmsRequest, 'Parameters of the requests; what is not listed here is passed on to the upstream'),
  wms_opts: section(wmsOptions, 'What the upstream can do'),
  supported_srs: byDefault(z.array(text), [], 'Reference systems that the upstream knows; empty = asked in that of the layer'),
  supported_formats: notYet(byDefault(z.array(text), [], 'Formats that the upstream knows; empty = whatever is asked')),
  forward_req_params: inert('parameters of a client are not passed on', 'Parameters of the client to pass on'),
  srs_override: srsOverride,
  axis_order: absent(z.enum(['xy', 'yx']), 'Order of BBOX that the upstream really follows in WMS 1.3.0', 'that of the reference system'),
  resampling_method: sourceResampling,
  ...common,
});

/** `type: hips`. */
export const hipsSource = z.strictObject({
  type: z.literal('hips').meta({ description: 'A HiPS' }),
  url: required(text.min(1), 'Address of the HiPS, i.e. of the folder with its `properties`; or a path from the configuration file'),
  mirrors: byDefault(listOfTexts, [], 'Other addresses of the same HiPS, asked in this order when one fails'),
  resampling_method: sourceResampling,
  cache_hips_tiles: byDefault(flag, true, 'Keep the tiles of the upstream under `globals.cache.base_dir`'),
  hips_order: absent(count.max(24), 'Deepest order to read', "the HiPS's own"),
  hips_tile_width: absent(tileWidth, 'Tile width', "the HiPS's own"),
  ...common,
});

/** `type: debug`: draws the addresses and edges of tiles. */
export const debugSource = z.strictObject({
  type: z.literal('debug').meta({ description: 'Draws the outline and address of each tile' }),
  ...common,
});

/** MapProxy's other types of source: known by name, so that the message can say so. */
export const UNSUPPORTED_SOURCES: readonly string[] = ['tile', 'wmts', 'mapserver', 'mapnik', 'arcgis', 'ogcapitiles', 'ogcapimaps'];

/** One member of `sources:`. */
export const source = z.discriminatedUnion('type', [imageSource, wmsSource, hipsSource, debugSource]);
export const sources = z.record(z.string(), source).prefault({}).meta({ description: 'Where pixels come from: name -> source' });

/** Names that may be written as a number. */
export const sourceNames = z
  .union([z.array(shortText), shortText], { error: 'expected a list of names of sources or caches (bands of several sources cannot be combined yet)' })
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .meta({ 'x-type': 'list of names' });
