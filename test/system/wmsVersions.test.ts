import { afterEach, describe, expect, it } from 'vitest';
import { pictureGateway, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** `services.wms.versions`: a client is answered in a version that is listed, whatever it asks for. */
function config(versions: string): string {
  return `
services: {wms: {versions: ${versions}}}
layers: [{name: red, title: Red, sources: [red]}]
sources: {red: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
globals: {cache: {base_dir: cache}}
`;
}

let served: PictureGateway | null = null;
afterEach(async () => {
  await served?.close();
  served = null;
});

async function ask(versions: string, query: string): Promise<string> {
  served = await pictureGateway(config(versions), { red: plainPicture(36, 18, [255, 0, 0, 255]) });
  return (await served.app.inject(`/service?SERVICE=WMS&${query}`)).body;
}

const [OLD, NEW] = ['<WMT_MS_Capabilities version="1.1.1"', '<WMS_Capabilities version="1.3.0"'];

describe('services.wms.versions', () => {
  it.each([
    ["['1.1.1']", 'VERSION=1.3.0&', OLD],
    ["['1.1.1']", '', OLD],
    ["['1.3.0']", 'VERSION=1.1.1&', NEW],
    ["['1.3.0', '1.1.1']", '', NEW],
    ["['1.3.0', '1.1.1']", 'VERSION=1.1.1&', OLD],
    ["['1.0.0', '1.1.0']", 'VERSION=1.3.0&', OLD],
  ])('%s: %s is answered by %s', async (versions, version, answered) => {
    expect(await ask(versions, `${version}REQUEST=GetCapabilities`)).toContain(answered);
  });

  it('exceptions are of a version that is listed too', async () => {
    const broken = 'VERSION=1.3.0&REQUEST=GetMap&LAYERS=nothing';
    expect(await ask("['1.1.1']", broken)).toContain('<ServiceExceptionReport version="1.1.1"');
    await served?.close();
    expect(await ask("['1.3.0']", broken)).toContain('<ServiceExceptionReport version="1.3.0"');
  });

  it('what is no version of WMS is a mistake in the configuration', async () => {
    await expect(ask("['1.2.0']", '')).rejects.toThrow(/versions/);
  });
});
