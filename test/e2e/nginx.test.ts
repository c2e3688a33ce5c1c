import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freePort } from '../support/freePort.ts';
import { type Gateway, ROOT, startGateway } from './support/gateway.ts';
import { MOON_MAPS } from './support/moonMaps.ts';
import { type Running, start, stop } from './support/process.ts';

/** The recipes of docs/deployment.md, word for word but for ports and folders, in front of a real gateway. */
const RECIPES = [...readFileSync(path.join(ROOT, 'docs/deployment.md'), 'utf8').matchAll(/```nginx\n([\s\S]*?)```/g)].map((match) => match[1]!);

function recipeWith(words: string): string {
  const found = RECIPES.filter((recipe) => recipe.includes(words));
  expect(found).toHaveLength(1);
  return found[0]!;
}

let gateway: Gateway;
let folder: string;
let nginx: Running | null = null;
beforeAll(async () => {
  gateway = await startGateway({ text: MOON_MAPS });
  folder = await mkdtemp(path.join(tmpdir(), 'hips-gateway-nginx-'));
});
afterEach(async () => {
  if (nginx !== null) await stop(nginx, 'SIGTERM');
  nginx = null;
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts nginx with a recipe; resolves with its address once it answers. */
async function startNginx(recipe: string, { to = gateway, health = '/health' } = {}): Promise<string> {
  const port = await freePort();
  const upstream = new URL(to.url).host.replace('localhost', '127.0.0.1');
  const here = recipe.replaceAll('listen 80;', `listen 127.0.0.1:${port};`).replaceAll('127.0.0.1:8080', upstream).replaceAll('/var/cache/nginx/hips', `${folder}/proxy`);
  await mkdir(`${folder}/logs`, { recursive: true });
  await writeFile(`${folder}/nginx.conf`, `
user root;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/logs/error.log;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name}_temp;`).join('\n  ')}
  types { image/jpeg jpg; image/png png; image/webp webp; }
${here}
}
`);
  nginx = start('/usr/sbin/nginx', ['-c', `${folder}/nginx.conf`, '-p', folder], {});
  const url = `http://127.0.0.1:${port}`;
  await expect.poll(() => fetch(`${url}${health}`).then((answer) => answer.status, () => 0), { timeout: 10_000 }).toBe(200);
  return url;
}

it('with proxy_cache a tile is asked of the gateway once, and the admin address is not reachable', async () => {
  const url = await startNginx(recipeWith('proxy_cache hips'));
  const tile = '/hips/moon/Norder1/Dir0/Npix17.jpg';
  const first = await fetch(`${url}${tile}`);
  const second = await fetch(`${url}${tile}`);
  expect([first.status, first.headers.get('x-cache'), second.headers.get('x-cache')]).toEqual([200, 'MISS', 'HIT']);
  expect(Buffer.from(await second.arrayBuffer()).equals(Buffer.from(await first.arrayBuffer()))).toBe(true);
  expect(second.headers.get('access-control-allow-origin')).toBe('*');
  expect((await fetch(`${url}/admin/reload`, { method: 'POST' })).status).toBe(404);
});

it('sends stored tiles itself, the same bytes, and leaves the others to the gateway', async () => {
  const tile = '/hips/moon/Norder2/Dir0/Npix77.jpg';
  const answer = await fetch(`${gateway.url}${tile}`);
  const own = Buffer.from(await answer.arrayBuffer());
  const caches = path.join(gateway.folder, 'cache_data');
  const hips = readdirSync(caches).find((name) => name.startsWith('moon.hips-'))!;
  const url = await startNginx(recipeWith('try_files').replaceAll('/srv/cache', caches).replaceAll('moon.hips-DIGEST', hips));
  const stored = await fetch(`${url}${tile}`);
  expect([stored.status, stored.headers.get('content-type'), stored.headers.get('access-control-allow-origin')]).toEqual([200, 'image/jpeg', '*']);
  expect(stored.headers.get('etag')).toMatch(/^"[0-9a-f]+-[0-9a-f]+"$/); // nginx's own, not the gateway's
  expect(stored.headers.get('etag')).not.toBe(answer.headers.get('etag'));
  expect(Buffer.from(await stored.arrayBuffer()).equals(own)).toBe(true);
  const fresh = await fetch(`${url}/hips/moon/Norder2/Dir0/Npix78.jpg`);
  expect([fresh.status, (await fresh.arrayBuffer()).byteLength > 1000]).toEqual([200, true]);
});

it('below a path: every address in capabilities, the HiPS list and pages begins with it, and is answered', async () => {
  const trusting = await startGateway({ text: `${MOON_MAPS}\nserver: {trust_proxy: true}\n` });
  try {
    const url = await startNginx(recipeWith('X-Script-Name /maps'), { to: trusting, health: '/maps/health' });
    const host = new URL(url).hostname; // the recipe's $host has no port
    for (const document of ['hips/list', 'hips/moon/properties', 'service?SERVICE=WMS&REQUEST=GetCapabilities', 'wmts/1.0.0/WMTSCapabilities.xml', 'demo/', '']) {
      const answer = await fetch(`${url}/maps/${document}`);
      const text = await answer.text();
      expect(answer.status, document).toBe(200);
      const own = [...text.matchAll(/http:\/\/127\.0\.0\.1[^\s"'<>]*/g)].map(([address]) => address);
      expect(own.filter((address) => !address.startsWith(`http://${host}/maps`)), document).toEqual([]);
      const links = [...text.matchAll(/(?:data-script|src)="([^"]+)"/g)].map((match) => new URL(match[1]!.replaceAll('&amp;', '&'), `${url}/maps/${document}`));
      for (const link of links) expect((await fetch(link)).status, link.href).toBe(200);
    }
    expect(await (await fetch(`${url}/maps/hips/list`)).text()).toContain(`http://${host}/maps/hips/moon`);
  } finally {
    await trusting.stop();
  }
});
