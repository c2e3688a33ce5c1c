import { z } from 'zod';
import { absent, approximated, byDefault, inert, required, section, service } from './field.ts';
import { inspireMetadata } from './inspire.ts';
import {
  bbox, colour, countFromOne, flag, keywordList, listOfTexts, pictureFormat, pixels, positive, resampling, shortText, text, tileFormats, tileWidth,
} from './values.ts';

/** Text values of a HiPS properties file. */
export const propertyValue = z
  .union([z.string(), z.number(), z.boolean()], { error: 'expected a text or a number' })
  .transform((value) => String(value))
  .meta({ 'x-type': 'text' });

const hips = z.strictObject({
  resampling_method: absent(resampling, 'How pixels of a source become pixels of a tile', 'globals.image.resampling_method'),
  populate_cache: byDefault(flag, true, 'Keep the tiles that have been made; false = in memory only'),
  tile_cache: absent(text, 'Name of a cache in whose store the tiles are kept, whatever its type', 'files under `globals.cache.base_dir`'),
  formats: byDefault(z.array(pictureFormat).min(1), ['png', 'jpeg', 'webp'], 'Tile formats of every layer, the suggested one first'),
  hips_tile_format: absent(tileFormats, "`formats` in the spelling of HiPS: words separated by blanks ('png jpeg'); wins over `formats`"),
  hips_tile_width: byDefault(tileWidth, 512, 'Tile width of every layer in pixels: a power of two from 32 to 4096'),
  authority: absent(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.\-_~*+]*$/, { error: 'expected an IVOA authority: letters, digits, dots and hyphens' }),
    'IVOA authority of the default `creator_did`: ivo://{authority}/P/{layer}',
    'the host of server.public_url',
  ),
  md: byDefault(z.record(z.string(), propertyValue), {}, "Properties of every layer (publisher, licence, ...); a layer's own `md.hips` wins"),
});

const contact = z.strictObject({
  person: absent(text, 'Name of the person'),
  position: absent(text, 'Position of the person'),
  organization: absent(text, 'Organisation'),
  organisation: absent(text, 'Other spelling of `organization`'),
  address: absent(text, 'Street and number'),
  city: absent(text, 'City'),
  postcode: absent(shortText, 'Postal code'),
  state: absent(text, 'State or province'),
  country: absent(text, 'Country'),
  phone: absent(shortText, 'Telephone number'),
  fax: absent(shortText, 'Fax number'),
  email: absent(text, 'E-mail address'),
});

const serviceMetadata = z.strictObject({
  title: absent(text, 'Title of the service', 'hips-gateway'),
  abstract: absent(text, 'What the service offers'),
  online_resource: absent(text, 'Address of a page about the service', 'the address of the landing page'),
  contact: absent(contact, 'Whom to ask'),
  fees: absent(text, 'Fees', 'none'),
  access_constraints: absent(text, 'Who may use it', 'none'),
  keyword_list: byDefault(keywordList, [], 'Keywords'),
  metadata: inert('MetadataURL is written for layers only', 'Metadata documents of the service'),
});

const featureInfoType = z.enum(['text', 'html', 'xml', 'json']);

const wmsVersion = z.enum(['1.0.0', '1.1.0', '1.1.1', '1.3.0']);

const onSourceErrors = approximated(
  byDefault(z.enum(['notify', 'raise']), 'raise', 'What a map does when a source fails: `raise` fails as well; `notify` draws the others and names in the picture what is missing'),
  'the default there is `notify`',
  [],
);

const wms = z.strictObject({
  versions: approximated(byDefault(z.array(wmsVersion).min(1), ['1.1.1', '1.3.0'], 'Versions that are answered'), '1.0.0 and 1.1.0 stand for 1.1.1, in which their clients are answered', ['1.0.0', '1.1.0']),
  srs: absent(z.array(text).min(1), 'Reference systems that are advertised, of all bodies together; others of a layer\'s body are answered too', "those of each layer's body"),
  bbox_srs: byDefault(
    z.array(
      z.union([text, z.strictObject({ srs: required(text, 'Reference system'), bbox: required(bbox, 'The box') })], {
        error: 'expected a reference system or {srs, bbox}',
      }),
    ),
    [],
    'Reference systems whose BoundingBox is written for each layer; empty = all of `srs`. One with a `bbox` is limited to it, and so are maps in it',
  ),
  image_formats: byDefault(
    z.array(text).min(1),
    ['image/png', 'image/jpeg', 'image/webp', 'image/avif', 'image/tiff'],
    'Formats of GetMap, the first being the default, also by their names in `globals.image.formats`; image/tiff (image/GeoTIFF) is a GeoTIFF',
  ),
  attribution: absent(z.strictObject({ text: required(text, 'The text') }), 'Written into maps, and in the capabilities of layers that have none of their own'),
  featureinfo_types: approximated(
    byDefault(z.array(featureInfoType).min(1), ['json', 'text', 'html', 'xml'], 'Formats of GetFeatureInfo, the default first'),
    '`json` is both application/json and application/geo+json, `xml` both text/xml and application/vnd.ogc.gml',
    ['json', 'xml'],
  ),
  featureinfo_xslt: inert('XSL transformations are not done', 'Style sheets for GetFeatureInfo'),
  on_source_errors: onSourceErrors,
  max_output_pixels: byDefault(
    pixels,
    4000 * 4000,
    'Most pixels of one GetMap: a number or [width, height]',
  ),
  strict: inert('requests are always read as the standard says', 'Refuse what the standard does not name'),
  md: section(serviceMetadata, 'Description of the service in its capabilities'),
  inspire_md: absent(inspireMetadata, 'INSPIRE metadata, written in the capabilities of 1.3.0; the style of layers is then called inspire_common:DEFAULT', 'none'),
  concurrent_layer_renderer: inert('layers are always rendered concurrently', 'Layers rendered at a time'),
});

