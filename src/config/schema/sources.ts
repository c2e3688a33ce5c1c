import { z } from 'zod';
import { absent, byDefault, inert, required, section } from './field.ts';
import { common, legendAddress, remote, requestFlag, requestValue, sourceResampling, srsOverride, webAddress } from './sourceCommon.ts';
import { arcgisSource, debugSource, geopackageSource, mbtilesSource, ogcapimapsSource, ogcapitilesSource, tileSource, tmsSource, wmtsSource, xyzSource } from './tileSources.ts';
import { bbox, count, flag, listOfTexts, range, shortText, text, tileWidth } from './values.ts';

export { scaleHints } from './sourceCommon.ts';

/** `type: image`: one georeferenced picture, on disk or on the web. */
export const imageSource = z.strictObject({
  type: z.literal('image').meta({ description: 'One georeferenced picture' }),
  url: required(text.min(1), 'Path from the configuration file, or an http(s) address, of a PNG, JPEG, WebP, GIF or TIFF'),
  srs: required(text, 'Reference system of the picture'),
  bbox: absent(bbox, "Outer edges of the picture's pixels in `srs`", 'what its GeoTIFF tags or the world file beside it say'),
  range: absent(range, 'Of measured numbers (TIFF of more than 8 bits): which are black and white', 'the range in which 99 % of them lie'),
  nodata: absent(z.number(), 'Of measured numbers: the one that means "nothing here"', 'what the file says'),
  resampling_method: sourceResampling,
  ...common,
});

/** Parameters of a WMS request that have a meaning to the gateway or to WMS; everything else is a vendor's and is passed on. */
export const WMS_REQUEST_KEYS: readonly string[] = [
  'url', 'layers', 'styles', 'format', 'transparent', 'bgcolor', 'sld', 'sld_body', 'srs', 'version', 'exceptions', 'time', 'elevation',
];

const wmsRequest = z
  .object({
    url: required(webAddress, 'Address of the service, with or without ?'),
    layers: absent(listOfTexts.transform((names) => names.join(',')), 'Layers to ask for; may be left out when the source is used as `source:layer`'),
    styles: byDefault(listOfTexts.transform((names) => names.join(',')), '', 'Styles to ask for'),
    format: absent(text, 'Format to ask for', "the cache's request_format or format, else image/png"),
    transparent: absent(requestFlag, 'Ask for a transparent background', 'false'),
  })
  .catchall(requestValue.meta({ description: 'Any other parameter is passed on' }));

const wmsOptions = z.strictObject({
  version: byDefault(z.enum(['1.1.1', '1.3.0', '1.1.0', '1.0.0']), '1.1.1', 'Version to ask for'),
  map: byDefault(flag, true, 'Draw it; `false` = it is only asked what is under a pixel, and for legends'),
  featureinfo: byDefault(flag, false, 'Ask it what is under a pixel, and pass on what it says'),
  query_layers: absent(listOfTexts.transform((names) => names.join(',')), 'Layers to ask about', '`req.layers`'),
  featureinfo_format: absent(text, 'Format to ask for', 'what the client wants'),
  legendgraphic: byDefault(flag, false, 'Ask it for legends, one of each of its layers'),
  legendurl: absent(legendAddress, 'Address of a legend picture: http(s)://..., or file:// with a path from the configuration file; wins over `legendgraphic`'),
  featureinfo_out_format: inert('it names what comes out of `featureinfo_xslt`', 'Format of the answer'),
  featureinfo_xslt: inert('XSL transformations are not done', 'Style sheet for the answer'),
});

/** What every request says anyway (06-042, 7.3.2): a client could change what is kept under another name. */
const OWN_PARAMETERS = ['service', 'version', 'request', 'layers', 'styles', 'srs', 'crs', 'bbox', 'width', 'height', 'format', 'transparent', 'query_layers', 'info_format', 'i', 'j', 'x', 'y'];

const forwarded = listOfTexts.superRefine((names, context) => {
  const own = names.find((name) => OWN_PARAMETERS.includes(name.toLowerCase()));
  if (own !== undefined) context.addIssue(`'${own}' is said by each request itself and cannot be passed on`);
});

/** `type: wms`. */
export const wmsSource = z.strictObject({
  type: z.literal('wms').meta({ description: 'A WMS' }),
  req: required(wmsRequest, 'Parameters of the requests; what is not listed here is passed on to the upstream'),
  wms_opts: section(wmsOptions, 'What the upstream can do'),
  supported_srs: byDefault(z.array(text), [], 'Reference systems that the upstream knows; empty = asked in that of the layer'),
  supported_formats: byDefault(z.array(text), [], 'Formats that the upstream knows; empty = whatever is asked'),
  forward_req_params: byDefault(forwarded, [], 'Parameters of GetMap and GetFeatureInfo that are passed on, those of `dimensions` of a layer among them: [time, elevation]'),
  srs_override: srsOverride,
  axis_order: absent(z.enum(['xy', 'yx']), 'Order of BBOX that the upstream really follows in WMS 1.3.0', 'that of the reference system'),
  resampling_method: sourceResampling,
  ...remote,
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

/** MapProxy's other types of source: known by name, so that the message can say so. */
export const UNSUPPORTED_SOURCES: readonly string[] = ['mapserver', 'mapnik'];

/** One member of `sources:`. */
export const source = z.discriminatedUnion('type', [
  imageSource, wmsSource, hipsSource, tileSource, xyzSource, tmsSource, wmtsSource, arcgisSource, ogcapimapsSource, ogcapitilesSource, mbtilesSource, geopackageSource, debugSource,
]);
export const sources = z.record(z.string(), source).prefault({}).meta({ description: 'Where pixels come from: name -> source' });

/** Names that may be written as a number. */
export const sourceNames = z
  .union([z.array(shortText), shortText], { error: 'expected a list of names of sources or caches (bands of several sources cannot be combined yet)' })
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .meta({ 'x-type': 'list of names' });
