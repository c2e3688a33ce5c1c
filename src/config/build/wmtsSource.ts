import type { Frame } from '../../geometry/frame/frame.ts';
import type { HttpClient } from '../../io/net/http.ts';
import { chooseWmts, wmtsAddress, wmtsCapabilitiesUrl, type WmtsChoice } from '../../io/source/wmts.ts';
import { readWmtsCapabilities } from '../../protocol/wmts/readCapabilities.ts';
import { readMatrixSet, type MatrixSetReading } from '../../protocol/wmts/readMatrixSet.ts';
import type { WmtsSourceConfig } from '../types.ts';
import { meantCrs, rankOf, type OverriddenConfig } from './chosenCrs.ts';
import type { BuildContext } from './context.ts';
import { described, type Documents } from './documents.ts';
import type { BuiltSource } from './sources.ts';
import { tilesSource, type TilePlan } from './tileSources.ts';
import { clientFor } from './upstream.ts';

/** `type: wmts`. @throws ConfigError */
export async function buildWmts(config: WmtsSourceConfig, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const http = clientFor(config, context);
  const { layer, tile_matrix_set: tileMatrixSet, style, request_format: format, dimensions, encoding, srs_override } = config;
  const wish = { layer, tileMatrixSet, style, format, dimensions, encoding };
  const url = wmtsCapabilitiesUrl(config.url);
  const find = async (documents: Documents): Promise<WmtsChoice> => {
    const capabilities = await documents.read(url, 'application/xml, text/xml', readWmtsCapabilities);
    return chooseWmts(capabilities, wish, url, srs_override === null ? (crs) => rankOf(crs, context) : () => 0);
  };
  const choice = await described(config, { http, option: 'url', wish: [url, wish, srs_override] }, find, context);
  return setSource(config, choice, { axisOrder: config.axis_order, degreeScale: config.degree_scale }, { http, frame, option: 'tile_matrix_set' }, context);
}

/** Tiles of a set as a document describes it. */
export function setSource(
  config: OverriddenConfig,
  { set, limits, template }: WmtsChoice,
  reading: MatrixSetReading,
  { http, frame, option }: { readonly http: HttpClient; readonly frame: Frame | null; readonly option: string },
  context: BuildContext,
): BuiltSource {
  const crs = meantCrs(config, set.crs, option, frame, context);
  const plan: TilePlan = {
    set: readMatrixSet(set, crs, reading),
    limits: limits === null ? null : new Map(limits),
    addressOf: (tiling) => (tile) => wmtsAddress(template, tiling.addressOf(tile)),
    parts: [template],
    hasResolution: true,
  };
  return tilesSource(config, plan, http, context);
}
