import type { Frame } from '../../geometry/frame/frame.ts';
import type { LegendPart, MapLayer } from '../../layer/types.ts';
import { INSPIRE_STYLE } from '../../protocol/wms/inspire.ts';
import type { WmsOffer } from '../../protocol/wms/types.ts';
import { refuse } from '../access/refusal.ts';
import type { MapsNode, MapTreeNode } from '../types.ts';

/** Something that may be asked for by name: a layer, or a group of layers of one frame. */
export interface NamedMap {
  readonly name: string;
  readonly frame: Frame;
  /** What is drawn, bottom first; not empty. */
  readonly members: readonly RangedLayer[];
  /** The lowest first; [] = there are none. */
  readonly legends: readonly LegendPart[];
}

/** A layer and the resolutions at which it is drawn. */
export interface RangedLayer extends Pick<MapTreeNode, 'minRes' | 'maxRes'> {
  readonly layer: MapLayer;
}

/** Whether a layer is drawn at a resolution in metres per pixel. */
export function isDrawnAt(res: number, { minRes, maxRes }: RangedLayer): boolean {
  return (minRes === null || res <= minRes) && (maxRes === null || res >= maxRes);
}

function membersOfNode({ layer, minRes, maxRes, children }: MapTreeNode): readonly RangedLayer[] {
  return layer === null ? children.flatMap(membersOfNode) : [{ layer, minRes, maxRes }];
}

function legendsOfNode({ layer, legends, children }: MapTreeNode): readonly LegendPart[] {
  return legends.length > 0 || layer !== null ? legends : children.flatMap(legendsOfNode);
}

/** What a node draws, bottom first: its own layer, else those of its members (MapProxy's rule). */
export function layersOfNode(node: MapTreeNode): readonly MapLayer[] {
  return membersOfNode(node).map(({ layer }) => layer);
}

/** The frame that all layers of a node share, or null. */
export function commonFrame(node: MapTreeNode): Frame | null {
  const [first, ...others] = [...layersOfNode(node), ...node.children.flatMap(layersOfNode)];
  return first !== undefined && others.every(({ frame }) => frame.id === first.frame.id) ? first.frame : null;
}

/** Everything with a name; a group over several bodies cannot be drawn and so has none. */
export function namedMaps(roots: readonly MapTreeNode[]): ReadonlyMap<string, NamedMap> {
  const found = new Map<string, NamedMap>();
  const visit = (node: MapTreeNode): void => {
    const frame = node.layer?.frame ?? commonFrame(node);
    if (node.name !== null && frame !== null) found.set(node.name, { name: node.name, frame, members: membersOfNode(node), legends: legendsOfNode(node) });
    node.children.forEach(visit);
  };
  roots.forEach(visit);
  return found;
}

/** What the parser checks requests against. */
export function wmsOffer(node: MapsNode, named: ReadonlyMap<string, NamedMap>): WmsOffer {
  return {
    versions: node.versions,
    maxWidth: node.maxWidth,
    maxHeight: node.maxHeight,
    layerLimit: null,
    formats: node.formats,
    infoFormats: node.infoFormats,
    layer(name) {
      refuse(node, name);
      const map = named.get(name);
      return map === undefined ? undefined : { name, frame: map.frame, styles: node.inspire === null ? [] : [INSPIRE_STYLE], queryable: isQueryable(map) };
    },
    crsOf: (identifier, { frame }) => node.resolveCrs(identifier, frame),
    axesOf: ({ axes }) => axes,
  };
}

function isQueryable({ members }: NamedMap): boolean {
  return members.some(({ layer }) => layer.queryable);
}
