import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../../errors.ts';
import { hipsAddress, hipsFileUrl, isMissing, isWorthAnotherFormat } from '../../protocol/hips/client.ts';
import { requireOk, type HttpClient } from '../net/http.ts';
import { createFirstAnswer } from './firstAnswer.ts';
import type { EncodedPatch } from './types.ts';

/** Where the files of a HiPS are. */
export interface HipsFiles {
  /**
   * One file of the HiPS. Statuses are those of HTTP; what says "not here" or "not in this format" is an answer (see
   * protocol/hips/client.ts), everything else that is not 200 is trouble.
   * @param path relative, extension included: 'Norder3/Dir0/Npix271.png'
   * @param patienceMs longest wait for each place, tries and all; Infinity = as the client is set up
   * @throws GatewayError UPSTREAM_FAILED, UPSTREAM_TIMEOUT; the signal's reason
   */
  get(path: string, signal: AbortSignal, patienceMs: number): Promise<HipsAnswer>;
}

export interface HipsAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/**
 * A HiPS on the web. Only the given addresses are ever asked, never those that a HiPS publishes as its mirrors: what a stranger
 * writes must not lead into the operator's own network.
 * @param addresses of the same HiPS, the preferred one first; the next is asked when one is in trouble
 * @throws GatewayError CONFIG_INVALID for an address that is none
 */
export function hipsOnTheWeb(http: HttpClient, addresses: readonly string[]): HipsFiles {
  return hipsMirrors([...new Set(addresses.map(hipsAddress))].map((base) => hipsAt(http, base)));
}

/** The same HiPS in several places, the preferred one first; the next is asked when one is in trouble. */
export function hipsMirrors(places: readonly HipsFiles[]): HipsFiles {
  const mirrors = createFirstAnswer(places);
  return { get: (path, signal, patienceMs) => mirrors.ask(signal, (place) => place.get(path, signal, patienceMs)) };
}

function hipsAt(http: HttpClient, base: string): HipsFiles {
  return { get: (path, signal, patienceMs) => within(patienceMs, signal, (limited) => getFile(http, hipsFileUrl(base, path), limited)) };
}

async function getFile(http: HttpClient, url: string, signal: AbortSignal): Promise<HipsAnswer> {
  const response = await http.get(url, { signal });
  const { status, bytes } = response;
  return isMissing(status, bytes.length) || isWorthAnotherFormat(status, bytes.length) ? { status, bytes } : { status, bytes: requireOk(response, url).bytes };
}

/** Gives up after a time of its own, as an upstream that is too slow. */
async function within<T>(ms: number, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (ms === Infinity) return work(signal);
  const limit = AbortSignal.timeout(ms);
  try {
    return await work(AbortSignal.any([signal, limit]));
  } catch (cause) {
    if (signal.aborted || !limit.aborted) throw cause;
    throw new GatewayError('UPSTREAM_TIMEOUT', `no answer within ${ms} ms`, { cause });
  }
}

/** One file of a HiPS that somebody else reads; null = not there. Throws FORMAT_NOT_SUPPORTED where the upstream refuses the format. */
export type ReadHipsFile = (path: string, signal: AbortSignal) => Promise<EncodedPatch | null>;

/** A HiPS that another thread reads: see HipsSource.file. */
export function hipsOfOtherThread(read: ReadHipsFile): HipsFiles {
  return {
    async get(path, signal) {
      try {
        const file = await read(path, signal);
        return file === null ? { status: NOT_FOUND, bytes: new Uint8Array(0) } : { status: OK, bytes: file.bytes };
      } catch (error) {
        if (error instanceof GatewayError && error.code === 'FORMAT_NOT_SUPPORTED') return { status: UNSUPPORTED, bytes: new Uint8Array(0) };
        throw error;
      }
    },
  };
}

const OK = 200;
const NOT_FOUND = 404;
const UNSUPPORTED = 415;

/** A HiPS in a directory, as Hipsgen writes it. */
export function hipsInDirectory(directory: string): HipsFiles {
  return {
    async get(path) {
      try {
        return { status: OK, bytes: await readFile(join(directory, path)) };
      } catch (cause) {
        if (isAbsence(cause)) return { status: NOT_FOUND, bytes: new Uint8Array(0) };
        throw new GatewayError('UPSTREAM_FAILED', `${join(directory, path)} cannot be read`, { cause });
      }
    },
  };
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
