import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { requireOk, type HttpClient } from '../net/http.ts';

/** Longest wait for a whole picture, tries and all. */
const PATIENCE_MS = 300_000;

/**
 * Fetches a file and keeps it, under a name that tells its address and its contents, with the time that its server says. A copy appears
 * as a whole (rename).
 * @returns its path in `directory`
 * @throws GatewayError UPSTREAM_*
 */
export async function remoteCopy(url: string, http: HttpClient, directory: string): Promise<string> {
  const { bytes, headers } = requireOk(await http.get(url, { signal: AbortSignal.timeout(PATIENCE_MS) }), url);
  const path = join(directory, `${digest(url)}-${digest(bytes)}${extname(new URL(url).pathname)}`);
  const unfinished = `${path}.${randomUUID()}~`;
  await mkdir(directory, { recursive: true });
  try {
    await writeFile(unfinished, bytes);
    const changed = Date.parse(String(headers['last-modified'] ?? ''));
    if (!Number.isNaN(changed)) await utimes(unfinished, changed / 1000, changed / 1000);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return path;
}

function digest(what: string | Uint8Array): string {
  return createHash('sha256').update(what).digest('hex').slice(0, 12);
}
