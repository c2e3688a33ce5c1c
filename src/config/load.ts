import path from 'node:path';
import { standardGrid } from '../geometry/pyramid/standardSets.ts';
import { checkConfig } from './check.ts';
import { mapAt } from './check/finding.ts';
import { readFiles } from './files.ts';
import { ConfigError, type ConfigIssue, type ConfigPath, sortIssues } from './issue.ts';
import { gatewayKnowledge } from './knowledge.ts';
import { withLayerList } from './layerList.ts';
import { type OptionReport, inertWarnings, reportOptions } from './report.ts';
import { resolveConfig } from './resolve.ts';
import { configSchema } from './schema/config.ts';
import { translateIssues } from './translate.ts';
import type { LoadedConfig } from './types.ts';
import type { Environment } from './yaml/env.ts';
import { type Plain, positionOf, toPlain } from './yaml/tree.ts';

export interface LoadOptions {
  /** Values of `${NAME}`; default process.env. */
  readonly env?: Environment;
}

/** Sections in which a name without a value says something: `services: {wms: }` switches on, `sources: {a: }` is a mistake. */
const NAMING_SECTIONS: ReadonlySet<unknown> = new Set(['services', 'sources', 'caches', 'grids']);

function namesSomething(at: ConfigPath): boolean {
  return at.length === 2 && NAMING_SECTIONS.has(at[0]);
}

/**
 * Reads, checks and completes a configuration. Throws ConfigError with every mistake found, in the order of the file; only
 * when a file is not valid YAML are its mistakes listed alone.
 */
export function loadConfig(file: string, { env = process.env }: LoadOptions = {}): LoadedConfig {
  const absolute = path.resolve(file);
  const directory = path.dirname(absolute);
  const read = readFiles(absolute, env);
  refuse(read.issues);
  const tree = withLayerList(read.tree);
  const data = toPlain(tree, namesSomething);
  const knowledge = gatewayKnowledge(definitionsIn(data));
  const { errors, warnings } = checkConfig(data, tree, directory, knowledge);
  // A configuration is read once: compiling the schema first would take longer than reading without.
  const parsed = configSchema.safeParse(data, { jitless: true });
  if (!parsed.success) throw new ConfigError(inOrder([...translateIssues(parsed.error.issues, data, tree), ...errors]));
  refuse(errors);
  const config = resolveConfig(parsed.data, { directory, isKnownCrs: knowledge.isKnownCrs, predefinedGrid: standardGrid });
  const options: readonly OptionReport[] = reportOptions(data, tree);
  return {
    config, options, directory,
    warnings: inOrder([...inertWarnings(options), ...warnings]),
    file: absolute,
    files: read.files,
    modified: read.modified,
    locate: (at) => positionOf(tree, at),
  };
}

function refuse(issues: readonly ConfigIssue[]): void {
  if (issues.length > 0) throw new ConfigError(inOrder(issues));
}

/** Sorted, and a mistake behind an anchor, which is found once for each alias, only once. */
function inOrder(issues: readonly ConfigIssue[]): ConfigIssue[] {
  const seen = new Set<string>();
  return sortIssues(issues).filter(({ file, line, column, message }) => {
    const key = JSON.stringify([file, line, column, message]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function definitionsIn(data: Plain): Record<string, string> {
  const entries = Object.entries(mapAt(data, 'globals', 'srs', 'definitions'));
  return Object.fromEntries(entries.flatMap(([id, definition]) => (typeof definition === 'string' ? [[id, definition]] : [])));
}

