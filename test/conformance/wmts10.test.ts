import { describe, expect, it } from 'vitest';
import { tileBbox } from '../../src/geometry/pyramid/tileMatrixSet.ts';
import { askWmts, askWmtsPath, owsCode } from './ask.ts';
import { wmtsDescription } from './services.ts';
import { textsOf } from './validate.ts';

/** Assertions of the OGC test suite for WMTS 1.0.0 (ets-wmts10) that need no pixels. */
const CAPS = 'SERVICE=WMTS&REQUEST=GetCapabilities';
const TILE = 'SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=moon&STYLE=default&FORMAT=image/png&TILEMATRIXSET=MOON_GEOGRAPHIC&TILEMATRIX=2&TILEROW=1&TILECOL=5';
const INFO = TILE.replace('GetTile', 'GetFeatureInfo') + '&I=0&J=0&INFOFORMAT=text/plain';

function without(query: string, name: string): string {
  return query
    .split('&')
    .filter((part) => !part.startsWith(`${name}=`))
    .join('&');
}

describe('wmts10: common operations', () => {
  it('malformed query: MissingParameterValue, service or request', () => {
    const [code, locator] = owsCode(askWmts("request~GetCapabilities!service~!'WMTS'version~'1.0.0"));
    expect(code).toBe('MissingParameterValue');
    expect(['service', 'request']).toContain(locator);
    expect(owsCode(askWmts('service=WMTS&request~GetCapabilities!version~1.0.0'))).toEqual(['MissingParameterValue', 'request']);
  });

  it.each([
    ['SERVICE=BOGUS', 'service=BOGUS&request=GetCapabilities', ['InvalidParameterValue', 'service']],
    ['no SERVICE', 'request=GetCapabilities', ['MissingParameterValue', 'service']],
    ['REQUEST=GetBOGUS', 'service=WMTS&request=GetBOGUS', ['InvalidParameterValue', 'request']],
    ['no REQUEST', 'service=WMTS', ['MissingParameterValue', 'request']],
  ])('%s', (_what, query, expected) => {
    const answer = askWmts(query);
    expect(owsCode(answer)).toEqual(expected);
    expect(answer.status).toBe(400);
  });

  it('names in any case: identical responses', () => {
    expect(askWmts('sErViCe=WMTS&rEqUeSt=GetCapabilities').body).toBe(askWmts(CAPS).body);
    expect(askWmts(TILE.toLowerCase().replace('moon_geographic', 'MOON_GEOGRAPHIC'))).toEqual(askWmts(TILE));
  });
});

describe('wmts10: GetCapabilities requests', () => {
  it('AcceptVersions: first match, or VersionNegotiationFailed without locator', () => {
    expect(askWmts(`${CAPS}&AcceptVersions=2.0.0,1.0.0`).status).toBe(200);
    const answer = askWmts(`${CAPS}&AcceptVersions=2.0.0,3.0.0`);
    expect(owsCode(answer)).toEqual(['VersionNegotiationFailed']);
    expect(answer.status).toBe(400);
  });

  it.each([
    ['ServiceIdentification', ['ServiceIdentification']],
    ['ServiceProvider', ['ServiceProvider']],
    ['OperationsMetadata', ['OperationsMetadata']],
    ['Contents', ['Contents']],
    ['Contents,Themes', ['Contents']],
    ['All', ['ServiceIdentification', 'ServiceProvider', 'OperationsMetadata', 'Contents']],
  ])('Sections=%s: only those', (sections, expected) => {
    const { body } = askWmts(`${CAPS}&Sections=${sections}`);
    const all = ['ServiceIdentification', 'ServiceProvider', 'OperationsMetadata', 'Contents', 'Themes'];
    expect(all.filter((name) => textsOf(body, `/*/*[local-name()="${name}"]`).length > 0)).toEqual(expected);
  });

  it('Sections bad or empty', () => {
    expect(owsCode(askWmts(`${CAPS}&Sections=Bogus`))).toEqual(['InvalidParameterValue', 'sections']);
    expect(owsCode(askWmts(`${CAPS}&sections=`))).toEqual(['MissingParameterValue', 'sections']);
  });

  it('updateSequence: not advertised, hence the whole document', () => {
    expect(textsOf(askWmts(CAPS).body, '/*/@updateSequence')).toEqual([]);
    expect(askWmts(`${CAPS}&updateSequence=9999`).body).toBe(askWmts(CAPS).body);
  });

  it('AcceptFormats: the right content type', () => {
    expect(askWmts(CAPS).contentType).toBe('application/xml');
    expect(askWmts(`${CAPS}&AcceptFormats=application/json,text/xml`).contentType).toBe('text/xml');
    expect(askWmts(`${CAPS}&AcceptFormats=bogus`).contentType).toBe('application/xml');
  });
});

