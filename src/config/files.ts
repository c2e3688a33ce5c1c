import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ConfigIssue, Position } from './issue.ts';
import { secretsBeside } from './secrets.ts';
import type { Environment } from './yaml/env.ts';
import { mergeTrees } from './yaml/merge.ts';
import { parseYaml } from './yaml/parse.ts';
import type { Entry, MapTree, Tree } from './yaml/tree.ts';

/** A configuration with its `base:` files under it. */
export interface ReadFiles {
  readonly tree: MapTree;
  readonly issues: readonly ConfigIssue[];
  /** Absolute, the asked one first. */
  readonly files: readonly string[];
  /** When the youngest was last changed. */
  readonly modified: Date;
}

/**
 * Reads a file and those that it names as `base`, recursively. As in MapProxy the including file wins over its bases, and an
 * earlier base over a later one.
 */
export function readFiles(file: string, env: Environment, from: readonly string[] = [], at: Position = { file, line: 1, column: 1 }): ReadFiles {
  const read = from.includes(file) ? 'is its own base' : readText(file);
  if (typeof read === 'string') return unreadable(file, at, read);
  const { tree, issues } = parseYaml(read.text, file, env, secretsBeside(file));
  const bases = basesOf(tree).map((base) => readFiles(path.resolve(path.dirname(file), base.name), env, [...from, file], base.at));
  const under = bases.map((base) => base.tree).reduce<MapTree | null>((over, base) => (over === null ? base : mergeTrees(over, base)), null);
  const own = withoutBase(tree);
  return {
    tree: under === null ? own : mergeTrees(own, under),
    issues: [...issues, ...bases.flatMap((base) => base.issues)],
    files: [...new Set([file, ...bases.flatMap((base) => base.files)])],
    modified: new Date(Math.max(read.modified.getTime(), ...bases.map((base) => base.modified.getTime()))),
  };
}

function readText(file: string): { readonly text: string; readonly modified: Date } | string {
  try {
    return { text: readFileSync(file, 'utf8'), modified: statSync(file).mtime };
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function unreadable(file: string, at: Position, message: string): ReadFiles {
  const issue: ConfigIssue = { ...at, path: at.file === file ? [] : ['base'], message: `${file} ${message}` };
  return { tree: { kind: 'map', at: { file, line: 1, column: 1 }, entries: new Map() }, issues: [issue], files: [], modified: new Date(0) };
}

function basesOf(tree: MapTree): { readonly name: string; readonly at: Position }[] {
  const base = tree.entries.get('base')?.value;
  const items: readonly Tree[] = base === undefined ? [] : base.kind === 'list' ? base.items : [base];
  return items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [{ name: item.value, at: item.at }] : []));
}

function withoutBase(tree: MapTree): MapTree {
  const base = tree.entries.get('base')?.value;
  if (base === undefined || (base.kind === 'scalar' && typeof base.value !== 'string')) return tree;
  const entries = new Map<string, Entry>(tree.entries);
  entries.delete('base');
  return { ...tree, entries };
}
