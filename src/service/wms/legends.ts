import { GatewayError } from '../../errors.ts';
import type { LegendPart } from '../../layer/types.ts';
import type { Raster } from '../../raster/raster.ts';
import { stacked } from '../../raster/stack.ts';
import type { LegendSize } from './legend.ts';
import type { NamedMap } from './tree.ts';

/** Largest side of a picture that every format can hold. */
const MAX_SIDE = 16_383;

/**
 * The legends of a layer as one picture: that of the topmost at the top, as MapProxy puts them. @param parts bottom first, not empty
 * @throws UPSTREAM_FAILED, UPSTREAM_TIMEOUT; a picture without one of them would be taken for whole
 */
export async function drawLegends(parts: readonly LegendPart[], scale: number | null, signal: AbortSignal): Promise<Raster> {
  const rasters = await Promise.all(parts.map((part) => part.picture(scale, signal)));
  const height = rasters.reduce((sum, raster) => sum + raster.height, 0);
  if (height > MAX_SIDE) throw new GatewayError('UPSTREAM_FAILED', `the legends together are ${height} pixels high, ${MAX_SIDE} are allowed`);
  return stacked(rasters.toReversed());
}

/**
 * The legends of a layer as one JSON document, as GeoServer writes it: a member of `Legend` for each. MapProxy's order, the lowest first.
 * @throws FORMAT_NOT_SUPPORTED where there is none, or one of them is a picture only; UPSTREAM_FAILED, UPSTREAM_TIMEOUT
 */
export async function jsonLegends(parts: readonly LegendPart[], scale: number | null, signal: AbortSignal): Promise<string> {
  const told = parts.flatMap(({ json }) => json ?? []);
  if (told.length < parts.length || parts.length === 0) throw new GatewayError('FORMAT_NOT_SUPPORTED', 'the legend is a picture: there is none as application/json', { locator: 'FORMAT' });
  const texts = await Promise.all(told.map((json) => json(scale, signal)));
  return JSON.stringify({ Legend: texts.map((text) => JSON.parse(text) as unknown).flatMap(entriesOf) });
}

function entriesOf(document: unknown): readonly unknown[] {
  const entries = typeof document === 'object' && document !== null && 'Legend' in document ? document.Legend : document;
  return Array.isArray(entries) ? (entries as readonly unknown[]) : [entries];
}

/** How large legends are that upstreams draw, which capabilities must tell. */
export interface LegendSizes {
  /** By layer, those that are known after a short while at most. */
  known(): Promise<ReadonlyMap<string, LegendSize>>;
  /** True when nothing is left to be found out. */
  isComplete(): boolean;
}

/** So long capabilities wait for upstreams; what comes later is in the next ones. */
const PATIENCE_MS = 3000;
/** An upstream that failed is asked again after this time. */
const AGAIN_MS = 30_000;

/** Finds out sizes when they are first wanted, all side by side. */
export function createLegendSizes(named: ReadonlyMap<string, NamedMap>): LegendSizes {
  const wanted = [...named.values()].filter(({ legends }) => legends.length > 0);
  const sizes = new Map<string, LegendSize>();
  const finding = new Map<string, Promise<void>>();
  const never = new AbortController().signal;
  const find = async ({ name, legends }: NamedMap): Promise<void> => {
    try {
      const { width, height } = await drawLegends(legends, null, never);
      sizes.set(name, { width, height });
    } catch {
      setTimeout(() => finding.delete(name), AGAIN_MS).unref();
    }
  };
  return {
    isComplete: () => sizes.size === wanted.length,
    async known() {
      for (const map of wanted) if (!finding.has(map.name)) finding.set(map.name, find(map));
      await Promise.race([Promise.all(finding.values()), new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS).unref(); })]);
      return sizes;
    },
  };
}
