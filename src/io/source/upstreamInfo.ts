import { GatewayError } from '../../errors.ts';
import { samePlane } from '../../geometry/crs/samePlane.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { pixelElsewhere, type PointedPixel } from '../../geometry/lattice/pointedPixel.ts';
import { exceptionText } from '../../protocol/wms/exceptionText.ts';
import type { HttpClient, HttpResponse } from '../net/http.ts';
import type { NamedCrs } from './mapServer.ts';
import type { AskInfo, InfoQuestion } from './types.ts';
import { upstreamError } from './upstreamError.ts';

/** Whom to ask, and in which reference system. */
export interface InfoServer {
  readonly http: HttpClient;
  /** The reference systems to ask in about a map in another, best first: the first that shows the place is taken. */
  systemsFor(crs: Crs): readonly NamedCrs[];
}

/** How a kind of upstream is asked. */
export interface InfoWords {
  addressOf(spot: InfoSpot, question: InfoQuestion): string;
  /** Whether an answer of status 200 is an error all the same. */
  isError(text: string): boolean;
  /** The media type of an answer. @param said what it calls itself, without parameters; '' = nothing */
  typeOf(said: string, question: InfoQuestion): string;
}

/** The place in the words of the upstream. */
export interface InfoSpot {
  readonly system: NamedCrs;
  readonly pixel: PointedPixel;
}

/** Texts, not pictures: more than this no client reads. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Enough of an error to find the message in, characters. */
const MAX_COMPLAINT = 20_000;

/**
 * Asks about the very pixel where the upstream knows the reference system of the map, else about one of its own with the same centre.
 * @throws GatewayError UPSTREAM_FAILED for a status other than 2xx, for errors of status 200 and for answers of more than 4 MB
 */
export function upstreamInfo({ http, systemsFor }: InfoServer, words: InfoWords): AskInfo {
  return async (question, signal) => {
    const spot = spotOf(question, systemsFor(question.crs));
    if (spot === null) return [];
    const address = words.addressOf(spot, question);
    const response = await http.get(address, { signal, maxBytes: MAX_BYTES });
    const { status, contentType } = response;
    const text = textOf(response);
    if (status < 200 || status >= 300 || words.isError(text)) throw upstreamError(status, `${address} answered ${status} ${contentType}: ${exceptionText(text.slice(0, MAX_COMPLAINT))}`);
    return text.trim() === '' ? [] : [{ contentType: words.typeOf(contentType, question).split(';')[0]!.trim().toLowerCase(), text }];
  };
}

/** null where none of the planes shows the place. */
function spotOf(question: InfoQuestion, systems: readonly NamedCrs[]): InfoSpot | null {
  for (const system of systems) {
    const pixel = samePlane(system.crs, question.crs) ? question : pixelElsewhere(question, system.crs);
    if (pixel !== null) return { system, pixel };
  }
  return null;
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
