import { LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, Pair, Scalar, ScalarTag, Tags } from 'yaml';
import type { ConfigIssue, Position } from '../issue.ts';
import { type Environment, type ReadSecret, expand, hideReferences, showReferences } from './env.ts';
import type { Entry, ListTree, MapTree, ScalarTree, Tree } from './tree.ts';

export interface ParsedFile {
  readonly tree: MapTree;
  readonly issues: readonly ConfigIssue[];
}

/** What the conversion of one file needs to know everywhere. */
interface Reading {
  readonly doc: Document.Parsed;
  readonly env: Environment;
  readonly readSecret: ReadSecret;
  readonly position: (offset: number | undefined) => Position;
  readonly complain: (at: Position, message: string) => void;
  /** Converted anchors; null while one is being converted, so that an anchor inside itself is noticed. */
  readonly anchors: Map<string, Tree | null>;
}

/** Booleans as PyYAML reads YAML 1.1 (which, unlike the specification, leaves y and n as text). */
const PYYAML_BOOLEAN: ScalarTag = {
  identify: (value) => typeof value === 'boolean',
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|true|on)$/i.test(text),
};

const OPTIONS = {
  merge: true,
  prettyErrors: false,
  customTags: (tags: Tags): Tags => [
    PYYAML_BOOLEAN,
    ...tags.filter((tag) => typeof tag === 'string' || tag.tag !== PYYAML_BOOLEAN.tag),
  ],
};

/**
 * Reads one file: YAML 1.2 with PyYAML's booleans, anchors, merge keys and environment variables (env.ts). Mistakes are
 * collected, not thrown; the tree is then what could be read.
 */
export function parseYaml(text: string, file: string, env: Environment, readSecret: ReadSecret): ParsedFile {
  const lines = new LineCounter();
  const issues: ConfigIssue[] = [];
  const doc = parseDocument(hideReferences(text), { ...OPTIONS, lineCounter: lines });
  const position = (offset: number | undefined): Position => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const complain = (at: Position, message: string): void => {
    issues.push({ ...at, path: [], message });
  };
  for (const problem of [...doc.errors, ...doc.warnings]) complain(position(problem.pos[0]), `not valid YAML: ${showReferences(problem.message)}`);
  const reading: Reading = { doc, env, readSecret, position, complain, anchors: new Map() };
  const tree = doc.errors.length > 0 ? null : convert(doc.contents, reading, position(0));
  if (tree?.kind === 'map') return { tree, issues };
  const isEmpty = tree === null || (tree.kind === 'scalar' && tree.value === null);
  if (!isEmpty) complain(tree.at, 'a configuration is a map of sections (services, layers, sources, ...)');
  return { tree: { kind: 'map', at: position(0), entries: new Map() }, issues };
}

function convert(node: Node | null | undefined, reading: Reading, fallback: Position): Tree {
  if (node === null || node === undefined) return { kind: 'scalar', at: fallback, value: null };
  if (isAlias(node)) return convertAlias(node.source, reading, reading.position(node.range?.[0]));
  const anchor = 'anchor' in node ? node.anchor : undefined;
  if (anchor !== undefined) reading.anchors.set(anchor, null);
  const tree = convertHere(node, reading);
  if (anchor !== undefined) reading.anchors.set(anchor, tree);
  return tree;
}

function convertHere(node: Node, reading: Reading): Tree {
  const at = reading.position(node.range?.[0]);
  if (isMap(node)) return convertMap(node.items, at, reading);
  if (isSeq(node)) return convertList(node.items, at, reading);
  return isScalar(node) ? convertScalar(node, at, reading) : { kind: 'scalar', at, value: null };
}

function convertAlias(name: string, reading: Reading, at: Position): Tree {
  const tree = reading.anchors.get(name);
  if (tree !== null && tree !== undefined) return tree;
  reading.complain(at, tree === null ? `the anchor '${name}' contains itself` : `there is no anchor '${name}' above`);
  return { kind: 'scalar', at, value: null };
}

function convertList(items: readonly unknown[], at: Position, reading: Reading): ListTree {
  return { kind: 'list', at, items: items.map((item) => convert(item as Node | null, reading, at)) };
}

function convertMap(items: readonly Pair[], at: Position, reading: Reading): MapTree {
  const entries = new Map<string, Entry>();
  const merged: Tree[] = [];
  for (const pair of items) {
    if (!isPair(pair) || !isScalar(pair.key)) {
      reading.complain(at, 'a key must be a plain text');
      continue;
    }
    const keyAt = reading.position(pair.key.range?.[0]);
    const value = convert(pair.value as Node | null, reading, keyAt);
    if (isMergeKey(pair.key)) merged.push(...(value.kind === 'list' ? value.items : [value]));
    else entries.set(keyText(pair.key, keyAt, reading), { keyAt, value });
  }
  for (const source of merged) mergeInto(entries, source, reading);
  return { kind: 'map', at, entries };
}

/** YAML's merge key: what is written in the map itself wins, then the first of several merged maps. */
function mergeInto(entries: Map<string, Entry>, source: Tree, reading: Reading): void {
  if (source.kind !== 'map') {
    reading.complain(source.at, "'<<' merges a map or a list of maps");
    return;
  }
  for (const [key, entry] of source.entries) {
    if (!entries.has(key)) entries.set(key, entry);
  }
}

function isMergeKey(key: Scalar): boolean {
  return key.type === 'PLAIN' && (key.source === '<<' || key.value === '<<');
}

/** Keys are texts as written, so that a layer may be called 20 or no. */
function keyText(key: Scalar, at: Position, reading: Reading): string {
  const text = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
  return expanded(text, at, reading).text;
}

function convertScalar(node: Scalar, at: Position, reading: Reading): ScalarTree {
  const isText = typeof node.value === 'string';
  const { text, changed } = isText ? expanded(node.value as string, at, reading) : { text: '', changed: false };
  if (!isText) return { kind: 'scalar', at, value: plainValue(node.value) };
  return { kind: 'scalar', at, value: changed && node.type === 'PLAIN' ? readPlain(text, reading.doc) : text };
}

function expanded(text: string, at: Position, reading: Reading): { readonly text: string; readonly changed: boolean } {
  const expansion = expand(showReferences(text), reading.env, reading.readSecret);
  for (const mistake of expansion.mistakes) reading.complain(at, mistake);
  return expansion;
}

/** Type of an unquoted scalar whose variables have been replaced. */
function readPlain(text: string, doc: Document.Parsed): ScalarTree['value'] {
  for (const tag of doc.schema.tags) {
    if (!('test' in tag) || tag.default === false || tag.test?.test(text) !== true) continue;
    const value = (tag as ScalarTag).resolve(text, () => {}, doc.options);
    return plainValue(isScalar(value) ? value.value : value);
  }
  return text;
}

function plainValue(value: unknown): ScalarTree['value'] {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return String(value);
}
