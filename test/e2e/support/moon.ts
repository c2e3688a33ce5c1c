import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './gateway.ts';

/** The world map that the demo serves: simple cylindrical, 4096x2048, longitude -180..180 east-positive. */
export const MOON_JPG = join(ROOT, 'config/data/moon.jpg');

/** Keeps a picture under test-results/ for people to look at; it is overwritten by the next run. */
export async function keep(name: string, bytes: Uint8Array): Promise<void> {
  const folder = join(ROOT, 'test-results');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), bytes);
}
