import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { DegreesBbox, TileLayer } from '../../layer/types.ts';
import type { CollectionDescription } from '../../protocol/ogcapi/collection.ts';
import { geographicBbox } from '../../protocol/wms/geographicBbox.ts';
import type { WmtsSet } from '../../protocol/wmts/types.ts';
import type { MapTreeNode, OgcApiNode } from '../types.ts';
import { namedMaps, type RangedLayer } from '../wms/tree.ts';
import { createWmtsCatalogue } from '../wmtsOffer.ts';

/** Something that can be asked for by name: a layer or a group of the WMS tree, a layer that is offered as tiles, or both. */
export interface OgcCollection {
  readonly description: CollectionDescription;
  readonly frame: Frame;
  /** What a map draws, bottom first; [] = there are tiles only. */
  readonly members: readonly RangedLayer[];
  /** null = there are no tiles. */
  readonly tiles: { readonly layer: TileLayer; readonly sets: readonly WmtsSet[] } | null;
}

/** Every collection by its name, in the order of the configuration. */
export type OgcCollections = ReadonlyMap<string, OgcCollection>;

function nodesByName(nodes: readonly MapTreeNode[]): ReadonlyMap<string, MapTreeNode> {
  return new Map(nodes.flatMap((node) => [...(node.name === null ? [] : [[node.name, node] as const]), ...nodesByName(node.children)]));
}

function tilesByName({ tiles }: OgcApiNode): ReadonlyMap<string, NonNullable<OgcCollection['tiles']>> {
  if (tiles === null) return new Map();
  const { layers } = createWmtsCatalogue(tiles);
  return new Map(layers.map(({ name, sets }) => [name, { layer: tiles.layers.get(name)!, sets }]));
}

function around(boxes: readonly DegreesBbox[]): DegreesBbox {
  return boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
}

function described({ maps, hasMaps }: OgcApiNode, name: string, node: MapTreeNode | undefined, { frame, members, tiles }: Omit<OgcCollection, 'description'>): CollectionDescription {
  const boxes = [...members.map(({ layer }) => layer), ...(tiles === null ? [] : [tiles.layer])].map(({ bbox }) => geographicBbox(bbox));
  return {
    id: name,
    title: node?.title ?? tiles?.layer.title ?? name,
    abstract: node?.abstract ?? tiles?.layer.abstract ?? '',
    keywords: (node?.keywords ?? []).flatMap(({ keywords }) => keywords),
    attribution: node?.attribution?.title ?? '',
    frame,
    geographicBbox: around(boxes),
    crs: hasMaps && members.length > 0 ? (maps.crsOf.get(frame.id) ?? []) : [],
    minRes: node?.minRes ?? null,
    maxRes: node?.maxRes ?? null,
    hasMap: hasMaps && members.length > 0,
    hasTiles: tiles !== null,
  };
}

/** Works out what is the same for every request. A group over several bodies cannot be drawn and is left out. */
export function createCollections(ogc: OgcApiNode): OgcCollections {
  const { roots } = ogc.maps;
  const [nodes, maps, tiles] = [nodesByName(roots), namedMaps(roots), tilesByName(ogc)];
  const found = new Map<string, OgcCollection>();
  for (const name of new Set([...maps.keys(), ...tiles.keys()])) {
    const asTiles = tiles.get(name) ?? null;
    const frame = maps.get(name)?.frame ?? asTiles!.layer.frame;
    const parts = { frame, members: maps.get(name)?.members ?? [], tiles: asTiles };
    found.set(name, { ...parts, description: described(ogc, name, nodes.get(name), parts) });
  }
  return found;
}

/** @throws LAYER_NOT_DEFINED */
function collectionNamed(name: string, locator: string, collections: OgcCollections): OgcCollection {
  const found = collections.get(name);
  if (found !== undefined) return found;
  throw new GatewayError('LAYER_NOT_DEFINED', `there is no collection '${name}'; there are ${[...collections.keys()].join(', ')}`, { locator });
}

function shareDirections(a: Frame, b: Frame): boolean {
  return a.id === b.id || (a.kind === 'sky' && b.kind === 'sky');
}

/**
 * What an address and its `collections` mean, the lowest first; not empty.
 * @param asked of the path; null = the dataset, of which `named` or the configuration chooses
 * @throws LAYER_NOT_DEFINED; MISSING_PARAMETER where nothing is chosen; FRAME_MISMATCH for several bodies
 */
export function chosenCollections(asked: string | null, named: string | undefined, dataset: readonly string[], collections: OgcCollections): readonly [OgcCollection, ...OgcCollection[]] {
  if (asked !== null) return [collectionNamed(asked, 'collectionId', collections)];
  const names = named === undefined ? dataset : named.split(',');
  const [first, ...others] = names.map((name) => collectionNamed(name, 'collections', collections));
  if (first === undefined) {
    const known = [...collections.keys()].join(', ');
    throw new GatewayError('MISSING_PARAMETER', `nothing is configured as the whole dataset: say which collections; there are ${known}`, { locator: 'collections' });
  }
  const foreign = others.find(({ frame }) => !shareDirections(frame, first.frame));
  if (foreign === undefined) return [first, ...others];
  throw new GatewayError('FRAME_MISMATCH', `'${foreign.description.id}' shows '${foreign.frame.id}', which cannot be drawn on '${first.frame.id}'`, { locator: 'collections' });
}
