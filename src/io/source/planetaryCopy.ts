import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { GatewayError } from '../../errors.ts';
import type { GdalJob, GdalReply } from './gdalThread.ts';
import { tiledCopy, type FileVersion } from './tiledCopy.ts';

/**
 * The tiled TIFF of a picture in one of the planetary formats, made now unless it is there: by GDAL, in a thread of its own that ends
 * with it.
 * @returns its path in `directory`
 * @throws GatewayError CONFIG_INVALID, locator 'url', when the optional package gdal3.js is not installed, or GDAL cannot read the file
 */
export function planetaryCopy(file: FileVersion, directory: string): Promise<string> {
  return tiledCopy(file, async (to) => {
    const reply = await inThread({ from: file.path, to });
    if (reply === null) return;
    const why = reply.code === 'absent' ? "it needs the package 'gdal3.js': npm install gdal3.js" : reply.message;
    throw new GatewayError('CONFIG_INVALID', `${file.path} cannot be read: ${why}`, { locator: 'url' });
  }, directory);
}

function inThread(job: GdalJob): Promise<GdalReply> {
  const entry = new URL(`./gdalThread${extname(import.meta.url)}`, import.meta.url); // .ts in a checkout, .js when published
  const worker = new Worker(entry, { workerData: job });
  return new Promise((resolve, reject) => {
    worker.once('message', (reply: GdalReply) => {
      resolve(reply);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread of GDAL ended with ${code}`)));
  });
}
