import { createHash } from 'node:crypto';

/** Short digest of everything that makes a picture what it is. */
export function versionOf(parts: readonly unknown[]): string {
  return createHash('sha1').update(JSON.stringify(parts)).digest('hex').slice(0, 10);
}

/** A name as one part of a cache key. */
export function fileName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 100);
}
