import type { Plain } from '../yaml/tree.ts';
import { type Finding, mapAt, members } from './finding.ts';

/** What kinds of store need, and may have from `globals`. */
export function checkStores(data: Plain): Finding[] {
  const { bucket_name: shared } = mapAt(data, 'globals', 'cache', 's3');
  return members(data, 'caches').flatMap(([name, cache]): Finding[] => {
    const store = mapAt(cache, 'cache');
    if (store['type'] !== 's3' || store['bucket_name'] !== undefined || shared !== undefined) return [];
    return [{ severity: 'error', path: ['caches', name, 'cache'], message: 'S3 needs a bucket_name, here or in globals.cache.s3' }];
  });
}
