import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { buildGateway, type BuildOptions } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import { forServing } from '../../src/config/serving.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { createApp } from '../../src/server/app.ts';
import type { Gateway } from '../../src/service/types.ts';

/** A gateway over pictures made for a test, and its application, in a directory of its own. */
export interface PictureGateway {
  readonly directory: string;
  readonly gateway: Gateway;
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

/** Trouble is not expected. */
function complain(error: unknown): never {
  throw error;
}

/** @param yaml the configuration, given the directory that the pictures are in as NAME.png; @param pictures straight RGBA; `before` runs when they are there */
export async function pictureGateway(yaml: string, pictures: Readonly<Record<string, Raster>>, { threads = 0, report = complain, before = () => {} }: Partial<BuildOptions> & { before?(directory: string): void } = {}): Promise<PictureGateway> {
  const directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-'));
  for (const [name, { data, width, height }] of Object.entries(pictures)) {
    await sharp(data, { raw: { width, height, channels: 4 } }).png().toFile(path.join(directory, `${name}.png`));
  }
  before(directory);
  const file = path.join(directory, 'gateway.yaml');
  writeFileSync(file, yaml);
  const gateway = await buildGateway(forServing(loadConfig(file)), { threads, report });
  const app = createApp(gateway, { logger: null });
  return {
    directory, gateway, app,
    async close() {
      await app.close();
      await gateway.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** A picture as it was sent: straight RGBA. */
export async function decoded(bytes: Uint8Array): Promise<Raster> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data, opaque: false };
}

/** Red, green, blue, alpha of a pixel. */
export function pixelAt({ data, width }: Raster, col: number, row: number): readonly number[] {
  const at = (row * width + col) * 4;
  return [...data.subarray(at, at + 4)];
}

/** One colour all over. */
export function plainPicture(width: number, height: number, colour: readonly [number, number, number, number]): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < data.length; i += 4) data.set(colour, i);
  return { width, height, data, opaque: colour[3] === 255 };
}
