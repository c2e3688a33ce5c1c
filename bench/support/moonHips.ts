import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { getBytes, ROOT, startGateway } from '../../test/e2e/support/gateway.ts';
import { pictureAsAll } from './configs.ts';

/**
 * A HiPS of the Moon in a folder, JPEG, orders 0 to `order`; made by the gateway itself at the first call and kept below .cache.
 * Returns the folder.
 */
export async function moonHips(order: number): Promise<string> {
  const folder = join(ROOT, `.cache/bench/moon-order-${order}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  const gateway = await startGateway({ text: pictureAsAll() });
  try {
    const address = `${gateway.url}/hips/moon`;
    const properties = new TextDecoder().decode(await getBytes(`${address}/properties`));
    const edited = properties.replace(/^(hips_order *= *)\d+/m, `$1${order}`).replace(/^(hips_tile_format *= *).*/m, '$1jpeg');
    await save(join(making, 'properties'), new TextEncoder().encode(edited));
    for (let k = 0; k <= order; k++) {
      for (let npix = 0; npix < 12 * 4 ** k; npix++) {
        const path = `Norder${k}/Dir${Math.floor(npix / 10_000) * 10_000}/Npix${npix}.jpg`;
        await save(join(making, path), await getBytes(`${address}/${path}`));
      }
    }
  } finally {
    await gateway.stop();
  }
  await rename(making, folder);
  return folder;
}

async function save(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}
