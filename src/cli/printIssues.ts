import path from 'node:path';
import { type ConfigIssue, formatIssue } from '../config/issue.ts';

/** One line for each issue, files named from the working directory. */
export function issueLines(issues: readonly ConfigIssue[], label = ''): string {
  return issues.map((issue) => `${label}${formatIssue(issue, shownFile(issue.file))}\n`).join('');
}

/** A path as one would type it here. */
export function shownFile(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}
