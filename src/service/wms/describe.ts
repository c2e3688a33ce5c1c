import type { Bbox } from '../../geometry/crs/axis.ts';
import { degreesOnBody } from '../../geometry/crs/alias.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { MapLayer } from '../../layer/types.ts';
import type { Dimension } from '../../protocol/dimensions.ts';
import { bodyTree, unionOfKnown, type FramedLayer } from '../../protocol/wms/bodyTree.ts';
import type { CrsExtent, WmsDescription, WmsLayerDescription } from '../../protocol/wms/description.ts';
import { geographicBbox } from '../../protocol/wms/geographicBbox.ts';
import { legendUrl } from '../../protocol/wms/legend.ts';
import type { WmsTileSet } from '../../protocol/wms/tileSet.ts';
import { layerExtent } from '../layerExtent.ts';
import type { BoxRule, MapsNode, MapTreeNode } from '../types.ts';
import type { LegendSize } from './legend.ts';
import { commonFrame, layersOfNode } from './tree.ts';

/** The rectangle of a layer in each CRS of its frame; worked out once for all layers of the same rectangle. */
export type ExtentsOf = (layer: MapLayer) => readonly CrsExtent[];

export function createExtents({ crsOf, boxRuleOf }: MapsNode): ExtentsOf {
  const known = new Map<string, readonly CrsExtent[]>();
  return (layer) => {
    const key = JSON.stringify([layer.frame.id, layer.bbox]);
    let extents = known.get(key);
    if (extents === undefined) {
      extents = (crsOf.get(layer.frame.id) ?? []).flatMap((crs) => {
        const bbox = layerExtent(layer, crs);
        return bbox === null ? [] : [{ crs, bbox: toldOf(bbox, boxRuleOf(crs)) }];
      });
      known.set(key, extents);
    }
    return extents;
  };
}

function toldOf(bbox: Bbox, rule: BoxRule): Bbox | null {
  if (rule === 'own') return bbox;
  return rule === 'none' ? null : common(bbox, rule);
}

/** null = they have nothing in common. */
function common(a: Bbox, b: Bbox): Bbox | null {
  const both: Bbox = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  return both[0] < both[2] && both[1] < both[3] ? both : null;
}

/** The rectangle of a layer in degrees of its own body, within what is told of those. */
function geographicOf({ bbox, frame }: MapLayer, { boxRuleOf }: Pick<MapsNode, 'boxRuleOf'>): Bbox {
  return (['EPSG:4326', 'CRS:84'] as const).reduce((box: Bbox, id) => {
    const rule = boxRuleOf(degreesOnBody(frame, id));
    return typeof rule === 'string' ? box : common(box, rule) ?? box;
  }, geographicBbox(bbox));
}

function union(a: Bbox, b: Bbox): Bbox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Of a group: the CRSs that all its layers have, with the rectangle around theirs. */
function commonExtents(all: readonly (readonly CrsExtent[])[]): readonly CrsExtent[] {
  const [first = [], ...others] = all;
  return others.reduce(
    (common, extents) => common.flatMap(({ crs, bbox }) => {
      const other = extents.find((extent) => extent.crs.id === crs.id);
      return other === undefined ? [] : [{ crs, bbox: unionOfKnown(bbox, other.bbox) }];
    }),
    first,
  );
}

/** Of a group: those that all its layers have, with the same values. */
function commonDimensions([first, ...others]: readonly MapLayer[]): readonly Dimension[] {
  const isSame = (a: Dimension, b: Dimension): boolean => a.name === b.name && a.default === b.default && a.values.join() === b.values.join();
  return first === undefined ? [] : first.dimensions.filter((one) => others.every(({ dimensions }) => dimensions.some((other) => isSame(one, other))));
}

/** What it takes to describe layers. */
export interface Describing {
  readonly node: MapsNode;
  /** Public address of the service, ending in '?'. */
  readonly url: string;
  readonly extentsOf: ExtentsOf;
  /** Name of the one style that layers have. */
  readonly style: string;
  readonly legendSizeOf: LegendSizeOf;
}

/** How large the legend of a layer or group is; null = not known, so that none is told. */
export type LegendSizeOf = (name: string) => LegendSize | null;

/** The one style that layers have. */
function stylesOf(layer: string, { url, legendSizeOf, style }: Describing): WmsLayerDescription['styles'] {
  const size = legendSizeOf(layer);
  return [{ name: style, title: 'default', legend: size === null ? null : legendUrl(url, { layer, style, ...size }) }];
}

function describeNode(node: MapTreeNode, describing: Describing): WmsLayerDescription {
  const layers = layersOfNode(node);
  const frame = node.layer?.frame ?? commonFrame(node);
  const name = frame === null ? null : node.name;
  const boxes = layers.map((layer) => geographicOf(layer, describing.node));
  return {
    name,
    title: node.title,
    abstract: node.abstract,
    keywords: node.keywords,
    extents: frame === null ? [] : commonExtents(layers.map(describing.extentsOf)),
    geographicBbox: frame === null ? null : boxes.reduce(union),
    dimensions: name === null ? [] : commonDimensions(layers),
    queryable: name !== null && layers.some(({ queryable }) => queryable),
    opaque: layers.some(({ opaque }) => opaque),
    styles: name === null ? [] : stylesOf(name, describing),
    attribution: node.attribution,
    metadata: node.metadata,
    links: node.links,
    minRes: node.minRes,
    maxRes: node.maxRes,
    layers: node.children.map((child) => describeNode(child, describing)),
  };
}

function frameOf(node: MapTreeNode): Frame {
  return commonFrame(node) ?? layersOfNode(node)[0]!.frame;
}

/** The tree under one root: each body has a parent of its own where there are several. */
function rootOf(describing: Describing): WmsLayerDescription {
  const { roots, service } = describing.node;
  const framed = roots.map((node): FramedLayer => ({ frame: frameOf(node), layer: describeNode(node, describing) }));
  return bodyTree(service.title, framed);
}

/** Everything that the capabilities say. @param tileSets to be listed */
export function describeWms(describing: Describing, tileSets: readonly WmsTileSet[]): WmsDescription {
  const { node, url } = describing;
  return {
    service: node.service,
    ...(node.inspire === null ? {} : { inspire: node.inspire }),
    url,
    maxWidth: node.maxWidth,
    maxHeight: node.maxHeight,
    layerLimit: null,
    formats: node.formats,
    infoFormats: node.infoFormats,
    root: rootOf(describing),
    tileSets,
    axesOf: ({ axes }) => axes,
  };
}
