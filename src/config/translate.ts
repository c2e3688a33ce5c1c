import type { z } from 'zod';
import { type ConfigIssue, type ConfigPath } from './issue.ts';
import { configSchema } from './schema/config.ts';
import { UNSUPPORTED_STORES } from './schema/stores.ts';
import { UNSUPPORTED_SOURCES } from './schema/sources.ts';
import { isMap, keysAllowedAt } from './schema/walk.ts';
import { withSuggestion } from './suggest.ts';
import { type MapTree, type Plain, keyPositionOf, positionOf } from './yaml/tree.ts';

type ZodIssue = z.core.$ZodIssue;

/** What the schema found wrong, in the words and with the positions of the configuration file. */
export function translateIssues(found: readonly ZodIssue[], data: Plain, tree: MapTree): ConfigIssue[] {
  return found.flatMap((issue) => translate(issue, data, tree));
}

function translate(issue: ZodIssue, data: Plain, tree: MapTree): ConfigIssue[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const value = valueAt(data, path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, data, tree));
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return [unknownType(issue, path, data, tree)];
  if (value === undefined) return [missing(path, tree, issue)];
  if (issue.code === 'invalid_key') return [{ ...keyPositionOf(tree, path), path, message: issue.issues[0]?.message ?? issue.message }];
  if (issue.code === 'invalid_value') return [notAllowed(issue.values.map(String), value, path, tree)];
  return [{ ...positionOf(tree, path), path, message: describe(issue, value) }];
}

function unknownKey(key: string, path: ConfigPath, data: Plain, tree: MapTree): ConfigIssue {
  const allowed = keysAllowedAt(configSchema, data, path);
  const at = [...path, key];
  return { ...keyPositionOf(tree, at), path: at, message: `unknown key; allowed here: ${allowed.join(', ')}`, ...withSuggestion(key, allowed) };
}

function unknownType(issue: ZodIssue & { code: 'invalid_union' }, path: ConfigPath, data: Plain, tree: MapTree): ConfigIssue {
  const allowed = ('options' in issue && Array.isArray(issue.options) ? issue.options : []).map(String);
  const given = valueAt(data, path);
  const at = { ...positionOf(tree, path), path };
  if (given === undefined) return { ...at, message: `missing; allowed: ${allowed.join(', ')}` };
  const isKnown = path[0] === 'sources' ? UNSUPPORTED_SOURCES.includes(String(given)) : UNSUPPORTED_STORES.includes(String(given));
  if (isKnown) return { ...at, message: `'${String(given)}' is not supported yet; allowed: ${allowed.join(', ')}` };
  return notAllowed(allowed, given, path, tree);
}

function notAllowed(allowed: readonly string[], value: Plain, path: ConfigPath, tree: MapTree): ConfigIssue {
  const shown = show(value);
  return { ...positionOf(tree, path), path, message: `expected one of: ${allowed.join(', ')}; found ${shown}`, ...withSuggestion(String(value), allowed) };
}

function missing(path: ConfigPath, tree: MapTree, issue: ZodIssue): ConfigIssue {
  const reason = issue.code === 'custom' || issue.code === 'invalid_union' ? `; ${issue.message}` : '';
  return { ...positionOf(tree, path), path, message: `missing${reason}` };
}

function describe(issue: ZodIssue, value: Plain): string {
  const isOwnText = !/^(?:Invalid|Too|Unrecognized)/.test(issue.message);
  if (isOwnText) return issue.message.includes('found') ? issue.message : `${issue.message}, found ${show(value)}`;
  if (issue.code === 'invalid_type') return `expected ${TYPE_NAMES[issue.expected] ?? issue.expected}, found ${show(value)}`;
  return issue.code === 'too_small' || issue.code === 'too_big' ? boundMessage(issue, value) : issue.message;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
};

function boundMessage(issue: ZodIssue & { code: 'too_small' | 'too_big' }, value: Plain): string {
  if (issue.origin !== 'number' && issue.origin !== 'int') return `${countOf(issue)}, found ${show(value)}`;
  const bound = issue.code === 'too_small' ? `${issue.inclusive === false ? 'above' : 'from'} ${issue.minimum}` : `up to ${issue.maximum}`;
  return `expected a number ${bound}, found ${show(value)}`;
}

function countOf(issue: ZodIssue & { code: 'too_small' | 'too_big' }): string {
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  return `expected ${bound} ${issue.origin === 'string' ? 'characters' : 'members'}`;
}

/** A value as people would write it, shortened. */
function show(value: Plain): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}...` : value}'`;
  if (Array.isArray(value)) return value.length <= 6 && value.every((item) => typeof item !== 'object') ? `[${value.join(', ')}]` : 'a list';
  return isMap(value) ? 'a map' : value === null ? 'nothing' : String(value);
}

function valueAt(data: Plain, path: ConfigPath): Plain | undefined {
  return path.reduce<Plain | undefined>((value, step) => {
    if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
    return isMap(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
  }, data);
}

