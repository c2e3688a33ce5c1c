import type { ConfigPath, Position } from '../issue.ts';

/** A YAML value that knows where it was written. Shared between aliases of one anchor; never changed once made. */
export type Tree = MapTree | ListTree | ScalarTree;

export interface MapTree {
  readonly kind: 'map';
  readonly at: Position;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly keyAt: Position;
  readonly value: Tree;
}

export interface ListTree {
  readonly kind: 'list';
  readonly at: Position;
  readonly items: readonly Tree[];
}

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly at: Position;
  readonly value: string | number | boolean | null;
}

/** Plain data, as the schema checks it. Keys without a value are left out: in MapProxy's YAML they mean "not given". */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** A map's key without a value counts as absent, except under `keepNull`: there the key alone says something. */
export function toPlain(tree: Tree, keepNull: (path: ConfigPath) => boolean, path: ConfigPath = []): Plain {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map((item, index) => toPlain(item, keepNull, [...path, index]));
  const plain: { [key: string]: Plain } = {};
  for (const [key, { value }] of tree.entries) {
    const inner = [...path, key];
    if (isNull(value) && !keepNull(inner)) continue;
    // An own property even for '__proto__', so that the schema sees and refuses it.
    Object.defineProperty(plain, key, { value: toPlain(value, keepNull, inner), enumerable: true, writable: true, configurable: true });
  }
  return plain;
}

/** The tree at a path, or undefined. */
export function treeAt(root: Tree, path: ConfigPath): Tree | undefined {
  return path.reduce<Tree | undefined>((tree, step) => (tree === undefined ? undefined : child(tree, step)), root);
}

/**
 * Where a value was written: a scalar, a list or a list's item itself, a map by the key that leads to it. What is not there
 * (a missing key) has the position of the nearest value around it.
 */
export function positionOf(root: Tree, path: ConfigPath): Position {
  const tree = treeAt(root, path);
  if (tree === undefined) return positionOf(root, path.slice(0, -1));
  return tree.kind === 'map' ? keyPositionOf(root, path) : tree.at;
}

/** Where the key that ends the path was written; where the value is when no key leads to it (a list's item, the root). */
export function keyPositionOf(root: Tree, path: ConfigPath): Position {
  const last = path.at(-1);
  const parent = treeAt(root, path.slice(0, -1));
  const entry = parent?.kind === 'map' && last !== undefined ? parent.entries.get(String(last)) : undefined;
  return entry?.keyAt ?? treeAt(root, path)?.at ?? positionOf(root, path.slice(0, -1));
}

function child(tree: Tree, step: string | number): Tree | undefined {
  if (tree.kind === 'list') return typeof step === 'number' ? tree.items[step] : undefined;
  return tree.kind === 'map' ? tree.entries.get(String(step))?.value : undefined;
}

function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}
