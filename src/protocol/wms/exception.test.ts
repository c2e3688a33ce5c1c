import { describe, expect, it } from 'vitest';
import { GatewayError, type ErrorCode } from '../../errors.ts';
import { writeWmsException } from './exception.ts';
import type { WmsVersion } from './types.ts';

function codeIn(error: unknown, version: WmsVersion = '1.3.0'): string | undefined {
  return /code="(\w+)"/.exec(writeWmsException(error, version).body)?.[1];
}

describe('writeWmsException', () => {
  it.each<[ErrorCode, string | undefined, string]>([
    ['LAYER_NOT_DEFINED', 'LAYERS', 'LayerNotDefined'],
    ['STYLE_NOT_DEFINED', 'STYLES', 'StyleNotDefined'],
    ['DIMENSION_VALUE_NOT_DEFINED', 'time', 'InvalidDimensionValue'],
    ['FORMAT_NOT_SUPPORTED', 'FORMAT', 'InvalidFormat'],
    ['CRS_NOT_SUPPORTED', 'crs', 'InvalidCRS'],
    ['FRAME_MISMATCH', undefined, 'InvalidCRS'],
    ['OPERATION_NOT_SUPPORTED', 'REQUEST', 'OperationNotSupported'],
    ['OPERATION_NOT_SUPPORTED', 'QUERY_LAYERS', 'LayerNotQueryable'],
    ['INVALID_PARAMETER', 'I', 'InvalidPoint'],
    ['INVALID_PARAMETER', 'Y', 'InvalidPoint'],
    ['INVALID_PARAMETER', 'BBOX', 'InvalidParameterValue'],
    ['MISSING_PARAMETER', 'VERSION', 'MissingParameterValue'],
    ['UPSTREAM_FAILED', undefined, 'NoApplicableCode'],
  ])('%s at %s is %s', (code, locator, expected) => {
    expect(codeIn(new GatewayError(code, 'text', locator === undefined ? {} : { locator }))).toBe(expected);
  });

  it('says InvalidSRS in 1.1.1, and no locator, which its DTD does not know', () => {
    const { body, contentType } = writeWmsException(new GatewayError('CRS_NOT_SUPPORTED', 'no', { locator: 'SRS' }), '1.1.1');
    expect(body).toContain('code="InvalidSRS"');
    expect(body).not.toContain('locator');
    expect(contentType).toBe('application/vnd.ogc.se_xml');
  });

  it('has the status of the mistake: the client\'s 400, the source\'s 502 and 504, ours 500', () => {
    const statuses = (['MISSING_PARAMETER', 'OPERATION_NOT_SUPPORTED', 'UPSTREAM_FAILED', 'UPSTREAM_TIMEOUT'] as const).map(
      (code) => writeWmsException(new GatewayError(code, ''), '1.3.0').status,
    );
    expect(statuses).toEqual([400, 400, 502, 504]);
    expect(writeWmsException(new TypeError('x of undefined'), '1.3.0')).toMatchObject({ status: 500, body: expect.not.stringContaining('undefined') as string });
  });

  it('cannot be broken by what the client sent', () => {
    const { body } = writeWmsException(new GatewayError('LAYER_NOT_DEFINED', 'layer \'<script>&"\u0000\' is not defined', { locator: 'LAYERS' }), '1.3.0');
    expect(body).toContain('&lt;script&gt;&amp;&quot;\ufffd');
  });
});
