import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { NO_LINKS, type CrsExtent, type WmsLayerDescription } from './description.ts';

/** A layer at the top of the tree and the body or sky frame that it shows. */
export interface FramedLayer {
  readonly frame: Frame;
  readonly layer: WmsLayerDescription;
}

function union(a: Bbox, b: Bbox): Bbox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** null = not known. */
export function unionOfKnown(a: Bbox | null, b: Bbox | null): Bbox | null {
  return a !== null && b !== null ? union(a, b) : (a ?? b);
}

/** The CRSs that all layers have, with the rectangle around theirs. */
function commonExtents(layers: readonly WmsLayerDescription[]): readonly CrsExtent[] {
  const [first, ...others] = layers;
  return (first?.extents ?? []).flatMap(({ crs, bbox }) => {
    const theirs = others.map((layer) => layer.extents.find((extent) => extent.crs.id === crs.id));
    if (theirs.includes(undefined)) return [];
    return [{ crs, bbox: theirs.reduce((around, extent) => unionOfKnown(around, extent?.bbox ?? null), bbox) }];
  });
}

function aroundAll(layers: readonly WmsLayerDescription[]): Bbox | null {
  return layers.map((layer) => layer.geographicBbox).reduce(unionOfKnown, null);
}

/** A nameless group around layers of one frame: what they have in common, and the rectangle around them all. */
function parentOf(title: string, layers: readonly WmsLayerDescription[]): WmsLayerDescription {
  return {
    name: null,
    title,
    abstract: '',
    keywords: [],
    extents: commonExtents(layers),
    geographicBbox: aroundAll(layers),
    dimensions: [],
    queryable: false,
    opaque: false,
    styles: [],
    attribution: null,
    metadata: [],
    links: NO_LINKS,
    minRes: null,
    maxRes: null,
    layers,
  };
}

function titleOf(frame: Frame): string {
  return frame.kind === 'sky' ? 'Sky' : frame.id.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/**
 * The root layer of a service. Layers of one body stand right under it; of several bodies, each body gets a parent of its own
 * (the sky one for all its frames), and the root has no CRS, for none is common to two bodies (OGC 06-042, 7.2.4.6.7).
 */
export function bodyTree(title: string, layers: readonly FramedLayer[]): WmsLayerDescription {
  const groups = new Map<string, WmsLayerDescription[]>();
  for (const { frame, layer } of layers) {
    const key = titleOf(frame);
    groups.set(key, [...(groups.get(key) ?? []), layer]);
  }
  if (groups.size <= 1) return parentOf(title, [...groups.values()].flat());
  const parents = [...groups].map(([body, members]) => parentOf(body, members));
  return { ...parentOf(title, parents), extents: [], geographicBbox: null };
}
