import { formatPath } from '../config/issue.ts';
import type { OptionReport } from '../config/report.ts';
import { shownFile } from './printIssues.ts';

const STATUS_WIDTH = 'approximated'.length;

/** `honoured      mapproxy.yaml:3:5  services.hips.resampling_method` and, where there is one, the reason. */
export function reportLines(options: readonly OptionReport[]): string {
  const places = options.map(({ file, line, column }) => `${shownFile(file)}:${line}:${column}`);
  const width = Math.max(0, ...places.map((place) => place.length));
  const lines = options.map(({ status, path, note }, index) => {
    const start = `${status.padEnd(STATUS_WIDTH)}  ${(places[index] ?? '').padEnd(width)}  ${formatPath(path)}`;
    return note === '' ? start : `${start}: ${note}`;
  });
  return lines.map((line) => `${line}\n`).join('');
}
