import type { Pixels } from '../../geometry/lattice/types.ts';
import type { MapFormat } from '../../raster/format.ts';
import { mapFormatOf } from '../imageFormat.ts';
import { optional, type Kvp } from '../params.ts';
import type { WmsOffer, WmsVersion } from './types.ts';
import { checkPixels, parseBackground, parseExceptions, parseSide, parseTransparent } from './values.ts';
import { askedVersion, negotiateVersion } from './version.ts';

/** How to answer a request that failed: as XML, or as a picture of that size, which shows the message or nothing. */
export type WmsFailure =
  | { readonly kind: 'xml'; readonly version: WmsVersion }
  | {
      readonly kind: 'inimage' | 'blank';
      readonly version: WmsVersion;
      readonly width: Pixels;
      readonly height: Pixels;
      readonly format: MapFormat;
      readonly transparent: boolean;
      /** 0xRRGGBB */
      readonly background: number;
    };

/** The result, or the fallback where the request cannot be read. */
function orElse<T>(read: () => T, fallback: T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}

function versionOf(kvp: Kvp, spoken: readonly WmsVersion[]): WmsVersion {
  const srsOnly = kvp.has('SRS') && !kvp.has('CRS') && askedVersion(kvp) === null;
  return orElse(() => negotiateVersion(srsOnly ? '1.1.1' : askedVersion(kvp), spoken), spoken.at(-1)!);
}

/**
 * How the client of a request that cannot be answered wants to hear of it (OGC 06-042, 7.3.3.11). Reads what can be read of a
 * broken request and never throws: without a picture's size or format, or for anything but GetMap, the answer is XML.
 */
export function wmsFailure(kvp: Kvp, offer: Pick<WmsOffer, 'versions' | 'formats' | 'maxWidth' | 'maxHeight'>): WmsFailure {
  const version = versionOf(kvp, offer.versions);
  const kind = parseExceptions(kvp);
  const asked = optional(kvp, 'REQUEST')?.trim().toLowerCase();
  const format = mapFormatOf(optional(kvp, 'FORMAT') ?? '');
  if (kind === 'xml' || (asked !== 'getmap' && asked !== 'map') || format === null || !offer.formats.includes(format)) {
    return { kind: 'xml', version };
  }
  return orElse<WmsFailure>(
    () => {
      const width = parseSide(kvp, 'WIDTH');
      const height = parseSide(kvp, 'HEIGHT');
      checkPixels(width, height, offer.maxWidth, offer.maxHeight);
      return { kind, version, width, height, format, transparent: parseTransparent(kvp), background: parseBackground(kvp) };
    },
    { kind: 'xml', version },
  );
}
