import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decoded, pictureGateway, pixelAt, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * min_res and max_res of sources and layers, min_scale and max_scale: MapProxy's rule. Dangers: a detailed source asked for the whole planet,
 * scales taken the wrong way round (the larger denominator is the coarser).
 */
const CONFIG = `
services: {wms: {srs: ['IAU_2015:30100']}}
layers:
  - {name: both, title: Both, sources: [coarse, fine]}
  - {name: scaled, title: Scaled, sources: [scaled]}
  - {name: limited, title: Limited, min_scale: 1000000, max_scale: 100000000, sources: [always]}
sources:
  always: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  coarse: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], max_res: 3000}
  fine: {type: image, url: blue.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], min_res: 3000}
  scaled: {type: image, url: red.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], min_scale: 1000000, max_scale: 100000000}
globals: {cache: {base_dir: cache}}
`;
/** A degree of the Moon, metres. */
const DEGREE = (Math.PI / 180) * 1_737_400;

let served: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(CONFIG, { red: plainPicture(36, 18, [255, 0, 0, 255]), blue: plainPicture(36, 18, [0, 0, 255, 255]) });
});
afterAll(() => served.close());

/** The pixel in the middle of a square map with so many metres per pixel. */
async function colourAt(layer: string, metres: number): Promise<readonly number[]> {
  const half = (16 * metres) / DEGREE;
  const answer = await served.app.inject(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=IAU_2015:30100&BBOX=${-half},${-half},${half},${half}&WIDTH=32&HEIGHT=32&FORMAT=image/png&TRANSPARENT=TRUE`);
  expect(answer.statusCode, answer.body.slice(0, 200)).toBe(200);
  return pixelAt(await decoded(answer.rawPayload), 16, 16);
}

const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];
const NOTHING = [0, 0, 0, 0];

describe('resolutions', () => {
  it('of sources hand over at the limit', async () => {
    expect(await colourAt('both', 5000)).toEqual(RED);
    expect(await colourAt('both', 3001)).toEqual(RED);
    expect(await colourAt('both', 2999)).toEqual(BLUE);
    expect(await colourAt('both', 100)).toEqual(BLUE);
  });

  it.each(['scaled', 'limited'])('of %s by scale denominators: from 280 m to 28 km per pixel', async (layer) => {
    expect([await colourAt(layer, 270), await colourAt(layer, 290), await colourAt(layer, 27_900), await colourAt(layer, 28_100)]).toEqual([NOTHING, RED, RED, NOTHING]);
  });

  it('of layers are said in the capabilities', async () => {
    const { body } = await served.app.inject('/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities');
    const layer = body.slice(body.indexOf('<Name>limited</Name>'));
    expect(Number(/<MinScaleDenominator>([\d.]+)</.exec(layer)?.[1])).toBeCloseTo(1e6, 0);
    expect(Number(/<MaxScaleDenominator>([\d.]+)</.exec(layer)?.[1])).toBeCloseTo(1e8, 0);
  });
});
