import type { Frame } from '../../geometry/frame/frame.ts';
import type { HttpClient } from '../../io/net/http.ts';
import { arcgisExportUrl, arcgisInfoUrl, arcgisMatrixSet, arcgisTileUrl, readArcgisTiles } from '../../io/source/arcgis.ts';
import type { NamedCrs, Windows } from '../../io/source/mapServer.ts';
import { tileBytes } from '../../io/source/tile.ts';
import type { PatchBytes } from '../../io/source/types.ts';
import type { ArcgisSourceConfig } from '../types.ts';
import { chooseCrs, meantCrs } from './chosenCrs.ts';
import type { BuildContext } from './context.ts';
import { described } from './documents.ts';
import { mapServerOf } from './mapServer.ts';
import { arcgisInfoOf } from './sourceInfo.ts';
import { coverageOfSource } from './sourceCrs.ts';
import type { BuiltSource } from './sources.ts';
import { tilesSource, type TilePlan } from './tileSources.ts';
import { clientFor, windowsOf, windowsSource } from './upstream.ts';

/** `type: arcgis`. @throws ConfigError */
export async function buildArcgis(config: ArcgisSourceConfig, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const http = clientFor(config, context);
  return config.tiles ? arcgisTiles(config, http, frame, context) : arcgisWindows(config, http, frame, context);
}

async function arcgisTiles(config: ArcgisSourceConfig, http: HttpClient, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const url = arcgisInfoUrl(config.url);
  const tiles = await described(config, { http, option: 'req', wish: [url] }, (documents) => documents.read(url, 'application/json', readArcgisTiles), context);
  const set = arcgisMatrixSet(tiles, meantCrs(config, tiles.srs, 'req', frame, context));
  const plan: TilePlan = {
    set,
    limits: null,
    addressOf: (tiling) => (tile) => arcgisTileUrl(config.url, tiling.addressOf(tile)),
    parts: [url],
    hasResolution: true,
  };
  const askInfo = arcgisInfoOf(config, { http, maps: null, own: { name: tiles.srs, crs: set.crs } }, context);
  return { ...tilesSource(config, plan, http, context), ...(askInfo === null ? {} : { askInfo }) };
}

function arcgisWindows(config: ArcgisSourceConfig, http: HttpClient, frame: Frame | null, context: BuildContext): BuiltSource {
  const { url, layers, transparent, dpi, params } = config;
  const { name: srs, crs } = chooseCrs(config, config.supported_srs.length > 0 ? config.supported_srs : ['EPSG:4326'], frame, context);
  const format = config.format ?? (transparent ? 'png32' : 'png');
  const tiling = windowsOf(crs, coverageOfSource(config, crs, context) ?? crs.extent);
  const request = { url, format, transparent, layers, dpi, extra: params };
  const bytesOf = ({ name }: NamedCrs, windows: Windows): PatchBytes => tileBytes({
    http,
    addressOf: (patch) => arcgisExportUrl({ ...request, srs: name }, windows.bboxOf(patch), patch.grid.width, patch.grid.height),
    notThere: NEVER,
  });
  const maps = mapServerOf(config, { names: config.supported_srs, override: config.srs_override, bytesOf, parts: [request] }, frame, context);
  const askInfo = arcgisInfoOf(config, { http, maps, own: { name: srs, crs } }, context);
  return { ...windowsSource(config, { http, tiling, bytes: bytesOf({ name: srs, crs }, tiling), parts: [{ ...request, srs }] }, context), maps, ...(askInfo === null ? {} : { askInfo }) };
}

/** A service that draws maps has everything: a status is an error. */
const NEVER: ReadonlySet<number> = new Set();
