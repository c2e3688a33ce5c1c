import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureGateway, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/** What a layer says of itself beside its picture. Danger: an option of `md` that is read and told to nobody. */
const config = `
services: {wms: }
layers:
  - name: moon
    title: Moon
    sources: [red]
    md:
      attribution: {title: Somebody, url: 'https://example.org/', logo: {url: 'https://example.org/logo.svg', width: 10, height: 20}}
      identifier: [{url: 'https://example.org/ids', name: agency, value: 12}, {name: other, value: b}, {url: 'https://example.org/none'}]
      data: [{url: 'https://example.org/data?a=1&b=2', format: image/tiff}]
      feature_list: [{url: 'https://example.org/names'}]
  - {name: sizeless, title: Sizeless, sources: [red], md: {attribution: {logo: {url: 'https://example.org/logo.png'}}}}
sources: {red: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
globals: {cache: {base_dir: cache}}
`;
let served: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(config, { red: plainPicture(4, 2, [200, 10, 20, 255]) });
});
afterAll(() => served.close());

async function layerOf(name: string, version: string): Promise<string> {
  const { body } = await served.app.inject(`/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=${version}`);
  return body.slice(body.indexOf(`<Name>${name}</Name>`)).split('<Style>')[0]!.replaceAll(/\s+/g, ' ').replaceAll(/ xmlns:xlink="[^"]*"| xlink:type="simple"/g, '');
}

describe.each(['1.1.1', '1.3.0'])('capabilities %s', (version) => {
  it('tell what is linked', async () => {
    const text = await layerOf('moon', version);
    for (const told of [
      '<LogoURL width="10" height="20"> <Format>image/svg+xml</Format> <OnlineResource xlink:href="https://example.org/logo.svg"/> </LogoURL>',
      '<AuthorityURL name="agency"> <OnlineResource xlink:href="https://example.org/ids"/> </AuthorityURL> <Identifier authority="agency">12</Identifier> <Identifier authority="other">b</Identifier>',
      '<DataURL> <Format>image/tiff</Format> <OnlineResource xlink:href="https://example.org/data?a=1&amp;b=2"/> </DataURL>',
      '<FeatureListURL> <Format>text/html</Format> <OnlineResource xlink:href="https://example.org/names"/> </FeatureListURL>',
    ]) expect(text).toContain(told);
  });

  it('tell of a logo without a size where that may be', async () => {
    expect((await layerOf('sizeless', version)).includes('<LogoURL>')).toBe(version === '1.3.0');
  });
});
