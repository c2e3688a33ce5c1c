import { describe, expect, it } from 'vitest';
import { GatewayError } from '../errors.ts';
import { publicMessage, statusOf } from './errorReply.ts';

describe('publicMessage', () => {
  it.each([
    [new GatewayError('UPSTREAM_FAILED', 'https://secret.example/ answered 500'), 502],
    [new GatewayError('UPSTREAM_TIMEOUT', 'https://secret.example/ is slow'), 504],
    [new GatewayError('CONFIG_INVALID', '/etc/secret.yaml'), 500],
    [new Error('ENOENT /secret/path'), 500],
    ['secret', 500],
  ])('hides the inside of a 5xx: %s', (error, status) => {
    expect(statusOf(error)).toBe(status);
    expect(publicMessage(error)).not.toMatch(/secret|ENOENT|https/);
  });

  it("tells the client what the client did", () => {
    expect(publicMessage(new GatewayError('INVALID_PARAMETER', 'WIDTH is 0, expected at least 1'))).toBe('WIDTH is 0, expected at least 1');
    expect(publicMessage(new GatewayError('OPERATION_NOT_SUPPORTED', "layer 'x' is not queryable"))).toContain('queryable');
  });
});
