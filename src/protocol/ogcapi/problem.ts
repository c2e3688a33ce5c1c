import { GatewayError, type ErrorCode } from '../../errors.ts';
import { publicMessage, statusOf, type ErrorReply } from '../errorReply.ts';

/** What is named in the path and is not there. */
const NOT_FOUND: ReadonlySet<ErrorCode> = new Set(['LAYER_NOT_DEFINED', 'TILE_OUT_OF_RANGE', 'NO_COVERAGE']);
/** Parts of the path, by the names that the parsers of tiles give them. */
const IN_PATH: ReadonlySet<string | null> = new Set(['path', 'TileMatrixSet', 'TileMatrix', 'TileRow', 'TileCol', 'extension']);
/** What the parameter `collections` names is wrong, not absent. */
const IN_QUERY = 'collections';

const TITLES: { readonly [status: number]: string } = Object.freeze({
  400: 'Bad Request', 404: 'Not Found', 406: 'Not Acceptable', 500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 504: 'Gateway Timeout',
});

/** Status of an error: 404 for what the path names, 406 for what Accept excludes, else that of all OGC services. */
function problemStatus(error: unknown): number {
  if (!(error instanceof GatewayError)) return statusOf(error);
  const { code, locator } = error;
  if (code === 'FORMAT_NOT_SUPPORTED' && locator === 'Accept') return 406;
  const isClientError = statusOf(error) < 500;
  return isClientError && locator !== IN_QUERY && (NOT_FOUND.has(code) || IN_PATH.has(locator)) ? 404 : statusOf(error);
}

/** The answer to a request that failed: problem details (RFC 7807), which OGC API calls an exception. */
export function writeProblem(error: unknown): ErrorReply {
  const status = problemStatus(error);
  const parameter = error instanceof GatewayError && status < 500 ? error.locator : null;
  const body = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    code: error instanceof GatewayError && status < 500 ? error.code : 'NoApplicableCode',
    detail: publicMessage(error),
    ...(parameter === null ? {} : { parameter }),
  };
  return { status, contentType: 'application/problem+json; charset=utf-8', body: JSON.stringify(body) };
}
