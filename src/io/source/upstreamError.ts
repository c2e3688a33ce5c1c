import { GatewayError } from '../../errors.ts';

/** What an upstream answered instead of a picture. */
interface UpstreamStatus {
  readonly httpStatus: number;
}

/** UPSTREAM_FAILED, or UPSTREAM_TIMEOUT for 504, with the status as its cause. */
export function upstreamError(status: number, message: string): GatewayError {
  const cause: UpstreamStatus = { httpStatus: status };
  return new GatewayError(status === 504 ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_FAILED', message, { cause });
}

/** The status that an upstream answered; null where it did not answer at all. */
export function statusOf({ cause }: GatewayError): number | null {
  if (typeof cause !== 'object' || cause === null || !('httpStatus' in cause)) return null;
  return typeof cause.httpStatus === 'number' ? cause.httpStatus : null;
}