describe('wmts10: ServiceMetadata document', () => {
  const { body } = askWmts(CAPS);

  it('schemaLocation names wmtsGetCapabilities_response.xsd', () => {
    expect(body).toMatch(/xsi:schemaLocation="[^"]*wmtsGetCapabilities_response\.xsd/);
  });

  it('KVP addresses end with ? or & and say GetEncoding KVP', () => {
    const kvp = textsOf(body, '//ows:Get[ows:Constraint/ows:AllowedValues/ows:Value="KVP"]/@xlink:href');
    expect(kvp).toHaveLength(3);
    expect(kvp.every((address) => /[?&]$/.test(address))).toBe(true);
    expect(textsOf(body, '//ows:Get/ows:Constraint/@name').every((name) => name === 'GetEncoding')).toBe(true);
  });

  it('identifiers of layers, sets and matrices are unique, scale denominators too', () => {
    const unique = (texts: readonly string[]): boolean => texts.length > 0 && new Set(texts).size === texts.length;
    expect(unique(textsOf(body, '//wmts:Layer/ows:Identifier'))).toBe(true);
    const sets = textsOf(body, '/*/wmts:Contents/wmts:TileMatrixSet/ows:Identifier');
    expect(unique(sets)).toBe(true);
    for (const set of sets) {
      const matrices = `/*/wmts:Contents/wmts:TileMatrixSet[ows:Identifier="${set}"]/wmts:TileMatrix`;
      expect(unique(textsOf(body, `${matrices}/ows:Identifier`))).toBe(true);
      expect(unique(textsOf(body, `${matrices}/wmts:ScaleDenominator`))).toBe(true);
    }
  });

  it('every TileMatrixSetLink and every TileMatrixLimits resolves', () => {
    const sets = textsOf(body, '/*/wmts:Contents/wmts:TileMatrixSet/ows:Identifier');
    expect(textsOf(body, '//wmts:TileMatrixSetLink/wmts:TileMatrixSet').every((set) => sets.includes(set))).toBe(true);
    for (const set of new Set(textsOf(body, '//wmts:TileMatrixSetLink[wmts:TileMatrixSetLimits]/wmts:TileMatrixSet'))) {
      const known = textsOf(body, `/*/wmts:Contents/wmts:TileMatrixSet[ows:Identifier="${set}"]/wmts:TileMatrix/ows:Identifier`);
      const links = textsOf(body, `//wmts:Layer[1]/wmts:TileMatrixSetLink[wmts:TileMatrixSet="${set}"]//wmts:TileMatrixLimits/wmts:TileMatrix`);
      expect(links.every((matrix) => known.includes(matrix))).toBe(true);
    }
  });

  it('GetFeatureInfo is advertised only where a layer answers it', () => {
    expect(textsOf(body, '//ows:Operation/@name')).toEqual(['GetCapabilities', 'GetTile', 'GetFeatureInfo']);
    expect(textsOf(body, '//wmts:Layer[ows:Identifier="europe"]/wmts:InfoFormat')).toEqual([]);
  });

  it('no WellKnownScaleSet, which would have to be exact to the last number', () => {
    expect(textsOf(body, '//wmts:WellKnownScaleSet')).toEqual([]);
  });

  it('no empty Abstract', () => {
    expect(textsOf(body, '//ows:Abstract').every((text) => text !== '')).toBe(true);
  });
});

