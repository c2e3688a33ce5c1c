import type { Bbox } from '../geometry/crs/axis.ts';
import type { Crs } from '../geometry/crs/types.ts';
import type { Frame } from '../geometry/frame/frame.ts';
import type { HipsLayer, MapLayer, TileLayer } from '../layer/types.ts';
import { wmsNames, type Dimension } from '../protocol/dimensions.ts';
import { parseProperties } from '../protocol/hips/properties.ts';
import { metresPerUnit } from '../protocol/scale.ts';
import { CAPABILITIES_PATH } from '../protocol/wmts/rest.ts';
import { fillTemplate } from '../protocol/wmts/template.ts';
import { crsUrn } from '../protocol/wmts/setElement.ts';
import { layerExtent } from './layerExtent.ts';
import type { Gateway, MapTreeNode } from './types.ts';

/** A CRS as a map library must be told of it. */
export interface DemoCrs {
  readonly id: string;
  /** As WMTS writes it. */
  readonly urn: string;
  readonly title: string;
  readonly unit: 'degree' | 'metre';
  readonly axes: 'xy' | 'yx';
  readonly extent: Bbox;
  readonly metersPerUnit: number;
  /** True where the plane repeats in x. */
  readonly global: boolean;
}

/** A picture that can be had of a layer: in a CRS (WMS) or cut along a grid (WMTS, XYZ). */
export interface DemoMap {
  /** Identifier of the CRS, or of the grid. */
  readonly id: string;
  readonly crs: string;
  /** The layer's rectangle in that CRS, x/y order. */
  readonly extent: Bbox;
}

/** One of the axes along which there are several pictures. */
export interface DemoDimension {
  readonly name: string;
  /** What a request calls it; in a template of WMTS the variable. */
  readonly parameter: string;
  readonly values: readonly string[];
  readonly default: string;
}

/** A layer and what it can be seen as. Addresses are relative to the server's root. */
export interface DemoLayer {
  readonly name: string;
  readonly title: string;
  /** Name of the body, or of the frame of the sky. */
  readonly frame: string | null;
  readonly hips: { readonly survey: string; readonly kind: string; readonly frame: string; readonly lon: number; readonly lat: number; readonly fov: number | null } | null;
  readonly wms: { readonly url: string; readonly maps: readonly DemoMap[]; readonly queryable: boolean; readonly dimensions: readonly DemoDimension[] } | null;
  /** `info`: template of a feature info of this layer in JSON; null where there is none. `dimensions`: those that its addresses can name. */
  readonly wmts: { readonly capabilities: string; readonly maps: readonly DemoMap[]; readonly info: string | null; readonly dimensions: readonly DemoDimension[] } | null;
  /** `tileJson` of a map: the folder plus its id plus '.json'. */
  readonly xyz: { readonly folder: string; readonly maps: readonly DemoMap[] } | null;
}

/** Everything that the demo page shows. */
export interface DemoContent {
  readonly layers: readonly DemoLayer[];
  readonly crs: readonly DemoCrs[];
}

function hipsOf(layer: HipsLayer | undefined): DemoLayer['hips'] {
  if (layer === undefined) return null;
  const survey = `hips/${encodeURIComponent(layer.name)}/`;
  const { frame, view } = parseProperties(layer.properties(''));
  return { survey, kind: frame?.kind ?? '', frame: frame?.id ?? '', lon: view?.lon ?? 0, lat: view?.lat ?? 0, fov: view?.fov ?? null };
}

/** Named layers of the tree that can be drawn, groups before their members. */
function mapLayers(nodes: readonly MapTreeNode[]): readonly MapLayer[] {
  return nodes.flatMap(({ layer, children }) => [...(layer === null ? [] : [layer]), ...mapLayers(children)]);
}

/** What a layer shows in a CRS, or nothing. */
function mapIn(layer: MapLayer | TileLayer, id: string, crs: Crs): readonly DemoMap[] {
  const extent = layerExtent(layer, crs);
  return extent === null ? [] : [{ id, crs: crs.id, extent }];
}

