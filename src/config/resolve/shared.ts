import path from 'node:path';
import type { ParsedConfig } from '../schema/config.ts';
import type { Resampling } from '../schema/values.ts';
import type { ConfigPath } from '../issue.ts';
import type { HttpConfig, PermissionsConfig, SourceRef } from '../types.ts';

/** What every part of the resolution may need. */
export interface Context {
  readonly parsed: ParsedConfig;
  /** Relative paths start here. */
  readonly directory: string;
  readonly isKnownCrs: (id: string) => boolean;
  /** Reference system of a predefined grid, null when there is none of that name. */
  readonly srsOfPredefinedGrid: (name: string) => string | null;
}

type ParsedHttp = ParsedConfig['sources'][string]['http'];

/** Options of one source's requests: its own, else those of globals; headers of both, its own winning. */
export function resolveHttp(own: ParsedHttp, concurrent: number | null, { parsed, directory }: Context): HttpConfig {
  const { http } = parsed.globals;
  const certificates = own.ssl_ca_certs ?? http.ssl_ca_certs;
  return {
    client_timeout: own.client_timeout ?? http.client_timeout,
    tries: own.tries ?? http.tries,
    headers: { ...http.headers, ...own.headers },
    concurrent_requests: concurrent ?? http.concurrent_requests,
    method: own.method ?? http.method,
    ssl_no_cert_checks: own.ssl_no_cert_checks ?? http.ssl_no_cert_checks,
    ssl_ca_certs: certificates === null ? null : path.resolve(directory, certificates),
    manage_cookies: own.manage_cookies ?? http.manage_cookies,
  };
}

export function resolveResampling(candidates: readonly (Resampling | null)[], { parsed }: Context): Resampling {
  return candidates.find((method) => method !== null) ?? parsed.globals.image.resampling_method;
}

/** Names of sources and caches. Where there are both of one name, layers mean the cache and caches the source, as in MapProxy. */
export function resolveRefs(names: readonly string[], path: ConfigPath, preferred: 'cache' | 'source', { parsed }: Context): SourceRef[] {
  const isKnown = (kind: SourceRef['kind'], name: string): boolean => Object.hasOwn(kind === 'cache' ? parsed.caches : parsed.sources, name);
  return names.map((written, index) => {
    const tag = isKnown('cache', written) || isKnown('source', written) ? -1 : written.indexOf(':');
    const name = tag < 0 ? written : written.slice(0, tag);
    const other = preferred === 'cache' ? 'source' : 'cache';
    const kind = tag < 0 ? (isKnown(preferred, name) ? preferred : other) : 'source';
    return { kind, name, layers: tag < 0 ? null : written.slice(tag + 1), path: [...path, index] };
  });
}

/** Drawn, or only asked: `wms_opts.map: false`. */
export interface PartedRefs {
  readonly sources: SourceRef[];
  readonly undrawn: SourceRef[];
}

/** References, those that are not drawn apart. */
export function partRefs(refs: readonly SourceRef[], { parsed }: Context): PartedRefs {
  const isDrawn = ({ kind, name }: SourceRef): boolean => {
    const source = kind === 'source' ? parsed.sources[name] : undefined;
    return source?.type !== 'wms' || source.wms_opts.map;
  };
  return { sources: refs.filter(isDrawn), undrawn: refs.filter((ref) => !isDrawn(ref)) };
}

interface WrittenPermissions {
  readonly directory_permissions: string | null;
  readonly file_permissions: string | null;
}

/** Octal texts as modes: '755' -> 0o755. */
export function resolvePermissions(own: WrittenPermissions, inherited: PermissionsConfig): PermissionsConfig {
  return {
    directory: own.directory_permissions === null ? inherited.directory : Number.parseInt(own.directory_permissions, 8),
    file: own.file_permissions === null ? inherited.file : Number.parseInt(own.file_permissions, 8),
  };
}

export const PROCESS_PERMISSIONS: PermissionsConfig = Object.freeze({ directory: null, file: null });

/** The entries of a record, by name. */
export function mapEntries<T, U>(record: Readonly<Record<string, T>>, make: (name: string, value: T) => U): ReadonlyMap<string, U> {
  return new Map(Object.entries(record).map(([name, value]) => [name, make(name, value)]));
}
