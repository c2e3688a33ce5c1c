import type { FastifyBaseLogger, onResponseHookHandler } from 'fastify';

/** Which answers are worth a line in the log. */
export interface AccessLogOptions {
  /** Those that took at least so many milliseconds; 0 = time does not matter. */
  readonly slow_ms: number;
  /** Of the others every so manieth; 0 = none. */
  readonly every: number;
}

/** The log of requests. Failures of the server itself are logged where they are answered. */
export interface AccessLog {
  /** Fastify hook onResponse. */
  readonly onResponse: onResponseHookHandler;
  /** A tile that went straight out of memory, around the framework. @param url path and query */
  short(url: string): void;
}

/**
 * Logs what is slow and a sample of the rest: a line for each request would cost more than a tile that lies in memory. The sample is
 * every Nth of all that were not slow, counted through, and says so (`every`), so that totals can be made from it.
 */
export function createAccessLog(logger: Pick<FastifyBaseLogger, 'info'>, { slow_ms: slow, every }: AccessLogOptions): AccessLog {
  let count = 0;
  const isDue = (): boolean => {
    if (every === 0) return false;
    count = (count + 1) % every;
    return count === 0;
  };
  const sampled = every > 1 ? { every } : {};
  return {
    onResponse(request, reply, done) {
      const isSlow = slow > 0 && reply.elapsedTime >= slow;
      if (isSlow || isDue()) {
        const { method, url, ip } = request;
        logger.info({ method, url, ip, status: reply.statusCode, ms: Math.round(reply.elapsedTime), ...(isSlow ? {} : sampled) }, isSlow ? 'slow request' : 'request');
      }
      done();
    },
    short(url) {
      if (isDue()) logger.info({ method: 'GET', url, status: 200, ms: 0, ...sampled }, 'request');
    },
  };
}
