import { expect, it } from 'vitest';
import { freePort } from '../support/freePort.ts';
import { plainPicture, pictureGateway } from '../support/pictureGateway.ts';

/**
 * Maps drawn from the gateway's own HiPS, as in the demo. Danger: maps take all places of the threads and wait for tiles that have none, until
 * the requests time out after a minute.
 */
const MAPS = 30;
const PATIENCE_MS = 30_000;

it('many maps at once of a HiPS that this gateway makes itself, none of whose tiles are there yet', async () => {
  const port = await freePort();
  const yaml = `
services: {hips: {formats: [png]}, wms: {srs: ['IAU_2015:30100']}}
layers:
  - {name: moon, title: Moon, sources: [picture], md: {hips: {hips_order: 3, hips_body: moon, hips_frame: moon}}}
  - {name: moon_hips, title: From its HiPS, sources: [own]}
sources:
  picture: {type: image, url: moon.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  own: {type: hips, url: 'http://127.0.0.1:${port}/hips/moon', body: moon, hips_order: 3, hips_tile_width: 512, image: {format: image/png}}
globals: {cache: {base_dir: ./cache}}
`;
  const { app, close } = await pictureGateway(yaml, { moon: plainPicture(512, 256, [90, 60, 30, 255]) }, { threads: 2 });
  try {
    await app.listen({ port, host: '127.0.0.1' });
    const maps = Array.from({ length: MAPS }, async (_, i) => {
      const west = -180 + i * 9;
      const address = `http://127.0.0.1:${port}/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=moon_hips&STYLES=&SRS=IAU_2015:30100&BBOX=${west},-20,${west + 20},20&WIDTH=200&HEIGHT=400&FORMAT=image/png`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) });
      await answer.arrayBuffer();
      return answer.status;
    });
    expect(await Promise.all(maps)).toEqual(Array.from({ length: MAPS }, () => 200));
  } finally {
    await close();
  }
}, 2 * PATIENCE_MS);
