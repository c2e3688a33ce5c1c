import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start, stop } from '../../test/e2e/support/process.ts';
import { freePort } from '../../test/support/freePort.ts';
import type { Server } from '../support/served.ts';
import { answering } from './answering.ts';
import { inEnvironment } from './find.ts';

/** As many as the machine of the published figures has processors, the same as the gateway's threads. */
const PROCESSES = '2';

/** Runs MapProxy of an environment of install.sh under gunicorn; null when it is not installed. */
export async function withMapProxy<T>(environment: 'mapproxy' | 'mapproxy_hips', yaml: string, use: (server: Server) => Promise<T>): Promise<T | null> {
  const gunicorn = inEnvironment(environment, 'gunicorn');
  if (gunicorn === null) return null;
  const folder = await mkdtemp(join(tmpdir(), 'bench-mapproxy-'));
  await writeFile(join(folder, 'mapproxy.yaml'), yaml);
  const port = await freePort();
  const args = ['--workers', PROCESSES, '--timeout', '300', '--keep-alive', '75', '--bind', `127.0.0.1:${port}`, "mapproxy.wsgiapp:make_wsgi_app('mapproxy.yaml')"];
  const process_ = start(gunicorn, args, { cwd: folder, env: { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' } });
  try {
    const url = `http://127.0.0.1:${port}`;
    await answering(url);
    return await use({ url, process: process_ });
  } catch (cause) {
    throw new Error(`MapProxy wrote:\n${process_.output().slice(-4000)}`, { cause });
  } finally {
    await stop(process_);
    await rm(folder, { recursive: true, force: true });
  }
}

export interface PeerHips {
  readonly upstream: string;
  readonly resampling: string;
  /** PNG with all colours instead of a palette of 256. */
  readonly trueColour?: boolean;
  /** Keep tiles once made. */
  readonly store?: boolean;
}

/** mapproxy_hips: a WMS that answers with JPEG, as a HiPS. */
export function hipsOfWms({ upstream, resampling, trueColour = false, store = false }: PeerHips): string {
  return `
services: {hips: {resampling_method: ${resampling}, populate_cache: ${store}}}
layers: [{name: moon, title: Moon, sources: [moon_wms], md: {hips: {creator_did: 'ivo://peer.test/moon', obs_title: Moon}}}]
sources: {moon_wms: {type: wms, supported_srs: ['IAU_2015:30100'], req: {url: '${upstream}', layers: moon, format: image/jpeg}}}
globals: {image: {paletted: ${!trueColour}}}
`;
}

/** mapproxy_hips: a HiPS as maps and tiles, its tiles kept after they were read once (its default), what is made of them not. */
export function mapsOfHips(hips: string, resampling: string): string {
  return `
services: {wmts: , wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130'], md: {title: t}}}
layers: [{name: moon_tiles, title: t, sources: [moon_cache]}, {name: moon, title: t, sources: [moon_hips]}]
sources: {moon_hips: {type: hips, image: {format: image/jpeg}, resampling_method: ${resampling}, url: '${hips}'}}
caches: {moon_cache: {grids: [geodetic], sources: [moon_hips], format: image/jpeg, disable_storage: true}}
grids: {geodetic: {origin: nw, base: GLOBAL_GEODETIC, bbox: [-180, -90, 180, 90], srs: 'IAU_2015:30100'}}
`;
}

/** MapProxy alone: a WMS as maps in other reference systems and as tiles, kept once made. */
export function mapsOfWms(upstream: string, grids: string): string {
  return `
services: {wmts: , wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130'], md: {title: t}}}
layers: [{name: moon_tiles, title: t, sources: [moon_cache]}, {name: moon, title: t, sources: [moon_wms]}]
sources: {moon_wms: {type: wms, supported_srs: ['IAU_2015:30100'], req: {url: '${upstream}', layers: moon, format: image/jpeg}}}
caches: {moon_cache: {grids: [geodetic], sources: [moon_wms], format: image/jpeg}}
grids: {${grids}}
globals: {image: {resampling_method: bilinear}}
`;
}
