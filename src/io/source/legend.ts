import { readFile } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../../errors.ts';
import { exceptionText } from '../../protocol/wms/exceptionText.ts';
import { sniffImage } from '../../raster/codec/sniff.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { Raster } from '../../raster/raster.ts';
import type { HttpClient, HttpResponse } from '../net/http.ts';
import type { LegendPart } from './types.ts';
import { pictureOf, upstreamError } from './upstreamError.ts';

/** A legend is small: more than this is none. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_SIDE = 8192;
/** Enough of an error to find the message in, characters. */
const MAX_COMPLAINT = 20_000;
/** Legends of other scales that are remembered of one part: clients name them. */
const SCALES = 8;
/** So long a legend is not asked for again. */
const KEPT_MS = 3_600_000;

/** What it takes to read a legend. */
export interface LegendReader {
  readonly http: HttpClient;
  readonly codec: Codec;
}

/** Where a legend is. */
export interface LegendAddresses {
  picture(scale: number | null): string;
  /** Absent = there is a picture only. */
  json?(scale: number | null): string;
}

/**
 * A legend on the web, remembered for an hour, and beyond that while its server is in trouble.
 * @throws (part) GatewayError UPSTREAM_FAILED, UPSTREAM_TIMEOUT
 */
export function remoteLegend({ picture, json }: LegendAddresses, { http, codec }: LegendReader): LegendPart {
  const kept = new LRUCache<string, Uint8Array>({ max: SCALES, ttl: KEPT_MS, allowStale: true, noDeleteOnStaleGet: true });
  const bytesAt = async (address: string, read: (response: HttpResponse, address: string) => Uint8Array, signal: AbortSignal): Promise<Uint8Array> => {
    if (kept.has(address)) return kept.get(address)!;
    try {
      const bytes = read(await http.get(address, { signal, maxBytes: MAX_BYTES }), address);
      kept.set(address, bytes);
      return bytes;
    } catch (error) {
      const old = kept.get(address);
      if (old === undefined || signal.aborted) throw error;
      return old;
    }
  };
  return {
    async picture(scale, signal) {
      const address = picture(scale);
      return decoded(await bytesAt(address, (response, from) => pictureOf(response, from).bytes, signal), address, codec);
    },
    ...(json === undefined ? {} : { json: async (scale, signal) => new TextDecoder().decode(await bytesAt(json(scale), jsonOf, signal)) }),
  };
}

/** The answer itself where it is a JSON document, whatever it calls itself. */
function jsonOf({ status, bytes, contentType }: HttpResponse, address: string): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  if (status >= 200 && status < 300 && isJson(text)) return bytes;
  throw upstreamError(status, `${address} answered no JSON but ${status} ${contentType}: ${exceptionText(text.slice(0, MAX_COMPLAINT))}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A legend on disk, read each time. @param path absolute */
export function localLegend(path: string, codec: Codec): LegendPart {
  return {
    async picture() {
      const bytes = await readFile(path).catch((cause: unknown) => {
        throw new GatewayError('UPSTREAM_FAILED', `the legend ${path} cannot be read`, { cause });
      });
      if (sniffImage(bytes) === undefined) throw new GatewayError('UPSTREAM_FAILED', `${path} is no picture`);
      return decoded(bytes, path, codec);
    },
  };
}

async function decoded(bytes: Uint8Array, place: string, codec: Codec): Promise<Raster> {
  const raster = await codec.decode(bytes);
  if (raster.width <= MAX_SIDE && raster.height <= MAX_SIDE) return raster;
  throw new GatewayError('UPSTREAM_FAILED', `the legend ${place} has ${raster.width} x ${raster.height} pixels, allowed are ${MAX_SIDE} a side`);
}
