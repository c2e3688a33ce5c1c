import { describe, expect, it } from 'vitest';
import { wmsOffer } from '../../../test/conformance/services.ts';
import { parseKvp } from '../params.ts';
import { wmsFailure } from './failure.ts';

const BASE = 'REQUEST=GetMap&VERSION=1.3.0&LAYERS=NonExistant&WIDTH=80&HEIGHT=50&FORMAT=image/png';

function failureOf(query: string) {
  return wmsFailure(parseKvp(query), wmsOffer);
}

describe('wmsFailure', () => {
  it('keeps size, format and colours for an answer as picture', () => {
    expect(failureOf(`${BASE}&EXCEPTIONS=BLANK&BGCOLOR=0xFF0000&TRANSPARENT=TRUE`)).toEqual({
      kind: 'blank',
      version: '1.3.0',
      width: 80,
      height: 50,
      format: 'image/png',
      transparent: true,
      background: 0xff0000,
    });
    expect(failureOf(`${BASE.replace('1.3.0', '1.1.1')}&EXCEPTIONS=application/vnd.ogc.se_inimage`)).toMatchObject({ kind: 'inimage', version: '1.1.1' });
  });

  it.each([
    ['a size that is too large', `${BASE.replace('WIDTH=80', 'WIDTH=80000')}&EXCEPTIONS=BLANK`],
    ['no size', `${BASE.replace('WIDTH=80', 'WIDTH=')}&EXCEPTIONS=BLANK`],
    ['a broken colour', `${BASE}&EXCEPTIONS=BLANK&BGCOLOR=red`],
    ['a format that is not offered', `${BASE.replace('png', 'gif')}&EXCEPTIONS=INIMAGE`],
    ['another operation', `${BASE.replace('GetMap', 'GetFeatureInfo')}&EXCEPTIONS=INIMAGE`],
    ['no wish', BASE],
    ['an unknown wish', `${BASE}&EXCEPTIONS=PARTIALMAP`],
  ])('answers in XML after %s', (_what, query) => {
    expect(failureOf(query)).toEqual({ kind: 'xml', version: '1.3.0' });
  });

  it('never throws, whatever it is given', () => {
    for (const query of ['', 'VERSION=x', '%%%', 'EXCEPTIONS=BLANK&REQUEST=GetMap']) expect(failureOf(query).kind).toBe('xml');
    expect(failureOf('REQUEST=GetMap&SRS=EPSG:4326').version).toBe('1.1.1');
  });
});
