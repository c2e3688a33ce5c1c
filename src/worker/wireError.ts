import { ERROR_CODES, GatewayError, type ErrorCode } from '../errors.ts';

/** An error as it crosses a thread border: structured clone would lose class, code and locator. */
export interface WireError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly locator: string | null;
  readonly stack: string;
}

/** What is kept of an error: code, message, locator, and the stack (causes appended) for the log. */
export function packError(error: unknown): WireError {
  const known = error instanceof Error ? error : new Error(String(error));
  const cause = known.cause instanceof Error ? `\ncaused by: ${known.cause.stack ?? known.cause.message}` : '';
  return {
    code: error instanceof GatewayError ? error.code : null,
    message: known.message,
    locator: error instanceof GatewayError ? error.locator : null,
    stack: `${known.stack ?? known.message}${cause}`,
  };
}

/** The error again, with the stack of the thread that threw it. */
export function unpackError({ code, message, locator, stack }: WireError): Error {
  const error =
    code !== null && ERROR_CODES.includes(code)
      ? new GatewayError(code, message, locator === null ? {} : { locator })
      : new Error(message);
  error.stack = stack;
  return error;
}
