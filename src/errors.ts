/**
 * Every way in which the gateway says no. A code is what services translate into their protocol's own exception
 * (docs/errors.md); nothing outside this file invents one.
 */
export const ERROR_CODES = [
  'LAYER_NOT_DEFINED',
  'STYLE_NOT_DEFINED',
  'DIMENSION_VALUE_NOT_DEFINED',
  'FORMAT_NOT_SUPPORTED',
  'CRS_NOT_SUPPORTED',
  'TILE_OUT_OF_RANGE',
  'INVALID_PARAMETER',
  'MISSING_PARAMETER',
  'OPERATION_NOT_SUPPORTED',
  'TOO_LARGE',
  'NO_COVERAGE',
  'FRAME_MISMATCH',
  'UPSTREAM_FAILED',
  'UPSTREAM_TIMEOUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'CONFIG_INVALID',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The one error type that crosses room borders. `message` may reach a client unless the code is an UPSTREAM_* one, whose
 * text is for the log only; it names the value given and what is allowed. `locator` is the offending parameter or config path.
 */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly locator: string | null;

  constructor(code: ErrorCode, message: string, options: { readonly locator?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.locator = options.locator ?? null;
  }
}
