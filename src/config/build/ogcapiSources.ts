import { GatewayError } from '../../errors.ts';
import { crsOnFrame } from '../../geometry/crs/alias.ts';
import { swapBbox, swapPoint } from '../../geometry/crs/axis.ts';
import { formatCrsAddress, parseCrsCode } from '../../geometry/crs/code.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { standardSet } from '../../geometry/pyramid/standardSets.ts';
import type { HttpClient } from '../../io/net/http.ts';
import { withParameters } from '../../io/source/address.ts';
import {
  collectionUrl, crsListOf, JSON_TYPES, linkTo, linksOf, PICTURE_TYPES, readJson, readTileMatrixSet, tilesetLimits, tilesetsOf, tileTemplateOf, type OgcTileset,
} from '../../io/source/ogcapi.ts';
import type { NamedCrs, Windows } from '../../io/source/mapServer.ts';
import { tileBytes } from '../../io/source/tile.ts';
import type { PatchBytes } from '../../io/source/types.ts';
import type { WmtsChoice } from '../../io/source/wmts.ts';
import { plainDecimal } from '../../protocol/wms/getMapRequest.ts';
import type { OgcapimapsSourceConfig, OgcapitilesSourceConfig } from '../types.ts';
import { chooseCrs, rankOf } from './chosenCrs.ts';
import type { BuildContext } from './context.ts';
import { described, type Documents } from './documents.ts';
import { mapServerOf } from './mapServer.ts';
import { coverageOfSource } from './sourceCrs.ts';
import type { BuiltSource } from './sources.ts';
import { clientFor, windowsOf, windowsSource } from './upstream.ts';
import { setSource } from './wmtsSource.ts';

const ANY_JSON = 'application/json';
/** OGC API Maps may say that there is nothing (20-058, 204). */
const NO_CONTENT: ReadonlySet<number> = new Set([204]);

/** `type: ogcapimaps`. @throws ConfigError */
export async function buildOgcapimaps(config: OgcapimapsSourceConfig, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const http = clientFor(config, context);
  const url = collectionUrl(config.landingpage_url, config.collection);
  const find = (documents: Documents) =>
    documents.read(url, ANY_JSON, (text) => {
      const json = readJson(text);
      const map = linkTo(linksOf(json, url), 'map', PICTURE_TYPES);
      if (map === null) throw new GatewayError('UPSTREAM_FAILED', `${url} has no link to maps in a format that can be read`);
      return { map, crs: crsListOf(json) };
    });
  const { map, crs: known } = await described(config, { http, option: config.collection === null ? 'landingpage_url' : 'collection', wish: [url] }, find, context);
  const names = config.supported_srs.length > 0 ? config.supported_srs : known.length > 0 ? known : ['CRS:84'];
  const own = chooseCrs(config, names, frame, context);
  const bytesOf = mapsIn(config, map, http, context);
  const tiling = windowsOf(own.crs, coverageOfSource(config, own.crs, context) ?? own.crs.extent);
  const maps = mapServerOf(config, { names, override: config.srs_override, bytesOf, parts: [map, config.transparent, config.bgcolor] }, frame, context);
  return { ...windowsSource(config, { http, tiling, bytes: bytesOf(own, tiling), parts: [map, own.name, config.transparent, config.bgcolor] }, context), maps };
}

/** Maps of a collection, in any of its reference systems. */
function mapsIn(config: OgcapimapsSourceConfig, map: string, http: HttpClient, context: BuildContext): (srs: NamedCrs, windows: Windows) => PatchBytes {
  const { transparent, bgcolor } = config;
  return ({ name, crs }, windows) => {
    const address = /^https?:/i.test(name) ? name : formatCrsAddress(parseCrsCode(name));
    const axes = axesOf(name, crs, context);
    const fixed = {
      crs: address,
      'bbox-crs': address,
      ...(transparent === null ? {} : { transparent: String(transparent) }),
      ...(bgcolor === null ? {} : { bgcolor: `0x${bgcolor.toString(16).toUpperCase().padStart(6, '0')}` }),
    };
    return tileBytes({
      http,
      addressOf: (patch) => withParameters(map, {
        ...fixed,
        bbox: swapBbox({ axes }, windows.bboxOf(patch)).map(plainDecimal).join(','),
        width: patch.grid.width,
        height: patch.grid.height,
      }),
      notThere: NO_CONTENT,
    });
  };
}

