import { GatewayError } from '../../errors.ts';
import { isMissing } from '../../protocol/hips/client.ts';
import { parseMocFits, type MocFile } from '../../protocol/hips/mocFits.ts';
import { parseProperties, type HipsDescription } from '../../protocol/hips/properties.ts';
import type { TileStore } from '../cache/types.ts';
import { isUpstreamTrouble } from './firstAnswer.ts';
import type { HipsFiles } from './hipsFiles.ts';

/** What a HiPS says of itself. */
export interface HipsHeader {
  readonly description: HipsDescription;
  /** null = it says nothing of where it has data. */
  readonly moc: MocFile | null;
  /** The files themselves. */
  readonly propertiesBytes: Uint8Array;
  readonly mocBytes: Uint8Array | null;
}

export interface HipsHeaderOptions {
  readonly files: HipsFiles;
  /** Keeps the files for starts while the upstream is down; null = nowhere. */
  readonly store: TileStore | null;
  /** First part of the keys in the store. */
  readonly cache: string;
  /** Hears of trouble that did not keep the header from being read. */
  report(error: unknown): void;
}

/** Longest wait for a file of the header at each mirror, milliseconds: a start waits for it. */
export const HEADER_PATIENCE_MS = 4000;

/**
 * Reads properties and Moc.fits. While the upstream is in trouble, or sends something else, those of the last time serve.
 * @throws GatewayError UPSTREAM_* when it is in trouble and was never read before; CONFIG_INVALID, locator 'url', when there is
 *   no HiPS at the address
 */
export async function readHipsHeader(options: HipsHeaderOptions, signal: AbortSignal): Promise<HipsHeader> {
  const properties = await readKept(PROPERTIES, options, signal).catch((error: unknown) => {
    if (error instanceof GatewayError && error.locator === 'properties') throw noHips(error.message, error);
    throw error;
  });
  if (properties === null) throw noHips('it has no properties file');
  const moc = await readMoc(options, signal);
  return { description: properties.said, moc: moc?.said ?? null, propertiesBytes: properties.bytes, mocBytes: moc?.bytes ?? null };
}

/** A coverage that cannot be read is as good as none: more tiles are asked for in vain. */
async function readMoc(options: HipsHeaderOptions, signal: AbortSignal): Promise<Read<MocFile> | null> {
  return readKept(MOC, options, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    options.report(error);
    return null;
  });
}

interface Read<T> {
  readonly said: T;
  readonly bytes: Uint8Array;
}

/** A file of the header, and how it is understood. `parse` throws UPSTREAM_FAILED for what is something else. */
interface HeaderFile<T> {
  readonly path: string;
  readonly tile: string;
  readonly extension: string;
  parse(bytes: Uint8Array): T;
}

const PROPERTIES: HeaderFile<HipsDescription> = {
  path: 'properties',
  tile: 'properties',
  extension: 'txt',
  parse: (bytes) => parseProperties(Buffer.from(bytes).toString('utf8')),
};
const MOC: HeaderFile<MocFile> = { path: 'Moc.fits', tile: 'Moc', extension: 'fits', parse: parseMocFits };

/** What a file says, or null when it is not there. */
async function readKept<T>(file: HeaderFile<T>, { files, store, cache, report }: HipsHeaderOptions, signal: AbortSignal): Promise<Read<T> | null> {
  const key = { cache, tile: file.tile, extension: file.extension };
  try {
    const { status, bytes } = await files.get(file.path, signal, HEADER_PATIENCE_MS);
    const there = status === 200 && !isMissing(status, bytes.length);
    const read = there ? { said: file.parse(bytes), bytes } : null;
    await store?.put(key, there ? bytes : new Uint8Array(0)).catch(report);
    return read;
  } catch (error) {
    signal.throwIfAborted();
    const kept = isUpstreamTrouble(error) ? await store?.get(key).catch(() => undefined) : undefined;
    if (kept === undefined || kept.bytes.length === 0) throw error;
    report(error);
    return { said: file.parse(kept.bytes), bytes: kept.bytes };
  }
}

function noHips(why: string, cause?: unknown): GatewayError {
  return new GatewayError('CONFIG_INVALID', `there is no HiPS at this address: ${why}`, { locator: 'url', cause });
}
