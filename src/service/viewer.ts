import { readFileSync } from 'node:fs';

/** An installed program that draws maps in a browser: unmodified, served from its own package folder. */
export interface Viewer {
  readonly version: string;
  /** The package's folder, with trailing slash. */
  readonly folder: URL;
  /** Path of the script below this server's root, without leading slash. */
  readonly scriptPath: string;
  /** Path of the style sheet likewise; null = it needs none. */
  readonly stylePath: string | null;
  /** What is served of the package, paths below its folder: script, style sheet, licence texts. */
  readonly files: readonly string[];
}

/** Those that are there; null = not installed. */
export interface Viewers {
  readonly aladinLite: Viewer | null;
  readonly openLayers: Viewer | null;
  readonly leaflet: Viewer | null;
}

interface ViewerPackage {
  readonly name: string;
  /** What resolves to a file in dist/, given each package's exports. */
  readonly entry: string;
  readonly script: string;
  readonly style: string | null;
  readonly licences: readonly string[];
}

const ALADIN_LITE: ViewerPackage = {
  name: 'aladin-lite', entry: 'aladin-lite', script: 'dist/aladin.js', style: null, licences: ['LICENSE', 'COPYING', 'COPYING.LESSER'],
};
const OPEN_LAYERS: ViewerPackage = { name: 'ol', entry: 'ol/dist/ol.js', script: 'dist/ol.js', style: 'ol.css', licences: ['LICENSE.md'] };
const LEAFLET: ViewerPackage = { name: 'leaflet', entry: 'leaflet', script: 'dist/leaflet.js', style: 'dist/leaflet.css', licences: ['LICENSE'] };

function versionOf(folder: URL): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  if (typeof version !== 'string') throw new Error('a package without version');
  return version;
}

/** Path below this server's root of a file of a package: its folders inside the package are not shown. */
function vendorPath(name: string, version: string, file: string): string {
  return `vendor/${name}/${version}/${file.slice(file.lastIndexOf('/') + 1)}`;
}

function find({ name, entry, script, style, licences }: ViewerPackage): Viewer | null {
  try {
    const folder = new URL('../', import.meta.resolve(entry));
    const version = versionOf(folder);
    return {
      version,
      folder,
      scriptPath: vendorPath(name, version, script),
      stylePath: style === null ? null : vendorPath(name, version, style),
      files: [script, ...(style === null ? [] : [style]), ...licences],
    };
  } catch {
    return null;
  }
}

/** Finds the optional packages aladin-lite, ol and leaflet. */
export function findViewers(): Viewers {
  return { aladinLite: find(ALADIN_LITE), openLayers: find(OPEN_LAYERS), leaflet: find(LEAFLET) };
}
