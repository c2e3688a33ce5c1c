import path from 'node:path';
import { ConfigError, type ConfigIssue, formatIssue } from '../config/issue.ts';
import { EXIT, type ExitCode } from './exit.ts';

/** One line for each issue, files named from the working directory. */
export function issueLines(issues: readonly ConfigIssue[], label = ''): string {
  return issues.map((issue) => `${label}${formatIssue(issue, shownFile(issue.file))}\n`).join('');
}

/** A path as one would type it here. */
export function shownFile(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}

/** Runs a command; all mistakes of its configuration are printed, one a line, and make the exit code that of wrong usage. */
export async function withConfigIssues(work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(issueLines(error.issues));
    return EXIT.usage;
  }
}
