import type { ConfigPath } from '../issue.ts';
import { isMap } from '../schema/walk.ts';
import type { Plain } from '../yaml/tree.ts';

/** Something a check found. Errors stop the start; warnings do not. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly path: ConfigPath;
  readonly message: string;
  readonly suggestion?: string;
  /** Show the position of the key instead of the value's. */
  readonly atKey?: true;
}

/** What the checks must know about the world beyond the file. */
export interface Knowledge {
  /** Whether a reference system can be used by this identifier, in any of its spellings. */
  readonly isKnownCrs: (id: string) => boolean;
  /** Whether there is a body of this name, whatever its case. */
  readonly isBody: (name: string) => boolean;
  /** Lower-case names of the bodies, for suggestions. */
  readonly bodies: readonly string[];
  /** Whether there is a predefined grid of this name. */
  readonly isPredefinedGrid: (name: string) => boolean;
  /** Names of the predefined grids of one body. */
  readonly gridsOf: (body: string) => readonly string[];
  /** Whether there is a file or directory at an absolute path. */
  readonly exists: (path: string) => boolean;
}

/** The data as far as they can be trusted: checks run even when the schema found mistakes, so that all are listed at once. */
export type PlainMap = { readonly [key: string]: Plain };

export function mapAt(data: Plain | undefined, ...keys: readonly string[]): PlainMap {
  const value = keys.reduce<Plain | undefined>((here, key) => (isMap(here) ? here[key] : undefined), data);
  return isMap(value) ? value : {};
}

/** Entries of a map whose values are maps: the members of sources, caches, grids. */
export function members(data: Plain | undefined, section: string): [string, PlainMap][] {
  return Object.entries(mapAt(data, section)).flatMap(([name, value]) => (isMap(value) ? [[name, value] as [string, PlainMap]] : []));
}

export interface TextAt {
  readonly text: string;
  readonly path: ConfigPath;
}

/** A text, or the texts of a list, with their paths; numbers count as texts. */
export function textsAt(value: Plain | undefined, path: ConfigPath): TextAt[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => (Array.isArray(item) ? [] : textsAt(item, [...path, index])));
  return typeof value === 'string' || typeof value === 'number' ? [{ text: String(value), path }] : [];
}

export interface LayerAt {
  readonly layer: PlainMap;
  readonly path: ConfigPath;
}

/** Every layer of the tree, parents before children. */
export function layersOf(data: Plain | undefined, path: ConfigPath = ['layers']): LayerAt[] {
  if (!Array.isArray(data)) return [];
  return data.flatMap((layer, index) => {
    if (!isMap(layer)) return [];
    const here = [...path, index];
    return [{ layer, path: here }, ...layersOf(layer['layers'], [...here, 'layers'])];
  });
}