/** The order of a CRS's axes by the name that is asked with, whatever it means. */
function axesOf(name: string, meant: Crs, { registry }: BuildContext): 'xy' | 'yx' {
  try {
    const named = registry.crsOf(name);
    return (crsOnFrame(named, meant.frame) ?? named).axes;
  } catch {
    return meant.axes;
  }
}

/** `type: ogcapitiles`. @throws ConfigError */
export async function buildOgcapitiles(config: OgcapitilesSourceConfig, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const http = clientFor(config, context);
  const { tile_matrix_set_id: wanted, request_format, srs_override } = config;
  const url = collectionUrl(config.landingpage_url, config.collection);
  const option = config.collection === null ? 'landingpage_url' : 'collection';
  const find = (documents: Documents) => findTiles(documents, url, config, context);
  const choice = await described(config, { http, option, wish: [url, wanted, request_format, srs_override] }, find, context);
  return setSource(config, choice, { axisOrder: null, degreeScale: null }, { http, frame, option: 'tile_matrix_set_id' }, context);
}

async function findTiles(documents: Documents, url: string, config: OgcapitilesSourceConfig, context: BuildContext): Promise<WmtsChoice> {
  const json = (from: string) => documents.read(from, ANY_JSON, readJson);
  const listUrl = required(linkTo(linksOf(await json(url), url), 'tilesets-map', JSON_TYPES), `${url} has no link to map tile sets`);
  const tileset = chooseTileset(tilesetsOf(await json(listUrl), listUrl), config, context);
  const tilesetUrl = required(tileset.url, `the tile set '${tileset.setId}' of ${listUrl} has no link to its description`);
  const details = await json(tilesetUrl);
  const types = config.request_format === null ? PICTURE_TYPES : [config.request_format];
  const template = linkTo(linksOf(details, tilesetUrl), 'item', types);
  if (template === null) throw new GatewayError('CONFIG_INVALID', `${tilesetUrl} has no tiles in ${types.join(', ')}`, { locator: 'request_format' });
  const set = tileset.setUrl === null ? wellKnownSet(tileset, context) : readTileMatrixSet(await json(tileset.setUrl));
  return { set: { ...set, crs: set.crs === '' ? tileset.crs : set.crs }, limits: tilesetLimits(details), template: tileTemplateOf(template) };
}

function required(found: string | null, message: string): string {
  if (found === null) throw new GatewayError('UPSTREAM_FAILED', message);
  return found;
}

function chooseTileset(all: readonly OgcTileset[], { tile_matrix_set_id: wanted, srs_override }: OgcapitilesSourceConfig, context: BuildContext): OgcTileset {
  const there = all.map(({ setId, crs }) => `${setId} (${crs})`).join(', ') || 'none';
  if (wanted !== null) {
    const found = all.find(({ setId }) => setId === wanted);
    if (found !== undefined) return found;
    throw new GatewayError('CONFIG_INVALID', `there is no map tile set '${wanted}'; there are: ${there}`, { locator: 'tile_matrix_set_id' });
  }
  const rank = (crs: string): number => (srs_override === null ? rankOf(crs, context) : 0);
  const [best] = all.filter(({ crs }) => rank(crs) >= 0).sort((a, b) => rank(b.crs) - rank(a.crs));
  if (best !== undefined) return best;
  throw new GatewayError('CONFIG_INVALID', `no map tile set has a known reference system; there are: ${there}`, { locator: 'tile_matrix_set_id' });
}

/** A set that is only named, as plain data. */
function wellKnownSet({ setId }: OgcTileset, { registry }: BuildContext): WmtsChoice['set'] {
  const set = standardSet(setId, registry.crsOf);
  if (set === null) throw new GatewayError('CONFIG_INVALID', `the tile matrix set '${setId}' is not described`, { locator: 'tile_matrix_set_id' });
  const matrices = set.tileMatrices.map(({ pointOfOrigin, cornerOfOrigin, ...matrix }) => ({
    ...matrix, scaleDenominator: Number.NaN, corner: swapPoint(set.crs, pointOfOrigin), fromBelow: cornerOfOrigin === 'bottomLeft',
  }));
  return { id: setId, crs: set.crs.id, matrices };
}