const wmts = z.strictObject({
  kvp: byDefault(flag, true, 'Answer key-value requests at /service'),
  restful: byDefault(flag, true, 'Answer REST requests below /wmts'),
  restful_template: byDefault(
    text,
    '/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}.{Format}',
    'Path of a tile below /wmts. Note that the column comes before the row',
  ),
  restful_featureinfo_template: byDefault(
    text,
    '/{Layer}/{TileMatrixSet}/{TileMatrix}/{TileCol}/{TileRow}/{I}/{J}.{InfoFormat}',
    'Path of a feature info request below /wmts',
  ),
  degree_scale: byDefault(
    z.enum(['earth', 'body']),
    'earth',
    "What a degree measures in scale denominators: `earth` the same on every body, as MapProxy writes and as GDAL and QGIS read; `body` by the standard, with the body's own radius",
  ),
  featureinfo_formats: byDefault(
    z.array(z.strictObject({ mimetype: required(text, 'Media type'), suffix: absent(text, 'Ending in REST addresses', 'as usual for it') })),
    [],
    'Formats of GetFeatureInfo; empty = text, HTML, JSON, GeoJSON and XML',
  ),
  md: section(serviceMetadata, 'Description of the service in its capabilities'),
});

const tms = z.strictObject({
  use_grid_names: inert('addresses may always name the grid or its reference system', "Addresses name the grid instead of its reference system ('EPSG3857')"),
  origin: absent(z.enum(['sw', 'nw']), 'Which corner the rows of /tiles are counted from', 'that of the grid'),
});

const kml = z.strictObject({ use_grid_names: byDefault(flag, false, 'Addresses in documents name the grid instead of its reference system; both are always answered') });

const ogcapiIdentification = z.strictObject({
  title: absent(text, 'Title of the service', 'services.wms.md.title'),
  description: absent(text, 'What the service offers', 'services.wms.md.abstract'),
  keywords: byDefault(listOfTexts, [], 'Keywords'),
  keywords_type: inert('keywords are written without a type', 'Type of the keywords'),
  terms_of_service: absent(text, 'Terms of service', 'none'),
  url: inert('the landing page links to itself', 'Address of a page about the service'),
});

const ogcapiContact = z.strictObject({
  name: absent(text, 'Name of the person'),
  email: absent(text, 'E-mail address'),
  url: absent(text, 'Address of a page about them'),
  ...Object.fromEntries(
    ['position', 'address', 'city', 'stateorprovince', 'postalcode', 'country', 'phone', 'fax', 'hours', 'instructions', 'role'].map((name) => [name, inert('an OpenAPI document has no place for it', 'About the contact')]),
  ),
});

const nameAndUrl = z.strictObject({ name: absent(text, 'Name'), url: absent(text, 'Address of a page about it') });

const ogcapiMetadata = z.strictObject({
  identification: section(ogcapiIdentification, 'What the service is'),
  contact: section(ogcapiContact, 'Whom to ask'),
  license: section(nameAndUrl, 'Licence of the data'),
  provider: section(nameAndUrl, 'Who offers the service'),
});

const ogcapi = z.strictObject({
  enable_maps: byDefault(flag, true, 'Offer OGC API Maps'),
  enable_tiles: byDefault(flag, true, 'Offer OGC API Tiles'),
  map_srs: absent(z.array(text).min(1), 'Reference systems of maps', "those of each layer's body"),
  image_formats: byDefault(z.array(text).min(1), ['image/png', 'image/jpeg', 'image/webp', 'image/avif', 'image/tiff'], 'Formats of maps, the default first, also by their names in `globals.image.formats`; tiles have those of them that caches know'),
  md: section(ogcapiMetadata, 'Description of the service'),
  attribution: absent(z.strictObject({ text: required(text, 'The text') }), 'Written into maps, and in the descriptions of layers that have none of their own'),
  default_dataset_layers: byDefault(listOfTexts, [], 'Layers of the map of the whole dataset, the lowest first; without them its requests must name `collections`'),
  on_source_errors: onSourceErrors,
  max_output_pixels: byDefault(
    pixels,
    4000 * 4000,
    'Most pixels of one map: a number or [width, height]',
  ),
  concurrent_layer_renderer: inert('layers are always rendered concurrently', 'Layers rendered at a time'),
});