describe('wmts10: planets', () => {
  const { body } = askWmts(CAPS);
  const matrix = (set: string, id: string): string => `/*/wmts:Contents/wmts:TileMatrixSet[ows:Identifier="${set}"]/wmts:TileMatrix[ows:Identifier="${id}"]`;

  it('SupportedCRS is the URN that QGIS and GDAL both read', () => {
    expect(textsOf(body, '//ows:SupportedCRS')).toEqual([
      'urn:ogc:def:crs:EPSG::3857',
      'urn:ogc:def:crs:EPSG::4326',
      'urn:ogc:def:crs:IAU_2015::30110',
      'urn:ogc:def:crs:IAU_2015::30100',
    ]);
  });

  it('degrees are scaled with the Earth, and the corner is in the order of the registry', () => {
    expect(Number(textsOf(body, `${matrix('MOON_GEOGRAPHIC', '0')}/wmts:ScaleDenominator`)[0])).toBeCloseTo(279541132.0143589, 5);
    expect(textsOf(body, `${matrix('MOON_GEOGRAPHIC', '0')}/wmts:TopLeftCorner`)).toEqual(['90 -180']);
  });

  it('the set in metres starts with 2 x 1 tiles at (-pi R, pi R / 2)', () => {
    const half = Math.PI * 1737400;
    expect(textsOf(body, `${matrix('MOON_EQUIRECTANGULAR', '0')}/wmts:TopLeftCorner`)).toEqual([`${-half} ${half / 2}`]);
    expect(textsOf(body, `${matrix('MOON_EQUIRECTANGULAR', '0')}/wmts:MatrixWidth`)).toEqual(['2']);
    expect(Number(textsOf(body, `${matrix('MOON_EQUIRECTANGULAR', '0')}/wmts:ScaleDenominator`)[0])).toBeCloseTo((2 * half) / 512 / 0.00028, 5);
    expect(textsOf(body, '//wmts:Layer[ows:Identifier="moon"]/wmts:TileMatrixSetLink/wmts:TileMatrixSet')).toEqual(['MOON_EQUIRECTANGULAR', 'MOON_GEOGRAPHIC']);
  });

  it('WGS84BoundingBox only on the Earth', () => {
    expect(textsOf(body, '//wmts:Layer[ows:WGS84BoundingBox]/ows:Identifier')).toEqual(['blue marble', 'europe']);
  });

  it('GLOBAL_GEODETIC is there, from the first level that can be counted from the top', () => {
    const ids = textsOf(body, '/*/wmts:Contents/wmts:TileMatrixSet[ows:Identifier="GLOBAL_GEODETIC"]/wmts:TileMatrix/ows:Identifier');
    expect(ids[0]).toBe('1');
    expect(ids).toHaveLength(19);
    expect(textsOf(body, `${matrix('GLOBAL_GEODETIC', '1')}/wmts:TopLeftCorner`)).toEqual(['90 -180']);
    expect(Number(textsOf(body, `${matrix('GLOBAL_GEODETIC', '1')}/wmts:ScaleDenominator`)[0])).toBeCloseTo(279541132.0143589, 5);
  });
});

describe('wmts10: GetTile', () => {
  it('first, middle and last row and column of every matrix of every layer', () => {
    let asked = 0;
    for (const layer of wmtsDescription.layers.filter(({ name }) => name !== 'europe')) {
      for (const { served } of layer.sets) {
        for (const { id, matrixWidth, matrixHeight } of served.tileMatrices) {
          for (const part of [0, 0.5, 1]) {
            const col = Math.round((matrixWidth - 1) * part);
            const row = Math.round((matrixHeight - 1) * part);
            const query = `LAYER=${layer.name}&TILEMATRIXSET=${served.id}&TILEMATRIX=${id}&TILECOL=${col}&TILEROW=${row}&${TILE}`;
            expect(askWmts(query).status).toBe(200);
            asked++;
          }
        }
      }
    }
    expect(asked).toBeGreaterThan(200);
  });

  it.each(['VERSION', 'LAYER', 'STYLE', 'FORMAT', 'TILEMATRIXSET', 'TILEMATRIX', 'TILEROW', 'TILECOL'])('no %s: MissingParameterValue', (name) => {
    const answer = askWmts(without(TILE, name));
    expect(owsCode(answer).map((text) => text.toLowerCase())).toEqual(['missingparametervalue', name.toLowerCase()]);
    expect(answer.status).toBe(400);
  });

  it.each([
    ['LAYER=Bogus', 'Layer'],
    ['STYLE=Bogus', 'Style'],
    ['FORMAT=bogus/x', 'Format'],
    ['TILEMATRIXSET=Bogus', 'TileMatrixSet'],
    ['TILEMATRIX=Bogus', 'TileMatrix'],
    ['TILEMATRIX=99', 'TileMatrix'],
    ['TILEROW=x', 'TileRow'],
    ['TILECOL=1.5', 'TileCol'],
    ['VERSION=2.0.0', 'version'],
  ])('%s: InvalidParameterValue', (wrong, locator) => {
    const answer = askWmts(`${wrong}&${TILE}`);
    expect(owsCode(answer)).toEqual(['InvalidParameterValue', locator]);
    expect(answer.status).toBe(400);
  });

  it.each([
    ['TILEROW=4', 'TileRow'],
    ['TILEROW=-1', 'TileRow'],
    ['TILECOL=8', 'TileCol'],
    ['TILECOL=-1', 'TileCol'],
  ])('%s: TileOutOfRange', (wrong, locator) => {
    const answer = askWmts(`${wrong}&${TILE}`);
    expect(owsCode(answer)).toEqual(['TileOutOfRange', locator]);
    expect(answer.status).toBe(400);
  });

  it('TileMatrixSetLimits: all tiles inside are there, the next ones out are out of range', () => {
    const { body } = askWmts(CAPS);
    const limits = '//wmts:Layer[ows:Identifier="europe"]//wmts:TileMatrixLimits[wmts:TileMatrix="5"]';
    const [minRow, maxRow, minCol, maxCol] = ['MinTileRow', 'MaxTileRow', 'MinTileCol', 'MaxTileCol'].map((name) => Number(textsOf(body, `${limits}/wmts:${name}`)[0])) as [number, number, number, number];
    const ask = (row: number, col: number) => askWmts(`LAYER=europe&TILEMATRIXSET=GLOBAL_GEODETIC&TILEMATRIX=5&TILEROW=${row}&TILECOL=${col}&${TILE}`);
    for (let row = minRow; row <= maxRow; row++) for (let col = minCol; col <= maxCol; col++) expect(ask(row, col).status).toBe(200);
    expect(owsCode(ask(minRow - 1, minCol))).toEqual(['TileOutOfRange', 'TileRow']);
    expect(owsCode(ask(maxRow + 1, minCol))).toEqual(['TileOutOfRange', 'TileRow']);
    expect(owsCode(ask(minRow, minCol - 1))).toEqual(['TileOutOfRange', 'TileCol']);
    expect(owsCode(ask(minRow, maxCol + 1))).toEqual(['TileOutOfRange', 'TileCol']);
  });
});

