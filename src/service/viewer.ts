import { readFileSync } from 'node:fs';

/** An installed Aladin Lite: unmodified, served from its own package folder. */
export interface Viewer {
  readonly version: string;
  /** The package's folder, with trailing slash. */
  readonly folder: URL;
  /** Path of the script below this server's root, without leading slash. */
  readonly scriptPath: string;
}

function versionOf(folder: URL): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  if (typeof version !== 'string') throw new Error('aladin-lite has no version');
  return version;
}

/** Finds the optional package aladin-lite; null when it is not installed or cannot be read. */
export function findViewer(): Viewer | null {
  try {
    const folder = new URL('../', import.meta.resolve('aladin-lite'));
    const version = versionOf(folder);
    return { version, folder, scriptPath: `vendor/aladin-lite/${version}/aladin.js` };
  } catch {
    return null;
  }
}
