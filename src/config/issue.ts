import { GatewayError } from '../errors.ts';

/** A place in a configuration file. Line and column count from 1. */
export interface Position {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Steps from the root of the configuration to a value: ['sources', 'moon', 'bbox', 2]. */
export type ConfigPath = readonly (string | number)[];

/** One mistake, or one thing worth knowing, in a configuration. */
export interface ConfigIssue extends Position {
  readonly path: ConfigPath;
  /** What was found and what is allowed, without position and suggestion. */
  readonly message: string;
  /** The name that was probably meant. */
  readonly suggestion?: string;
}

/** Every mistake of a configuration at once. `locator` is the path of the first. */
export class ConfigError extends GatewayError {
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    const first = issues[0];
    const count = issues.length === 1 ? '1 mistake' : `${issues.length} mistakes`;
    super('CONFIG_INVALID', `${count} in the configuration\n${issues.map((issue) => formatIssue(issue)).join('\n')}`, {
      locator: formatPath(first?.path ?? []),
    });
    this.name = 'ConfigError';
    this.issues = issues;
  }
}

/** 'sources.moon.bbox[2]'; the empty path is ''. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** One line: `mapproxy.yaml:23:7 sources.wms1.req.tranparent: unknown key; did you mean 'transparent'?` */
export function formatIssue(issue: ConfigIssue, shownFile: string = issue.file): string {
  const path = formatPath(issue.path);
  const suggestion = issue.suggestion === undefined ? '' : `; did you mean '${issue.suggestion}'?`;
  return `${shownFile}:${issue.line}:${issue.column} ${path === '' ? '' : `${path}: `}${issue.message}${suggestion}`;
}

/** In the order of the files and, within each, of the lines. Returns a new array. */
export function sortIssues(issues: readonly ConfigIssue[]): ConfigIssue[] {
  const files = [...new Set(issues.map((issue) => issue.file))];
  return [...issues].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}
