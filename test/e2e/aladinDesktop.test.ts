import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aladinDesktop } from './support/aladinDesktop.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { expectUpright } from './support/globeView.ts';
import { keep } from './support/moon.ts';

let gateway: Gateway;
let home: string;
beforeAll(async () => {
  gateway = await startGateway({ demo: true });
  home = await mkdtemp(join(tmpdir(), 'hips-gateway-home-'));
});
afterAll(async () => {
  await gateway?.stop();
  await rm(home, { recursive: true, force: true });
});

describe('Aladin Desktop', () => {
  it.each([
    ['the near side', '0.0 0.0', '60deg', { lon: 0, lat: 0 }],
    ['the date line', '180.0 -30.0', '60deg', { lon: 180, lat: -30 }],
    ['the whole globe', '40.0 70.0', '180deg', { lon: 40, lat: 70 }],
  ])('draws %s, east to the right', async (name, target, zoom, view) => {
    const script = [`load ${gateway.url}/hips/moon`, 'sync', target, `zoom ${zoom}`, 'sync', 'save -png 800x800 out.png', 'quit'];
    const { picture } = await aladinDesktop(script, home);
    await keep(`aladin-desktop-${name.replaceAll(' ', '-')}.png`, picture);
    await expectUpright(picture, view);
  });

  it.each(['properties', 'Moc.fits', 'Norder3/Dir0/Npix283.png', 'Norder3/Allsky.png'])('is spared a second download of %s', async (path) => {
    const url = `${gateway.url}/hips/moon/${path}`;
    const first = await fetch(url);
    const modified = first.headers.get('last-modified');
    expect([first.status, typeof modified]).toEqual([200, 'string']);
    // Java's URLConnection sends the date alone, without an entity tag.
    const again = await fetch(url, { headers: { 'if-modified-since': String(modified), 'user-agent': 'Aladin/12.001 Java/17' } });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    const older = await fetch(url, { headers: { 'if-modified-since': 'Sat, 01 Jan 2000 00:00:00 GMT' } });
    expect(older.status).toBe(200);
  });
});
