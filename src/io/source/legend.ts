import { readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../errors.ts';
import { sniffImage } from '../../raster/codec/sniff.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { Raster } from '../../raster/raster.ts';
import type { HttpClient } from '../net/http.ts';
import type { LegendPart } from './types.ts';
import { pictureOf } from './upstreamError.ts';

/** A legend is small: more than this is none. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_SIDE = 8192;
/** Legends of other scales that are remembered of one part: clients name them. */
const SCALES = 8;
/** So long a legend is not asked for again. */
const KEPT_MS = 3_600_000;

/** What it takes to read a legend. */
export interface LegendReader {
  readonly http: HttpClient;
  readonly codec: Codec;
}

/**
 * A legend on the web, remembered for an hour, and beyond that while its server is in trouble.
 * @param addressOf its address at a scale
 * @throws (part) GatewayError UPSTREAM_FAILED, UPSTREAM_TIMEOUT
 */
export function remoteLegend(addressOf: (scale: number | null) => string, { http, codec }: LegendReader): LegendPart {
  const kept = new LRUCache<string, Uint8Array>({ max: SCALES, ttl: KEPT_MS, allowStale: true, noDeleteOnStaleGet: true });
  const bytesAt = async (address: string, signal: AbortSignal): Promise<Uint8Array> => {
    if (kept.has(address)) return kept.get(address)!;
    try {
      const { bytes } = pictureOf(await http.get(address, { signal, maxBytes: MAX_BYTES }), address);
      kept.set(address, bytes);
      return bytes;
    } catch (error) {
      const old = kept.get(address);
      if (old === undefined || signal.aborted) throw error;
      return old;
    }
  };
  return async (scale, signal) => {
    const address = addressOf(scale);
    return decoded(await bytesAt(address, signal), address, codec);
  };
}

/** A legend on disk, read each time. @param path absolute */
export function localLegend(path: string, codec: Codec): LegendPart {
  return async () => {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new GatewayError('UPSTREAM_FAILED', `the legend ${path} cannot be read`, { cause });
    });
    if (sniffImage(bytes) === undefined) throw new GatewayError('UPSTREAM_FAILED', `${path} is no picture`);
    return decoded(bytes, path, codec);
  };
}

async function decoded(bytes: Uint8Array, place: string, codec: Codec): Promise<Raster> {
  const raster = await codec.decode(bytes);
  if (raster.width <= MAX_SIDE && raster.height <= MAX_SIDE) return raster;
  throw new GatewayError('UPSTREAM_FAILED', `the legend ${place} has ${raster.width} x ${raster.height} pixels, allowed are ${MAX_SIDE} a side`);
}
