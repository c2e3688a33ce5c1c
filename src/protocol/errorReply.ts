import { GatewayError, type ErrorCode } from '../errors.ts';

/** An answer that says no: status, media type and body. */
export interface ErrorReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const STATUS: { readonly [code in ErrorCode]: number } = Object.freeze({
  LAYER_NOT_DEFINED: 400,
  STYLE_NOT_DEFINED: 400,
  DIMENSION_VALUE_NOT_DEFINED: 400,
  FORMAT_NOT_SUPPORTED: 400,
  CRS_NOT_SUPPORTED: 400,
  TILE_OUT_OF_RANGE: 400,
  INVALID_PARAMETER: 400,
  MISSING_PARAMETER: 400,
  OPERATION_NOT_SUPPORTED: 501,
  TOO_LARGE: 400,
  NO_COVERAGE: 404,
  FRAME_MISMATCH: 400,
  UPSTREAM_FAILED: 502,
  UPSTREAM_TIMEOUT: 504,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CONFIG_INVALID: 500,
});

/** HTTP status of an error in OGC services; 500 for anything that is no GatewayError. */
export function statusOf(error: unknown): number {
  return error instanceof GatewayError ? STATUS[error.code] : 500;
}

/** What a client may read of an error: nothing of the inside of a 5xx (addresses, paths, stacks). */
export function publicMessage(error: unknown): string {
  if (error instanceof GatewayError && statusOf(error) < 500) return error.message;
  if (error instanceof GatewayError && error.code === 'OPERATION_NOT_SUPPORTED') return error.message;
  if (error instanceof GatewayError && error.code === 'UPSTREAM_TIMEOUT') return 'a source of this layer did not answer in time';
  if (error instanceof GatewayError && error.code === 'UPSTREAM_FAILED') return 'a source of this layer failed to answer';
  return 'internal error';
}
