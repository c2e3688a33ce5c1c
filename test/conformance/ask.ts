import { parseKvp } from '../../src/protocol/params.ts';
import { capabilitiesContentType, writeWmsCapabilities } from '../../src/protocol/wms/capabilities.ts';
import type { WmsDescription } from '../../src/protocol/wms/description.ts';
import { writeWmsException } from '../../src/protocol/wms/exception.ts';
import { wmsFailure } from '../../src/protocol/wms/failure.ts';
import { parseWmsRequest } from '../../src/protocol/wms/parse.ts';
import type { WmsRequest } from '../../src/protocol/wms/types.ts';
import { writeWmtsCapabilities } from '../../src/protocol/wmts/capabilities.ts';
import { writeWmtsException } from '../../src/protocol/wmts/exception.ts';
import { parseWmtsKvp } from '../../src/protocol/wmts/parseKvp.ts';
import { parseWmtsPath } from '../../src/protocol/wmts/rest.ts';
import type { WmtsRequest } from '../../src/protocol/wmts/types.ts';
import { earthWms, wmsOffer, wmtsDescription, wmtsOffer } from './services.ts';
import { textsOf } from './validate.ts';

/** What a service would send, as far as it is decided before any pixel is drawn. */
export interface Answer<Request> {
  readonly status: number;
  readonly contentType: string;
  /** The document; '' where a picture would come. */
  readonly body: string;
  /** What would be drawn or written; null after an exception. */
  readonly request: Request | null;
}

/** A WMS request and its answer. */
export function askWms(query: string, description: WmsDescription = earthWms): Answer<WmsRequest> {
  const kvp = parseKvp(query);
  try {
    const request = parseWmsRequest(kvp, wmsOffer);
    if (request.kind !== 'capabilities') return { status: 200, contentType: '', body: '', request };
    const { version } = request;
    return { status: 200, contentType: capabilitiesContentType(version), body: writeWmsCapabilities(description, version), request };
  } catch (error) {
    const failure = wmsFailure(kvp, wmsOffer);
    if (failure.kind !== 'xml') return { status: 200, contentType: failure.format, body: '', request: null };
    return { ...writeWmsException(error, failure.version), request: null };
  }
}

function answerWmts(parse: () => WmtsRequest | null): Answer<WmtsRequest> {
  try {
    const request = parse();
    if (request === null) return { status: 404, contentType: 'text/plain', body: '', request };
    if (request.kind !== 'capabilities') return { status: 200, contentType: '', body: '', request };
    return { status: 200, contentType: request.contentType, body: writeWmtsCapabilities(wmtsDescription, request.sections), request };
  } catch (error) {
    return { ...writeWmtsException(error), request: null };
  }
}

/** A WMTS request in KVP and its answer. */
export function askWmts(query: string): Answer<WmtsRequest> {
  return answerWmts(() => parseWmtsKvp(parseKvp(query), wmtsOffer));
}

/** A RESTful WMTS request below the service and its answer. */
export function askWmtsPath(path: string): Answer<WmtsRequest> {
  return answerWmts(() => parseWmtsPath(path, wmtsOffer));
}

/** Code and locator of a WMS 1.3.0 exception, '' where there is none. */
export function wmsCode({ body }: Answer<unknown>): string {
  return textsOf(body, '//*[local-name()="ServiceException"]/@code').join();
}

/** Code and locator of an OWS exception. */
export function owsCode({ body }: Answer<unknown>): readonly string[] {
  return [...textsOf(body, '//ows:Exception/@exceptionCode'), ...textsOf(body, '//ows:Exception/@locator')];
}
