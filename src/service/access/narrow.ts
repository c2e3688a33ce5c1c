import type { HipsLayer, MapLayer, TileLayer } from '../../layer/types.ts';
import type { Values } from '../../protocol/dimensions.ts';
import type { Delivery, Gateway, HipsNode, MapsNode, MapTreeNode, OgcApiNode, TilesNode } from '../types.ts';
import { limitedDraw, limitedHips, limitedInfo, limitedTiles } from './limit.ts';
import { refusalError, type Refusal } from './refusal.ts';
import type { Permission, Pictures, Verdict } from './types.ts';

const NOTHING: Permission = { map: false, featureinfo: false, tile: false, limit: null };
const ALL: Permission = { map: true, featureinfo: true, tile: true, limit: null };

interface Limits {
  readonly pictures: Pictures;
  readonly isAnonymous: boolean;
  permissionOf(layer: string): Permission;
}

function limitsOf(verdict: Verdict, pictures: Pictures): Limits {
  const isAnonymous = verdict.kind === 'unauthenticated' || (verdict.kind === 'partial' && verdict.isAnonymous);
  switch (verdict.kind) {
    case 'full':
      return { pictures, isAnonymous, permissionOf: () => ALL };
    case 'partial':
      return { pictures, isAnonymous, permissionOf: (layer) => verdict.layers.get(layer) ?? NOTHING };
    default:
      return { pictures, isAnonymous, permissionOf: () => NOTHING };
  }
}

/** Of those names that exist, the others; a name that nobody knows is left to the service. */
function refusalOf(known: ReadonlySet<string>, left: ReadonlySet<string>, { isAnonymous }: Limits): Refusal {
  return (layer) => (known.has(layer) && !left.has(layer) ? refusalError(layer, isAnonymous) : null);
}

function permitted<L>(layers: ReadonlyMap<string, L>, { permissionOf }: Limits): ReadonlyMap<string, L> {
  return new Map([...layers].filter(([name]) => permissionOf(name).tile));
}

/** The header for an answer that is for one client only: no proxy may keep it. */
function privately({ origins, cacheControl }: Delivery): Delivery {
  return { origins, cacheControl: privateCacheControl(cacheControl) };
}

/** Cache-Control of an answer that depends on who asks. */
export function privateCacheControl(cacheControl: string): string {
  const kept = cacheControl.split(',').map((part) => part.trim()).filter((part) => part !== '' && !/^(?:public|private$|s-maxage)/i.test(part));
  return kept.some((part) => /^no-store$/i.test(part)) ? kept.join(', ') : ['private', ...kept].join(', ');
}

function narrowHipsLayer(layer: HipsLayer, { permissionOf, pictures }: Limits): HipsLayer {
  const { limit } = permissionOf(layer.name);
  return limit === null ? layer : limitedHips(layer, limit, pictures);
}

function narrowTileLayer(layer: TileLayer, { permissionOf, pictures }: Limits): TileLayer {
  const { limit, featureinfo } = permissionOf(layer.name);
  const limited = limit === null ? layer : limitedTiles(layer, limit, pictures);
  return featureinfo ? limited : unqueryable(limited);
}

/** A layer that cannot be asked, whatever the values. */
function unqueryable<L extends { readonly queryable: boolean; at(values: Values): L }>(layer: L): L {
  return { ...layer, queryable: false, at: (values) => unqueryable(layer.at(values)) };
}

function narrowHips(node: HipsNode, limits: Limits): HipsNode {
  const layers = new Map([...permitted(node.layers, limits)].map(([name, layer]): [string, HipsLayer] => [name, narrowHipsLayer(layer, limits)]));
  return { ...node, layers, refusal: refusalOf(new Set(node.layers.keys()), new Set(layers.keys()), limits), deliveryOf: (layer) => privately(node.deliveryOf(layer)) };
}

function narrowTiles(node: TilesNode, limits: Limits): TilesNode {
  const layers = new Map([...permitted(node.layers, limits)].map(([name, layer]): [string, TileLayer] => [name, narrowTileLayer(layer, limits)]));
  return { ...node, layers, refusal: refusalOf(new Set(node.layers.keys()), new Set(layers.keys()), limits), deliveryOf: (layer) => privately(node.deliveryOf(layer)) };
}

function narrowLayer(layer: MapLayer | null, { permissionOf }: Limits): MapLayer | null {
  if (layer === null) return null;
  const { map, featureinfo, limit } = permissionOf(layer.name);
  if (!map) return null;
  const limited = limit === null ? layer : { ...limitedInfo(layer, limit), opaque: false };
  return featureinfo ? limited : unqueryable(limited);
}

/** A group stays while anything in it may be seen, and shows that; a group with a picture of its own that is forbidden loses its name too. */
function narrowTree(nodes: readonly MapTreeNode[], limits: Limits): readonly MapTreeNode[] {
  return nodes.flatMap((node) => {
    const layer = narrowLayer(node.layer, limits);
    const children = narrowTree(node.children, limits);
    if (layer === null && children.length === 0) return [];
    return [{ ...node, layer, children, name: layer === null && node.layer !== null ? null : node.name }];
  });
}

function namesOf(nodes: readonly MapTreeNode[]): readonly string[] {
  return nodes.flatMap(({ name, children }) => [...(name === null ? [] : [name]), ...namesOf(children)]);
}

function narrowMaps(node: MapsNode, limits: Limits): MapsNode {
  const roots = narrowTree(node.roots, limits);
  const draw = limitedDraw(node, (layer) => limits.permissionOf(layer).limit, limits.pictures);
  return { ...node, roots, draw, refusal: refusalOf(new Set(namesOf(node.roots)), new Set(namesOf(roots)), limits), deliveryOf: (layer) => privately(node.deliveryOf(layer)) };
}

function narrowOgcApi(node: OgcApiNode, limits: Limits): OgcApiNode {
  const maps = narrowMaps(node.maps, limits);
  const left = new Set(namesOf(maps.roots));
  return { ...node, maps, tiles: node.tiles === null ? null : narrowTiles(node.tiles, limits), dataset: node.dataset.filter((name) => left.has(name)) };
}

/**
 * The gateway as one verdict shows it: what may not be seen is not in it, so that no service can tell of it. Naming such a layer is
 * refused, all else is as if it did not exist.
 */
export function narrowGateway(gateway: Gateway, verdict: Verdict, pictures: Pictures): Gateway {
  const limits = limitsOf(verdict, pictures);
  return {
    ...gateway,
    hips: gateway.hips === null ? null : narrowHips(gateway.hips, limits),
    maps: gateway.maps === null ? null : narrowMaps(gateway.maps, limits),
    tiles: gateway.tiles === null ? null : narrowTiles(gateway.tiles, limits),
    ogcapi: gateway.ogcapi === null ? null : narrowOgcApi(gateway.ogcapi, limits),
  };
}
