import { z } from 'zod';
import { absent, approximated, byDefault, inert, named, required, section } from './field.ts';
import { common, remote, requestFlag, requestValue, sourceResampling, srsOverride, webAddress } from './sourceCommon.ts';
import { origin } from './grids.ts';
import { colour, flag, listOfTexts, shortText, text } from './values.ts';

/** What every source on the web has that is drawn from a grid or windows. */
const drawn = { srs_override: srsOverride, resampling_method: sourceResampling, ...remote };

const grid = (fallback: string) => byDefault(text, fallback, 'Grid that the tiles lie in: one of `grids`, or a predefined one');

/** `type: tile`: MapProxy's. */
export const tileSource = z.strictObject({
  type: z.literal('tile').meta({ description: 'Tiles with an address each' }),
  url: required(
    webAddress,
    'Address of a tile with %(x)s, %(y)s, %(z)s, %(format)s, %(quadkey)s, %(tc_path)s, %(tms_path)s, %(arcgiscache_path)s, %(bbox)s',
  ),
  grid: grid('GLOBAL_MERCATOR'),
  request_format: byDefault(text, 'image/png', 'Format of the tiles: what %(format)s stands for'),
  transparent: approximated(byDefault(flag, false, 'Whether tiles may have transparent pixels'), 'they may', [false]),
  origin: inert('rows are counted as the grid counts them: give a grid with `origin: nw`', 'Corner that rows are counted from'),
  ...drawn,
});

/** `type: xyz`. */
export const xyzSource = z.strictObject({
  type: z.literal('xyz').meta({ description: 'XYZ tiles, rows counted from the top' }),
  url: required(webAddress, 'Address of a tile with {z}, {x}, {y}; also {-y} (counted from below), {q} (quadkey) and {s} (one of `subdomains`)'),
  grid: grid('GLOBAL_WEBMERCATOR'),
  subdomains: byDefault(listOfTexts, ['a', 'b', 'c'], 'What {s} stands for, in turn'),
  ...drawn,
});

/** `type: tms`. */
export const tmsSource = z.strictObject({
  type: z.literal('tms').meta({ description: 'TMS tiles, rows counted from below' }),
  url: required(webAddress, 'Address of the map: tiles are at {url}/{z}/{x}/{y}.{extension}'),
  grid: grid('GLOBAL_MERCATOR'),
  request_format: byDefault(text, 'image/png', 'Format of the tiles: the extension of their addresses'),
  ...drawn,
});

/** `type: mbtiles`. */
export const mbtilesSource = z.strictObject({
  type: z.literal('mbtiles').meta({ description: 'The tiles of an MBTiles file, read only' }),
  filename: required(text.min(1), 'Path from the configuration file'),
  grid: grid('GLOBAL_WEBMERCATOR'),
  origin: absent(origin, "Corner that the file counts its rows from: 'sw' or 'nw'", "as its metadata say: 'nw' for scheme xyz, else 'sw'"),
  srs_override: srsOverride,
  resampling_method: sourceResampling,
  ...common,
});

/** `type: geopackage`. */
export const geopackageSource = z.strictObject({
  type: z.literal('geopackage').meta({ description: 'The tiles of a GeoPackage, read only' }),
  filename: required(text.min(1), 'Path from the configuration file'),
  table_name: absent(text, 'Table of the tiles', 'the only one'),
  origin: absent(origin, "Corner that the file counts its rows from: 'sw' or 'nw'", "'nw'; 'sw' in files of MapProxy"),
  srs_override: srsOverride,
  resampling_method: sourceResampling,
  ...common,
});

