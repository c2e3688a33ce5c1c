import type { FastifyInstance } from 'fastify';
import { type StaticFile, staticHandler } from './staticFile.ts';
import type { Viewer } from './viewer.ts';

/** web/ beside src/ and beside dist/ alike. */
const WEB = new URL('../../web/', import.meta.url);

const SHORT = 'public, max-age=300';
/** For addresses that carry a version: what they name never changes. */
const FOREVER = 'public, max-age=31536000, immutable';

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';

const OWN_FILES: { readonly [name: string]: string } = {
  'style.css': 'text/css; charset=utf-8',
  'hips.js': JAVASCRIPT,
  'icon.svg': 'image/svg+xml',
};

function serve(app: FastifyInstance, url: string, file: StaticFile): void {
  app.route({ method: ['GET', 'HEAD'], url, handler: staticHandler(file) });
}

/** Fastify plugin: the files of the pages under /web/, and Aladin Lite with its licence texts under /vendor/. */
export async function serveFiles(app: FastifyInstance, { viewer }: { readonly viewer: Viewer | null }): Promise<void> {
  for (const [name, contentType] of Object.entries(OWN_FILES)) {
    serve(app, `/web/${name}`, { location: new URL(name, WEB), contentType, cacheControl: SHORT });
  }
  if (viewer === null) return;
  const { folder, scriptPath } = viewer;
  serve(app, `/${scriptPath}`, { location: new URL('dist/aladin.js', folder), contentType: JAVASCRIPT, cacheControl: FOREVER });
  for (const name of ['LICENSE', 'COPYING', 'COPYING.LESSER']) {
    const url = `/vendor/aladin-lite/${viewer.version}/${name}`;
    serve(app, url, { location: new URL(name, folder), contentType: TEXT, cacheControl: FOREVER });
  }
}