describe('wmts10: GetFeatureInfo', () => {
  it.each([
    ['I=256', ['InvalidParameterValue', 'I']],
    ['I=-1', ['InvalidParameterValue', 'I']],
    ['J=256', ['InvalidParameterValue', 'J']],
    ['J=x', ['InvalidParameterValue', 'J']],
    ['INFOFORMAT=bogus/x', ['InvalidParameterValue', 'InfoFormat']],
  ])('%s', (wrong, expected) => {
    expect(owsCode(askWmts(`${wrong}&${INFO}`))).toEqual(expected);
  });

  it.each(['I', 'J', 'INFOFORMAT'])('no %s: MissingParameterValue', (name) => {
    expect(owsCode(askWmts(without(INFO, name))).map((text) => text.toLowerCase())).toEqual(['missingparametervalue', name.toLowerCase()]);
  });

  it('a layer that is not queryable: OperationNotSupported, 501, locator GetFeatureInfo', () => {
    const answer = askWmts(`LAYER=europe&${INFO}`);
    expect(owsCode(answer)).toEqual(['OperationNotSupported', 'GetFeatureInfo']);
    expect(answer.status).toBe(501);
  });

  it('each advertised InfoFormat is answered', () => {
    const formats = textsOf(askWmts(CAPS).body, '//wmts:Layer[ows:Identifier="moon"]/wmts:InfoFormat');
    expect(formats.length).toBeGreaterThan(1);
    for (const format of formats) expect(askWmts(`INFOFORMAT=${encodeURIComponent(format)}&${INFO}`).request).toMatchObject({ infoFormat: format });
  });
});

describe('wmts10: RESTful', () => {
  const { body } = askWmtsPath('/1.0.0/WMTSCapabilities.xml');

  it('ServiceMetadataURL equals the address asked', () => {
    expect(textsOf(body, '/*/wmts:ServiceMetadataURL/@xlink:href')).toEqual(['https://example.org/wmts/1.0.0/WMTSCapabilities.xml']);
  });

  it('{capabilities}/Bogus: 404', () => {
    expect(askWmtsPath('/1.0.0/WMTSCapabilities.xml/Bogus').status).toBe(404);
  });

  it('every tile ResourceURL, filled in, is the tile of the KVP request', () => {
    const templates = textsOf(body, '//wmts:Layer[ows:Identifier="moon"]/wmts:ResourceURL[@resourceType="tile"]/@template');
    expect(templates).toHaveLength(2);
    const path = (templates[0] ?? '')
      .slice('https://example.org/wmts'.length)
      .replace('{TileMatrixSet}', 'MOON_GEOGRAPHIC')
      .replace('{TileMatrix}', '2')
      .replace('{TileCol}', '5')
      .replace('{TileRow}', '1');
    expect(askWmtsPath(path)).toEqual(askWmts(TILE));
  });

  it('every FeatureInfo ResourceURL, filled in, is the KVP request', () => {
    const templates = textsOf(body, '//wmts:Layer[ows:Identifier="moon"]/wmts:ResourceURL[@resourceType="FeatureInfo" and @format="text/plain"]/@template');
    const values: Record<string, string> = { TileMatrixSet: 'MOON_GEOGRAPHIC', TileMatrix: '2', TileCol: '5', TileRow: '1', I: '0', J: '0' };
    const path = (templates[0] ?? '').slice('https://example.org/wmts'.length).replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
    expect(askWmtsPath(path)).toEqual(askWmts(INFO));
  });

  it('a tile of a grid that counts from below shows the same ground both ways', () => {
    const { request } = askWmtsPath('/blue%20marble/GLOBAL_GEODETIC/1/0/0.png');
    if (request?.kind !== 'tile') return expect.unreachable('no tile');
    expect(tileBbox(request.tile.matrix, request.tile.col, request.tile.row)).toEqual([-180, -90, 0, 90]);
  });
});