function wmsOf(layer: MapLayer | undefined, { maps }: Gateway): DemoLayer['wms'] {
  if (layer === undefined || maps === null) return null;
  const offered = maps.crsOf.get(layer.frame.id) ?? [];
  return { url: 'service', maps: offered.flatMap((crs) => mapIn(layer, crs.id, crs)), queryable: layer.queryable, dimensions: layer.dimensions.map((one) => dimensionOf(one, wmsNames(one.name)[0]!)) };
}

function dimensionOf({ name, values, default: fallback }: Dimension, parameter: string): DemoDimension {
  return { name, parameter, values, default: fallback };
}

function setMaps(layer: TileLayer): readonly DemoMap[] {
  return layer.sets.flatMap((set) => mapIn(layer, set.id, set.crs));
}

function wmtsOf(layer: TileLayer | undefined, { tiles }: Gateway): DemoLayer['wmts'] {
  if (layer === undefined || tiles === null || tiles.wmts === null) return null;
  const { restful, templates } = tiles.wmts;
  const capabilities = restful ? `wmts${CAPABILITIES_PATH}` : 'service?SERVICE=WMTS&REQUEST=GetCapabilities';
  const values = { Layer: layer.name, Style: 'default', Format: 'png', InfoFormat: 'json' };
  const info = restful && layer.queryable ? `wmts${fillTemplate(templates.featureInfo, values, layer.dimensions.map(({ name }) => name))}` : null;
  const named = layer.dimensions.filter(({ name }) => !restful || templates.tile.names.some((variable) => variable.toLowerCase() === name.toLowerCase()));
  return { capabilities, maps: setMaps(layer), info, dimensions: named.map((one) => dimensionOf(one, one.name)) };
}

function xyzOf(layer: TileLayer | undefined, { tiles }: Gateway): DemoLayer['xyz'] {
  if (layer === undefined || tiles === null || tiles.tms === null) return null;
  return { folder: `tiles/${encodeURIComponent(layer.name)}/`, maps: setMaps(layer) };
}

function crsOf(crs: Crs, degrees: 'earth' | 'body'): DemoCrs {
  const { id, title, unit, axes, extent } = crs;
  return { id, urn: crsUrn(crs), title, unit, axes, extent, metersPerUnit: metresPerUnit(crs, degrees), global: crs.periodX !== null };
}

/** Every CRS that any layer is offered in, once. */
function everyCrs({ maps, tiles }: Gateway): readonly DemoCrs[] {
  const degrees = tiles?.wmts?.degreeScale ?? 'earth';
  const found = [...(maps?.crsOf.values() ?? [])].flat().concat([...(tiles?.layers.values() ?? [])].flatMap((layer) => layer.sets.map((set) => set.crs)));
  return [...new Map(found.map((crs) => [crs.id, crs])).values()].map((crs) => crsOf(crs, degrees));
}

function frameName(frame: Frame | undefined, hips: DemoLayer['hips']): string | null {
  return frame?.id ?? (hips === null || hips.frame === '' ? null : hips.frame);
}

/** demoContent, worked out once, when it is first asked for. */
export function lazyDemoContent(gateway: Gateway): () => DemoContent {
  let content: DemoContent | null = null;
  return () => (content ??= demoContent(gateway));
}

/** What there is to show of a gateway: every name that any service knows, in the order of the configuration. */
function demoContent(gateway: Gateway): DemoContent {
  const hips = gateway.hips?.layers ?? new Map<string, HipsLayer>();
  const maps = new Map(mapLayers(gateway.maps?.roots ?? []).map((layer) => [layer.name, layer]));
  const tiles = gateway.tiles?.layers ?? new Map<string, TileLayer>();
  const layers = [...new Set([...hips.keys(), ...maps.keys(), ...tiles.keys()])].map((name): DemoLayer => {
    const [asHips, asMap, asTiles] = [hipsOf(hips.get(name)), maps.get(name), tiles.get(name)];
    return {
      name,
      title: asMap?.title ?? asTiles?.title ?? hips.get(name)?.title ?? name,
      frame: frameName(asMap?.frame ?? asTiles?.frame, asHips),
      hips: asHips,
      wms: wmsOf(asMap, gateway),
      wmts: wmtsOf(asTiles, gateway),
      xyz: xyzOf(asTiles, gateway),
    };
  });
  return { layers, crs: everyCrs(gateway) };
}
