import { describe, expect, it } from 'vitest';
import { degreesOnBody } from '../../geometry/crs/alias.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { bodyFrame } from '../../geometry/frame/frame.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { parseOgcMap, type OgcMapOffer } from './mapRequest.ts';

const MOON = bodyFrame('moon');
const DEGREES = degreesOnBody(MOON, 'CRS:84');
/** A square metre on the Moon's equator, degrees. */
const METRE = 180 / (Math.PI * 1737400);

const OFFER: OgcMapOffer = {
  frame: MOON,
  defaultCrs: crsOf('IAU_2015:30100'),
  degrees: DEGREES,
  maxWidth: 4000,
  maxHeight: 4000,
  resolveCrs: (identifier) => crsOf(identifier),
  extentIn: (crs) => projectBbox(DEGREES, [-20, -10, 20, 10], crs),
};

function parse(parameters: Readonly<Record<string, string>>) {
  return parseOgcMap(new Map(Object.entries(parameters)), OFFER);
}

function refusal(parameters: Readonly<Record<string, string>>): unknown {
  try {
    return parse(parameters);
  } catch (error) {
    return error;
  }
}

describe('the window of a map (OGC 20-058, table 9)', () => {
  it.each([
    ['nothing', {}, [-20, -10, 20, 10], 1024, 512],
    ['width', { width: '400' }, [-20, -10, 20, 10], 400, 200],
    ['height', { height: '100' }, [-20, -10, 20, 10], 200, 100],
    ['both', { width: '100', height: '100' }, [-20, -10, 20, 10], 100, 100],
    ['bbox', { bbox: '0,0,5,10' }, [0, 0, 5, 10], 512, 1024],
    ['bbox with heights', { bbox: '0,0,-5,5,10,5', width: '50' }, [0, 0, 5, 10], 50, 100],
    ['a bbox across the 180th meridian', { bbox: '170,-10,-170,10', width: '60' }, [170, -10, 190, 10], 60, 60],
    ['bbox in the order of its own system', { bbox: '0,20,10,40', 'bbox-crs': '[IAU_2015:30100]', width: '20' }, [20, 0, 40, 10], 20, 10],
    ['subset', { subset: 'Lat(0:10),Lon(20:40)', width: '20' }, [20, 0, 40, 10], 20, 10],
    ['center keeps the scale of the whole', { center: '10,0', width: '256', height: '128' }, [5, -2.5, 15, 2.5], 256, 128],
    ['scale', { 'scale-denominator': String(1 / (METRE * 0.00028)), width: '10', height: '4' }, [-5, -2, 5, 2], 10, 4],
    ['scale on a coarse display', { 'scale-denominator': String(1 / (METRE * 0.00028)), 'mm-per-pixel': '0.56', width: '10', height: '4' }, [-10, -4, 10, 4], 10, 4],
    ['scale and bbox', { 'scale-denominator': String(1 / (METRE * 0.00028)), bbox: '0,0,20,10' }, [0, 0, 20, 10], 20, 10],
  ])('%s', (_name, parameters, bbox, width, height) => {
    const map = parse(parameters as Readonly<Record<string, string>>);
    expect(map.bbox).toEqual(bbox.map((value) => expect.closeTo(value, 6) as number));
    expect([map.width, map.height]).toEqual([width, height]);
  });

  it('is in the system of the map, whatever the rectangle is in', () => {
    const metres = (degrees: number): unknown => expect.closeTo(degrees / METRE, 3);
    expect(parse({ crs: 'http://www.opengis.net/def/crs/IAU/2015/30110', bbox: '0,-5,20,5', width: '20' })).toMatchObject({
      bbox: [metres(0), metres(-5), metres(20), metres(5)], width: 20, height: 10, crs: { id: 'IAU_2015:30110' },
    });
  });
});

describe('background (OGC 20-058, clause 9)', () => {
  it.each([
    [{}, true, 0xffffff],
    [{ transparent: 'false' }, false, 0xffffff],
    [{ bgcolor: 'red' }, false, 0xff0000],
    [{ bgcolor: '0x102030' }, false, 0x102030],
    [{ bgcolor: 'red', transparent: 'true' }, true, 0xff0000],
  ])('%o', (parameters, transparent, background) => {
    expect(parse(parameters as Readonly<Record<string, string>>)).toMatchObject({ transparent, background });
  });
});

describe('what is refused, naming the parameter', () => {
  it.each([
    [{ bbox: '0,0,5' }, 'INVALID_PARAMETER', 'bbox'],
    [{ bbox: '0,5,5,0' }, 'INVALID_PARAMETER', 'bbox'],
    [{ bbox: '0,0,5,x' }, 'INVALID_PARAMETER', 'bbox'],
    [{ bbox: '0,0,5,5', subset: 'Lat(0:10),Lon(20:40)' }, 'INVALID_PARAMETER', 'subset'],
    [{ subset: 'Lat(0:10)' }, 'INVALID_PARAMETER', 'subset'],
    [{ subset: 'Lat(0:10),h(2:3)' }, 'INVALID_PARAMETER', 'subset'],
    [{ bbox: '0,0,5,5', center: '1,1' }, 'INVALID_PARAMETER', 'center'],
    [{ bbox: '0,0,5,5', 'scale-denominator': '1e6', width: '5' }, 'INVALID_PARAMETER', 'scale-denominator'],
    [{ 'scale-denominator': '0' }, 'INVALID_PARAMETER', 'scale-denominator'],
    [{ 'scale-denominator': '1' }, 'TOO_LARGE', 'scale-denominator'],
    [{ width: '0' }, 'INVALID_PARAMETER', 'width'],
    [{ width: '1.5' }, 'INVALID_PARAMETER', 'width'],
    [{ width: '20000' }, 'TOO_LARGE', 'width'],
    [{ width: '4001', height: '4000' }, 'TOO_LARGE', 'width'],
    [{ crs: 'IAU_2015:49900' }, 'CRS_NOT_SUPPORTED', 'crs'],
    [{ crs: 'nonsense' }, 'CRS_NOT_SUPPORTED', 'crs'],
    [{ bbox: '0,0,5,5', 'bbox-crs': 'nonsense' }, 'CRS_NOT_SUPPORTED', 'bbox-crs'],
    [{ bgcolor: 'mauve' }, 'INVALID_PARAMETER', 'bgcolor'],
    [{ transparent: 'perhaps' }, 'INVALID_PARAMETER', 'transparent'],
  ])('%o', (parameters, code, locator) => {
    expect(refusal(parameters as unknown as Readonly<Record<string, string>>)).toMatchObject({ code, locator });
  });
});