/** `type: wmts`. */
export const wmtsSource = z.strictObject({
  type: z.literal('wmts').meta({ description: 'A layer of a WMTS, found by its capabilities' }),
  url: required(webAddress, 'Address of the capabilities, or of the service'),
  layer: required(text, 'Identifier of the layer'),
  tile_matrix_set: absent(shortText, 'Identifier of the tile matrix set', 'one in degrees or simple cylindrical if there is one, else the first'),
  style: absent(shortText, 'Identifier of the style', "the layer's default"),
  request_format: absent(text, 'Media type of the tiles', 'image/png, image/webp or image/jpeg, as the layer has it'),
  dimensions: named(requestValue, 'Values of dimensions (Time, ...); others have the default of the layer'),
  encoding: absent(z.enum(['rest', 'kvp']), 'How tiles are asked for', 'rest where the layer has addresses of tiles'),
  axis_order: absent(z.enum(['xy', 'yx']), 'Order of the numbers of TopLeftCorner', 'what fits: servers differ'),
  degree_scale: absent(z.enum(['earth', 'body']), 'What a degree measures in scale denominators', 'what fits: servers differ'),
  ...drawn,
});

const arcgisRequest = z
  .object({
    url: required(webAddress, 'Address of the MapServer or ImageServer, with or without /export or /exportImage'),
    layers: absent(shortText, "Layers to draw: 'show:0,1', 'hide:2', 'include:3', 'exclude:4'"),
    transparent: absent(requestFlag, 'Ask for a transparent background', 'false'),
    format: absent(text, 'Format to ask for', 'png32 with a transparent background, else png'),
    dpi: absent(shortText, 'Resolution that symbols are drawn for', '96'),
  })
  .catchall(requestValue.meta({ description: 'Any other parameter (time, renderingRule, ...) is passed on' }));

const arcgisOptions = z.strictObject({
  featureinfo: byDefault(flag, false, 'Ask it what is under a pixel (identify), and pass on what it says'),
  featureinfo_tolerance: byDefault(z.number().min(0), 5, 'Pixels around the place in which something is found'),
  featureinfo_return_geometries: byDefault(flag, false, 'Ask for the geometries of what is found'),
});

/** `type: arcgis`. */
export const arcgisSource = z.strictObject({
  type: z.literal('arcgis').meta({ description: 'An ArcGIS MapServer or ImageServer' }),
  req: required(arcgisRequest, 'Parameters of the requests; what is not listed here is passed on to the upstream'),
  opts: section(arcgisOptions, 'What the upstream can do'),
  tiles: byDefault(flag, false, 'Read the tiles of its cache (/tile/{z}/{y}/{x}) in place of asking for maps'),
  supported_srs: byDefault(listOfTexts, [], 'Reference systems that the upstream knows; empty = EPSG:4326'),
  ...drawn,
});

const ogcapi = {
  landingpage_url: required(webAddress, 'Address of the landing page'),
  collection: absent(shortText, 'Identifier of the collection', 'the whole dataset'),
};

/** `type: ogcapimaps`. */
export const ogcapimapsSource = z.strictObject({
  type: z.literal('ogcapimaps').meta({ description: 'OGC API Maps' }),
  ...ogcapi,
  supported_srs: byDefault(listOfTexts, [], 'Reference systems that the upstream knows; empty = those it names'),
  transparent: absent(flag, 'Ask for a transparent background', "the upstream's own"),
  bgcolor: absent(colour, "Background to ask for: '#rrggbb' or [r, g, b]", "the upstream's own"),
  ...drawn,
});

/** `type: ogcapitiles`. */
export const ogcapitilesSource = z.strictObject({
  type: z.literal('ogcapitiles').meta({ description: 'OGC API Tiles: map tiles' }),
  ...ogcapi,
  tile_matrix_set_id: absent(shortText, 'Identifier of the tile matrix set', 'one in degrees or simple cylindrical if there is one, else the first'),
  request_format: absent(text, 'Media type of the tiles', 'image/png, image/webp or image/jpeg, as the upstream has it'),
  ...drawn,
});

/** `type: debug`: draws the addresses and edges of tiles. */
export const debugSource = z.strictObject({
  type: z.literal('debug').meta({ description: 'Draws the outline and address of each tile' }),
  grid: grid('WorldCRS84Quad'),
  ...common,
});
