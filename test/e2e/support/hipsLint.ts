import { run } from './process.ts';

/** Where Debian's package aladin puts Aladin Desktop and Hipsgen. */
export const ALADIN_JAR = '/usr/share/java/aladin.jar';

export interface LintReport {
  readonly text: string;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The line with the verdict, '' if there is none. */
  readonly verdict: string;
}

/** CDS's own conformance check of one HiPS, by address. It judges by its text alone: the exit code says nothing. */
export async function hipsLint(url: string): Promise<LintReport> {
  const text = await run('java', ['-Djava.awt.headless=true', '-jar', ALADIN_JAR, '-hipsgen', `out=${url}`, 'LINT'], 120_000);
  const lines = text.split('\n');
  return {
    text,
    errors: lines.filter((line) => line.includes('*ERROR*')),
    warnings: lines.filter((line) => line.includes('*WARN*')),
    verdict: lines.find((line) => /compatible/i.test(line)) ?? '',
  };
}