/** `services:`; an absent service is null, i.e. off. */
export const services = z.strictObject({
  hips: service(hips, { description: 'Every layer as a HiPS below /hips/{layer}/' }),
  wms: service(wms, { description: 'WMS 1.1.1 and 1.3.0 at /service' }),
  wmts: service(wmts, { description: 'WMTS 1.0.0 at /service and below /wmts' }),
  tms: service(tms, { description: 'XYZ tiles below /tiles and TMS below /tms' }),
  kml: service(kml, { description: 'KML superoverlays below /kml, of grids in degrees', 'x-approximated': 'grids in metres are left out: Google Earth would put their pictures in the wrong place' }),
  ogcapi: service(ogcapi, { description: 'OGC API Maps and Tiles below /ogcapi' }),
  demo: service(z.strictObject({}), { description: 'A page with Aladin Lite, OpenLayers and Leaflet at /demo/', 'x-approximated': 'the page is always there' }),
});

/** What chooses among the formats of the tiles of a HiPS; a WMS is told by its `req`. */
const ONLY_HIPS = 'counts for sources of `type: hips`';

/** A cache keeps what its sources show. */
const ONLY_SOURCES = 'counts for sources, of all types';

/** What a PIL mode makes of a picture. */
export const pictureMode = z.enum(['RGB', 'RGBA', 'P', 'L', 'I']);
export const MODE = 'RGB = opaque, on white or the background of the map; P = a palette of `colors`; L, I = greys, opaque; RGBA';
/** An option whose value is one. */
export function modeOption<S extends z.ZodType>(schema: S): S {
  return approximated(schema, 'greys of mode I have 8 bits', ['I']);
}
export const colours = z.int().min(0).max(256);
export const COLOURS = 'Most colours of a PNG, which are kept as they are where there are no more; 0 = all';
export const COLOURS_DEFAULT = '256 for mode P or globals.image.paletted, else 0';

/** Options shared by all pictures that a source or a cache asks for. */
export const imageOptions = {
  opacity: absent(z.number().min(0).max(1), 'Opacity from 0 to 1 when several sources are drawn on each other', '1'),
  format: approximated(absent(text, 'Format asked of the upstream, as a media type'), ONLY_HIPS),
  transparent: approximated(absent(flag, 'Whether pictures may have transparent pixels; of a source also: false = tiles of its caches that do not say are opaque, on white', 'true; of a HiPS, when it covers only a part of the sphere'), 'not what a WMS is told by its `req`, which only says what is asked of it'),
  resampling_method: absent(resampling, 'How pixels are resampled', 'globals.image.resampling_method'),
  transparent_color: approximated(absent(colour, "Colour that counts as no data: '#rrggbb' or [r, g, b]"), ONLY_SOURCES),
  transparent_color_tolerance: approximated(byDefault(z.number().min(0).max(255), 5, 'Largest difference per band that still is the transparent colour'), ONLY_SOURCES),
  mode: modeOption(absent(pictureMode, `${MODE}; of a source: of its caches that do not say`)),
  colors: absent(colours, `${COLOURS}; of a source: of its caches that do not say`, COLOURS_DEFAULT),
  encoding_options: inert('pictures of an upstream are not written', 'Options of the encoder'),
  merge_method: inert('sources are always drawn with their alpha', 'How sources are drawn on each other'),
};

/** Options of upstream requests; null = globals.http's. */
/** Upper case, however it is written. */
export const httpMethod = z
  .string()
  .transform((value) => value.toUpperCase())
  .pipe(z.enum(['GET', 'POST', 'AUTO'], { error: 'expected GET, POST or AUTO' }))
  .meta({ 'x-type': '`GET`, `POST` or `AUTO`' });

export const httpOptions = {
  client_timeout: absent(positive, 'Seconds until an upstream request is given up', 'globals.http.client_timeout'),
  tries: absent(countFromOne, 'How often a failing upstream request is made in all', 'globals.http.tries'),
  headers: byDefault(z.record(z.string(), shortText), {}, 'Headers of upstream requests'),
  method: absent(httpMethod, 'How a WMS is asked for maps; AUTO = GET, but POST where `req` has `sld_body`', 'globals.http.method'),
  ssl_ca_certs: absent(text, "File of certificates (PEM) that are trusted, instead of the system's", 'globals.http.ssl_ca_certs'),
  ssl_no_cert_checks: absent(flag, 'Trust every certificate: what comes may come from anybody', 'globals.http.ssl_no_cert_checks'),
  hide_error_details: inert('clients never see details of an upstream error', 'Hide upstream errors'),
  manage_cookies: absent(flag, 'Send cookies of the upstream back to it, as long as the server runs', 'globals.http.manage_cookies'),
};
