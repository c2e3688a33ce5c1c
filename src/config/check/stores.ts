import type { Plain } from '../yaml/tree.ts';
import { type Finding, mapAt, members } from './finding.ts';

/** What kinds of store need, and may have from `globals`. */
export function checkStores(data: Plain): Finding[] {
  const { bucket_name: shared } = mapAt(data, 'globals', 'cache', 's3');
  return members(data, 'caches').flatMap(([name, cache]): Finding[] => {
    const store = mapAt(cache, 'cache');
    const fallback = Array.isArray(store['fallback']) ? store['fallback'].map((one, i) => ({ options: mapAt(one), path: ['caches', name, 'cache', 'fallback', i] })) : [];
    return [{ options: store, path: ['caches', name, 'cache'] }, ...fallback]
      .filter(({ options }) => options['type'] === 's3' && options['bucket_name'] === undefined && shared === undefined)
      .map(({ path }) => ({ severity: 'error', path, message: 'S3 needs a bucket_name, here or in globals.cache.s3' }));
  });
}
