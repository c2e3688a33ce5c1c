import { z } from 'zod';
import { dimensions } from './dimensions.ts';
import { absent, byDefault, inert } from './field.ts';
import { propertyValue } from './services.ts';
import { legendAddress } from './sourceCommon.ts';
import { scaleHints, sourceNames } from './sources.ts';
import { cacheControl, flag, hipsOrder, keywordList, origins, shortText, text, tileFormats, tileWidth } from './values.ts';

/** `md.hips`: what is named here is understood; every other key becomes a line of the properties file as it is. */
export const hipsMetadata = z
  .object({
    enabled: byDefault(flag, true, 'Serve this layer as HiPS'),
    passthrough: byDefault(flag, true, 'When the only source is a HiPS of the same frame and tile width, hand on its tiles as they are'),
    passthrough_properties: byDefault(flag, true, "When the only source is a HiPS, hand on what its properties say of the data, with this layer's added"),
    hips_order: absent(hipsOrder, 'Deepest order, 0 to 24', "from the source's resolution"),
    hips_tile_width: absent(tileWidth, 'Tile width in pixels: a power of two from 32 to 4096', 'services.hips.hips_tile_width'),
    hips_tile_format: absent(tileFormats, "Formats, the suggested one first: 'png jpeg webp'", 'services.hips.formats'),
    hips_frame: absent(text, "'equatorial', 'galactic', 'ecliptic', or the body", "from the source's reference system"),
    hips_body: absent(text, "Body in lower case: 'moon', 'mars', ...", "from the source's reference system"),
    tile_cache: absent(text, 'Name of a cache in whose store the tiles are kept', 'services.hips.tile_cache'),
    creator_did: absent(text, "IVOA identifier 'ivo://...', unique among all layers", 'ivo://{services.hips.authority}/P/{layer}'),
    obs_title: absent(propertyValue, 'Title', "the layer's title"),
    obs_description: absent(propertyValue, 'Description', "the layer's abstract"),
    obs_copyright: absent(propertyValue, 'Whom the data belong to'),
    obs_copyright_url: absent(propertyValue, 'Address of a page about it'),
    hips_release_date: absent(propertyValue, "'YYYY-mm-ddTHH:MMZ'; clients keep tiles until it changes", 'when the configuration or the data last changed'),
    hips_status: absent(propertyValue, 'Who may use and copy it', 'public master unclonable'),
    hips_order_min: inert('every order from 0 is served', 'Coarsest order'),
  })
  .catchall(propertyValue.meta({ description: 'Any other key becomes a line of the properties file' }));

const link = z.strictObject({
  url: text.meta({ description: 'Address' }),
  format: absent(text, 'Media type'),
  type: absent(text, 'Kind of metadata document'),
});

const attribution = z.strictObject({
  title: absent(text, 'Who is credited'),
  url: absent(text, 'Address of a page about them'),
  logo: absent(
    z.strictObject({
      url: text.meta({ description: 'Address' }),
      width: absent(z.int(), 'Width in pixels'),
      height: absent(z.int(), 'Height in pixels'),
      format: absent(text, 'Media type'),
    }),
    'Logo',
  ),
});

const identifier = z.strictObject({
  url: absent(text, 'Address of the authority'),
  name: absent(text, 'Name of the authority'),
  value: absent(shortText, 'The identifier'),
});

const layerMetadata = z.strictObject({
  abstract: absent(text, 'What the layer shows'),
  keyword_list: byDefault(keywordList, [], 'Keywords'),
  attribution: absent(attribution, 'Who is credited'),
  identifier: byDefault(z.array(identifier), [], 'Identifiers'),
  metadata: byDefault(z.array(link), [], 'Metadata documents'),
  data: byDefault(z.array(link), [], 'Data'),
  feature_list: byDefault(z.array(link), [], 'Feature lists'),
  hips: absent(hipsMetadata, 'How the layer is served as HiPS', 'with every default'),
});

const layerOptions = z.strictObject({
  name: absent(shortText, 'Name in requests', 'a group that cannot be asked for'),
  title: absent(shortText, 'Title for people', 'its name'),
  sources: byDefault(sourceNames, [], 'Sources or caches, drawn in this order: name or `name:layer1,layer2`'),
  tile_sources: absent(sourceNames, 'Caches that are offered as tiles', 'the cache, when `sources` is exactly one'),
  md: absent(layerMetadata, 'Description of the layer'),
  cors: absent(origins, "Origins whose web pages may read what is shown of the layer: '*', or a list; an empty one = none", "that of the group, else globals.http.access_control_allow_origin"),
  cache_control: absent(
    cacheControl,
    "Header Cache-Control of its pictures: 'no-store', 'private, max-age=600', ...; its documents are kept no longer",
    "that of the group, else 'public, max-age=' with globals.tiles.expires_hours",
  ),
  ...scaleHints,
  legendurl: absent(legendAddress, 'Address of a legend picture: http(s)://..., or file:// with a path from the configuration file', 'those of its sources, else a small picture of the layer'),
  wmts_kvp_legendurl: absent(text, 'Address of the legend in the capabilities of WMTS by parameters; {base_url} and {layer_name} are filled in', 'the legend of WMS, where there is a `legendurl`'),
  wmts_rest_legendurl: absent(text, 'The same in those of RESTful WMTS', 'the legend of WMS, where there is a `legendurl`'),
  dimensions,
  nominal_res: inert('not written', 'Resolution for OGC API'),
  nominal_scale: inert('not written', 'Scale for OGC API'),
});

export type ParsedLayer = z.output<typeof layerOptions> & { layers: ParsedLayer[] };
type LayerInput = z.input<typeof layerOptions> & { layers?: LayerInput[] | undefined };

/** One member of `layers:`; a group has `layers` and may have no name. */
export const layer: z.ZodType<ParsedLayer, LayerInput> = layerOptions
  .extend({ layers: byDefault(z.array(z.lazy((): z.ZodType<ParsedLayer, LayerInput> => layer)), [], 'Layers inside this one') })
  .meta({ id: 'layer' });

export const layers = z.array(layer).min(1, { error: 'no layer: nothing to serve' }).meta({ description: 'What is served, in the order of the capabilities' });
