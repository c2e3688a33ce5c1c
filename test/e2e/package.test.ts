import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { getBytes, ROOT, startGateway } from './support/gateway.ts';
import { readPicture } from './support/pixels.ts';
import { run } from './support/process.ts';

it('serves the demo from the published package, installed into an empty folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hips-gateway-package-'));
  try {
    await run('npm', ['pack', '--pack-destination', folder], 120_000, { cwd: ROOT });
    const [packed] = await readdir(folder);
    await run('npm', ['install', '--omit=dev', '--prefix', folder, join(folder, packed!)], 240_000, { cwd: folder });
    const gateway = await startGateway({ demo: true }, join(folder, 'node_modules/hips-gateway/dist/cli/main.js'));
    try {
      const { width, height } = await readPicture(await getBytes(`${gateway.url}/hips/moon/Norder1/Dir0/Npix20.png`));
      expect([width, height]).toEqual([512, 512]);
      expect(new TextDecoder().decode(await getBytes(`${gateway.url}/hips/moon/`))).toContain('<!doctype html>');
    } finally {
      await gateway.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
