import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureGateway, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** `inspire_md`. Dangers: a style that the capabilities name and no map takes; extended capabilities where a DTD forbids them. That they say what MapProxy's do is in test/e2e. */
const config = `
services:
  wms:
    inspire_md:
      type: linked
      metadata_url: {url: 'https://example.org/md?a=1&b=2', media_type: application/vnd.iso.19139+xml}
      languages: {default: ger}
layers: [{name: moon, title: Moon, sources: [red]}]
sources: {red: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
globals: {cache: {base_dir: cache}}
`;
let served: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(config, { red: plainPicture(4, 2, [200, 10, 20, 255]) });
});
afterAll(() => served.close());
const ask = async (query: string) => served.app.inject(`/service?SERVICE=WMS&${query}`);

describe('inspire_md', () => {
  it('stands in the capabilities of 1.3.0', async () => {
    const { body } = await ask('REQUEST=GetCapabilities&VERSION=1.3.0');
    expect(body).toContain('<inspire_common:URL>https://example.org/md?a=1&amp;b=2</inspire_common:URL>');
    expect(body).toContain('<inspire_common:Language>ger</inspire_common:Language>');
    expect(body).toContain('<Name>inspire_common:DEFAULT</Name>');
  });

  it('not in those of 1.1.1', async () => expect((await ask('REQUEST=GetCapabilities&VERSION=1.1.1')).body).not.toContain('inspire'));

  it.each(['inspire_common:DEFAULT', 'default', ''])("the style '%s' is taken, by maps and legends", async (style) => {
    for (const query of [`VERSION=1.3.0&REQUEST=GetMap&LAYERS=moon&STYLES=${style}&CRS=CRS:84&BBOX=0,0,10,10&WIDTH=4&HEIGHT=4&FORMAT=image/png`, `VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER=moon&STYLE=${style}&FORMAT=image/png`]) {
      expect((await ask(query)).headers['content-type']).toBe('image/png');
    }
  });

  it('others are not', async () => expect((await ask('VERSION=1.3.0&REQUEST=GetMap&LAYERS=moon&STYLES=other&CRS=CRS:84&BBOX=0,0,10,10&WIDTH=4&HEIGHT=4&FORMAT=image/png')).statusCode).toBe(400));
});
