import type { FastifyInstance } from 'fastify';
import { type StaticFile, staticHandler } from './staticFile.ts';
import type { Viewer, Viewers } from './viewer.ts';

/** web/ beside src/ and beside dist/ alike. */
const WEB = new URL('../../web/', import.meta.url);

const SHORT = 'public, max-age=300';
/** For addresses that carry a version: what they name never changes. */
const FOREVER = 'public, max-age=31536000, immutable';

const OWN_FILES: readonly string[] = [
  'style.css', 'icon.svg', 'aladin.js', 'hips.js',
  'demo/demo.css', 'demo/demo.js', 'demo/state.js', 'demo/openlayers.js', 'demo/leaflet.js',
];

const CONTENT_TYPES: { readonly [extension: string]: string } = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Licence texts have no extension, or one that browsers would offer to download. */
function contentTypeOf(file: string): string {
  return CONTENT_TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8';
}

function serve(app: FastifyInstance, url: string, file: Omit<StaticFile, 'contentType'>): void {
  const contentType = contentTypeOf(file.location.pathname);
  app.route({ method: ['GET', 'HEAD'], url, handler: staticHandler({ ...file, contentType }) });
}

function servePackage(app: FastifyInstance, { folder, scriptPath, files }: Viewer): void {
  const base = scriptPath.slice(0, scriptPath.lastIndexOf('/') + 1);
  for (const file of files) {
    serve(app, `/${base}${file.slice(file.lastIndexOf('/') + 1)}`, { location: new URL(file, folder), cacheControl: FOREVER });
  }
}

/** Fastify plugin: the files of the pages under /web/, and the installed viewers with their licence texts under /vendor/. */
export async function serveFiles(app: FastifyInstance, { viewers }: { readonly viewers: Viewers }): Promise<void> {
  for (const name of OWN_FILES) serve(app, `/web/${name}`, { location: new URL(name, WEB), cacheControl: SHORT });
  for (const viewer of [viewers.aladinLite, viewers.openLayers, viewers.leaflet]) if (viewer !== null) servePackage(app, viewer);
}
