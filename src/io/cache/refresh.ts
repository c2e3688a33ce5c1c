import { statSync } from 'node:fs';

/** A fixed local time, when a file was last changed, or so many seconds ago. */
export type RefreshRule = { readonly time: string } | { readonly mtime: string } | { readonly seconds: number };

/**
 * The moment up to which stored tiles are too old, asked anew each time; null = none is: no rule, or its file is not there.
 */
export function refreshLimit(rule: RefreshRule | null): () => Date | null {
  if (rule === null) return () => null;
  if ('time' in rule) {
    const fixed = new Date(rule.time);
    return () => fixed;
  }
  if ('mtime' in rule) return () => statSync(rule.mtime, { throwIfNoEntry: false })?.mtime ?? null;
  return () => new Date(Date.now() - rule.seconds * 1000);
}
