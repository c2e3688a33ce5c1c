import { GatewayError } from '../../errors.ts';
import { samePlane } from '../../geometry/crs/samePlane.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { pixelElsewhere, type PointedPixel } from '../../geometry/lattice/pointedPixel.ts';
import { exceptionText, isExceptionReport } from '../../protocol/wms/exceptionText.ts';
import { formatGetFeatureInfo, type GetFeatureInfoRequest } from '../../protocol/wms/getFeatureInfoRequest.ts';
import type { HttpClient, HttpResponse } from '../net/http.ts';
import type { NamedCrs } from './mapServer.ts';
import type { AskInfo, InfoDocument, InfoQuestion } from './types.ts';
import { upstreamError } from './upstreamError.ts';

export interface WmsInfoOptions extends Pick<GetFeatureInfoRequest, 'url' | 'version' | 'layers' | 'styles' | 'format' | 'transparent' | 'extra' | 'queryLayers'> {
  readonly http: HttpClient;
  /** Format to ask for, whatever the client wants; null = what the client wants. */
  readonly infoFormat: string | null;
  /** The reference systems to ask in about a map in another, best first: the first that shows the place is taken. */
  systemsFor(crs: Crs): readonly NamedCrs[];
  /** Axis order of 1.3.0 for upstreams that do not follow the CRS's registry. */
  readonly axisOrder?: 'xy' | 'yx';
}

/** Texts, not pictures: more than this no client reads. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * GetFeatureInfo of an upstream WMS, about the very pixel where it knows the reference system of the map, else about one of its own with the
 * same centre.
 * @throws GatewayError UPSTREAM_FAILED for a status other than 2xx, for service exceptions and answers of more than 4 MB
 */
export function wmsInfo(options: WmsInfoOptions): AskInfo {
  const { http, systemsFor, infoFormat, axisOrder, ...fixed } = options;
  return async (question, signal) => {
    const spot = spotOf(question, systemsFor(question.crs));
    if (spot === null) return [];
    const { system: { name, crs }, pixel } = spot;
    const { bbox, width, height, col, row } = pixel;
    const asked = infoFormat ?? spelled(question.format);
    const axes = axisOrder ?? crs.axes;
    const address = formatGetFeatureInfo({ ...fixed, crs: name, axes, bbox, width, height, col, row, infoFormat: asked, featureCount: question.featureCount });
    const said = documentOf(await http.get(address, { signal, maxBytes: MAX_BYTES }), address, infoFormat, question);
    return said.text.trim() === '' ? [] : [said];
  };
}

interface Spot {
  readonly system: NamedCrs;
  readonly pixel: PointedPixel;
}

/** The place in the words of the upstream; null where none of its planes shows it. */
function spotOf(question: InfoQuestion, systems: readonly NamedCrs[]): Spot | null {
  for (const system of systems) {
    const pixel = samePlane(system.crs, question.crs) ? question : pixelElsewhere(question, system.crs);
    if (pixel !== null) return { system, pixel };
  }
  return null;
}

/** GeoJSON has a media type of its own since RFC 7946; servers of maps call it by the older one. */
function spelled(format: string): string {
  return format === 'application/geo+json' ? 'application/json' : format;
}

/** MapProxy's order: the format that the configuration names, else what the answer calls itself, else what was asked for. */
function documentOf(response: HttpResponse, address: string, infoFormat: string | null, { format }: InfoQuestion): InfoDocument {
  const text = textOf(response);
  const { status, contentType } = response;
  if (status < 200 || status >= 300 || isExceptionReport(text)) throw upstreamError(status, `${address} answered ${status} ${contentType}: ${exceptionText(text)}`);
  const named = infoFormat ?? (contentType === '' ? format : contentType);
  return { contentType: named.split(';')[0]!.trim().toLowerCase(), text };
}

/** Decoded as the header says, else as an XML declaration does, else as UTF-8. */
function textOf({ bytes, headers }: HttpResponse): string {
  const header = /charset\s*=\s*"?([\w.:-]+)/i.exec(String(headers['content-type'] ?? ''))?.[1];
  const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(Buffer.from(bytes.subarray(0, 200)).toString('latin1'))?.[1];
  return decoded(bytes, header ?? declared ?? 'utf-8');
}

function decoded(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (cause) {
    throw new GatewayError('UPSTREAM_FAILED', `the source answered in an encoding that is not known: ${encoding}`, { cause });
  }
}
