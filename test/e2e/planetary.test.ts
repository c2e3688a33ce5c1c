import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, getBytes, ROOT, startGateway } from './support/gateway.ts';
import { difference, readPicture } from './support/pixels.ts';
import { run } from './support/process.ts';

/** Pictures with labels as GDAL of Debian writes them, shown by the gateway as the picture that they were made from. */
const FORMATS = { isis: ['ISIS3', 'm.cub'], pds4: ['PDS4', 'm.xml'], vicar: ['VICAR', 'm.vic'] } as const;
let folder: string;
let gateway: Gateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hips-gateway-planetary-'));
  const moon = join(ROOT, 'config/data/moon.jpg');
  const red = join(folder, 'red.tif');
  await run('gdal_translate', ['-q', '-b', '1', '-a_srs', 'IAU:30100', '-a_ullr', '-180', '90', '180', '-90', moon, red], 120_000);
  for (const [format, file] of Object.values(FORMATS)) await run('gdal_translate', ['-q', '-of', format, red, join(folder, file)], 120_000);
  gateway = await startGateway({
    text: `
services:
  wms:
layers:
${['red', ...Object.keys(FORMATS)].map((name) => `  - {name: ${name}, title: ${name}, sources: [${name}]}`).join('\n')}
sources:
  red: {type: image, url: '${red}', srs: 'IAU_2015:30100'}
${Object.entries(FORMATS).map(([name, [, file]]) => `  ${name}: {type: image, url: '${join(folder, file)}', srs: 'IAU_2015:30110'}`).join('\n')}
`,
  });
}, 300_000);

afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

function map(layer: string, bbox: string): Promise<Uint8Array> {
  return getBytes(`${gateway.url}/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=${layer}&CRS=IAU_2015:30100&BBOX=${bbox}&WIDTH=512&HEIGHT=256&FORMAT=image/png&STYLES=`);
}

describe.each(Object.keys(FORMATS))('%s', (name) => {
  it.each(['-90,-180,90,180', '10,-40,20,-20'])('lies where its label says, %s (danger: half a pixel beside, upside down)', async (bbox) => {
    const { mean, max } = difference(await readPicture(await map('red', bbox)), await readPicture(await map(name, bbox)));
    expect(mean).toBeLessThan(0.5);
    expect(max).toBeLessThan(16);
  });
});
