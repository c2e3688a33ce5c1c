import { GatewayError } from '../../errors.ts';
import { EXTENSION_OF, type MapFormat } from '../../raster/format.ts';
import { mapFormatOf } from '../imageFormat.ts';

/** Something that can be sent, and the media types by which clients ask for it; without parameters. */
interface Offered<F> {
  readonly format: F;
  readonly types: readonly string[];
}

/** What documents are written in. */
export type DocumentFormat = 'json' | 'html' | 'tilejson';

const DOCUMENT_TYPES: { readonly [format in DocumentFormat]: readonly string[] } = Object.freeze({
  json: ['application/json', 'application/geo+json', 'application/vnd.oai.openapi+json', 'application/openapi+json'],
  html: ['text/html', 'application/xhtml+xml'],
  tilejson: ['application/vnd.mapbox.tilejson+json'],
});

/** How much a client wants a media type: the q of the most exact range that names it; 0 = not at all. */
function weightOf(type: string, accept: string): number {
  const exact = [type, `${type.split('/')[0] as string}/*`, '*/*'];
  const ranges = accept.split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return { rank: exact.indexOf(range), q: q === undefined ? 1 : Number(q.slice(2)) || 0 };
  });
  return ranges.filter(({ rank }) => rank >= 0).sort((a, b) => a.rank - b.rank)[0]?.q ?? 0;
}

/** What the client likes best, the first of equals. @throws FORMAT_NOT_SUPPORTED (406) where it takes none */
function accepted<F>(accept: string | undefined, offered: readonly Offered<F>[]): F {
  const [first] = offered as [Offered<F>, ...Offered<F>[]];
  if (accept === undefined || accept.trim() === '') return first.format;
  const weights = offered.map(({ types }) => Math.max(...types.map((type) => weightOf(type, accept))));
  const best = Math.max(...weights);
  if (best > 0) return (offered[weights.indexOf(best)] as Offered<F>).format;
  throw new GatewayError('FORMAT_NOT_SUPPORTED', `none of '${accept}' is offered; offered are ${offered.map(({ types }) => types[0]).join(', ')}`, { locator: 'Accept' });
}

/** The format of a document: `f`, else what the client accepts. @throws FORMAT_NOT_SUPPORTED */
export function documentFormatOf(f: string | undefined, accept: string | undefined, offered: readonly DocumentFormat[]): DocumentFormat {
  if (f === undefined) return accepted(accept, offered.map((format) => ({ format, types: DOCUMENT_TYPES[format] })));
  const found = offered.find((format) => format === f.toLowerCase());
  if (found !== undefined) return found;
  throw new GatewayError('FORMAT_NOT_SUPPORTED', `f '${f}' is not offered; offered are ${offered.join(', ')}`, { locator: 'f' });
}

/** How `f` and addresses call a format. */
export function extensionOf(format: MapFormat): string {
  return format === 'image/tiff' ? 'tiff' : EXTENSION_OF[format];
}

/** The format of a picture: the extension of its address, else `f` (name or media type), else what the client accepts. @throws FORMAT_NOT_SUPPORTED */
export function pictureFormatOf<F extends MapFormat>(asked: { readonly extension: string | null; readonly f: string | undefined; readonly accept: string | undefined }, offered: readonly F[]): F {
  const [named, locator] = asked.extension === null ? [asked.f, 'f'] : [asked.extension, 'extension'];
  if (named === undefined) return accepted(asked.accept, offered.map((format) => ({ format, types: [format] })));
  const found = offered.find((format) => format === mapFormatOf(named));
  if (found !== undefined) return found;
  throw new GatewayError('FORMAT_NOT_SUPPORTED', `the format '${named}' is not offered; offered are ${offered.map(extensionOf).join(', ')}`, { locator });
}
