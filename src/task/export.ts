import { availableParallelism } from 'node:os';
import { buildGateway } from '../config/build.ts';
import { registryOf } from '../config/build/registry.ts';
import type { LayerConfig, LoadedConfig } from '../config/types.ts';
import { GatewayError } from '../errors.ts';
import { createSharpCodec } from '../raster/codec/sharp.ts';
import type { Gateway } from '../service/types.ts';
import { readCoverage } from './coverage.ts';
import { prepareDestination, type Existing } from './export/destination.ts';
import { hipsPlan } from './export/hips.ts';
import { EXPORT_TYPES, type ExportPlan, type ExportType, type ExportWish } from './export/plan.ts';
import { tilesPlan } from './export/tiles.ts';
import { workThrough, type Progress, type WorkOptions } from './work.ts';

export { EXPORT_TYPES, type Existing, type ExportType, type ExportWish, type Progress };

export interface ExportOptions extends Pick<WorkOptions, 'signal' | 'onProgress' | 'onFailure'> {
  readonly existing: Existing;
  /** Tiles at once; null = two for each processor. */
  readonly jobs: number | null;
  /** Hears of trouble that does not keep a tile from being made. */
  report(error: unknown): void;
}

const AWAKE_MS = 60_000;

/** How an export ended. */
export interface ExportResult extends Progress {
  /** All tiles were made or were there, and so is the rest. */
  readonly complete: boolean;
}

/** Tiles of each level of an export, without making any. @throws as exportLayer does */
export async function countExport(loaded: LoadedConfig, wish: ExportWish, report: (error: unknown) => void): Promise<ExportPlan['levels']> {
  const gateway = await buildGateway(onlyLayer(loaded, wish), { threads: 0, report });
  try {
    const plan = await planOf(gateway, loaded, wish, report);
    await plan.close();
    return plan.levels;
  } finally {
    await gateway.close();
  }
}

/**
 * Copies a layer to a folder or a file. Tiles come from the caches of the configuration, or are made and kept there. After the signal, or a
 * crash, the same export goes on where it was.
 * @throws ConfigError, GatewayError CONFIG_INVALID for what there is not and for a destination that is somebody else's
 */
export async function exportLayer(loaded: LoadedConfig, wish: ExportWish, options: ExportOptions): Promise<ExportResult> {
  const { existing, jobs, signal, onProgress, onFailure, report } = options;
  const threads = availableParallelism();
  const gateway = await buildGateway(onlyLayer(loaded, wish), { threads, report });
  const awake = setInterval(() => {}, AWAKE_MS); // threads that paint do not keep a process alive, as a server that listens does
  try {
    const plan = await planOf(gateway, loaded, wish, report);
    try {
      const { skip, finished } = await prepareDestination(wish.dest, plan.identity, existing);
      const total = plan.levels.reduce((sum, { tiles }) => sum + tiles, 0);
      const done = await workThrough(plan.tiles(), { total, jobs: jobs ?? 2 * threads, skip, signal, onProgress, onFailure });
      const isAll = done.done === total && done.failed === 0;
      if (isAll) {
        await plan.finish(signal);
        await finished();
      }
      return { ...done, complete: isAll };
    } finally {
      await plan.close();
    }
  } finally {
    clearInterval(awake);
    await gateway.close();
  }
}

/** The configuration without all that is not exported: an upstream that is down then matters to its own layers only. */
function onlyLayer(loaded: LoadedConfig, { layer, type }: ExportWish): LoadedConfig {
  const { services, layers } = loaded.config;
  const wanted = layersOf(layers).filter(({ name }) => name === layer).map((one) => ({ ...one, layers: [] }));
  const used = type === 'hips' ? { hips: services.hips } : { wmts: services.wmts, tms: services.tms };
  return { ...loaded, config: { ...loaded.config, layers: wanted, services: { ...services, ...NO_SERVICES, ...used } } };
}

const NO_SERVICES = { hips: null, wms: null, wmts: null, tms: null, kml: null, ogcapi: null } as const;

/** Groups before their members. */
function layersOf(layers: readonly LayerConfig[]): readonly LayerConfig[] {
  return layers.flatMap((layer) => [layer, ...layersOf(layer.layers)]);
}

async function planOf(gateway: Gateway, loaded: LoadedConfig, wish: ExportWish, report: (error: unknown) => void): Promise<ExportPlan> {
  const part = wish.coverage === null ? null : await readCoverage(wish.coverage, { loaded, registry: registryOf(loaded.config) });
  const named = layersOf(loaded.config.layers).flatMap(({ name }) => (name === null ? [] : [name]));
  if (wish.type === 'hips') return hipsPlan(layerOf(gateway.hips?.layers, wish.layer, named, 'not served as a HiPS: services.hips must be on'), wish, part);
  const codec = createSharpCodec({ maxPixels: loaded.config.server.limits.picture_pixels });
  const how = 'not served as tiles: services.wmts or services.tms must be on, and the layer be made from a cache';
  const layer = layerOf(gateway.tiles?.layers, wish.layer, named, how);
  return tilesPlan(layer, wish, part, { codec, report, env: process.env });
}

function layerOf<T>(layers: ReadonlyMap<string, T> | undefined, name: string, named: readonly string[], how: string): T {
  const layer = layers?.get(name);
  if (layer !== undefined) return layer;
  const why = named.includes(name) ? `the layer '${name}' is ${how}` : `there is no layer '${name}': ${named.join(', ')}`;
  throw new GatewayError('CONFIG_INVALID', why);
}
