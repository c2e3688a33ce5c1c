import { GatewayError } from '../../../src/errors.ts';
import type { Encoded, HipsLayer } from '../../../src/layer/types.ts';
import { wholeSphere } from '../../../src/protocol/hips/moc.ts';
import { creatorDid, DEFAULT_STATUS, formatProperties } from '../../../src/protocol/hips/properties.ts';
import type { Delivery, Gateway } from '../../../src/service/types.ts';

/** When everything of the fake was last changed; the odd milliseconds are there because HTTP dates have none. */
export const MODIFIED = new Date('2026-03-04T05:06:07.890Z');

/** The failures that a tile of the fake layer can be asked for: npix of order 1 -> what happens. */
export const TROUBLE = { outside: 20, tooLarge: 21, upstreamFailed: 22, upstreamTimeout: 23, bug: 24, never: 25, frameMismatch: 26 } as const;

/** Text that no client may ever see. */
export const SECRET = 'http://upstream.internal:8000/map?key=secret';

/** How everything of the fakes goes out. */
export const DELIVERY: Delivery = { origins: '*', cacheControl: 'public, max-age=259200' };

export function encoded(text: string, contentType = 'image/png'): Encoded {
  return { bytes: new TextEncoder().encode(text), contentType, etag: `"${text}"`, modified: MODIFIED };
}

function trouble(npix: number): Encoded | null {
  switch (npix) {
    case TROUBLE.outside:
      return null;
    case TROUBLE.tooLarge:
      throw new GatewayError('TOO_LARGE', 'the tile needs 700 source tiles, more than the allowed 500');
    case TROUBLE.upstreamFailed:
      throw new GatewayError('UPSTREAM_FAILED', `GET ${SECRET}: 500`);
    case TROUBLE.upstreamTimeout:
      throw new GatewayError('UPSTREAM_TIMEOUT', `GET ${SECRET}: no answer in 60 s`);
    case TROUBLE.frameMismatch:
      throw new GatewayError('FRAME_MISMATCH', `${SECRET} is a map of mars`);
    default:
      throw new TypeError(`cannot read ${SECRET}`);
  }
}

function waitForAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted')));
  });
}

/** A layer whose tiles are texts naming themselves; order 3, png and jpeg. */
export function fakeLayer(name: string, onSignal: (signal: AbortSignal) => void = () => {}): HipsLayer {
  const troubles: ReadonlySet<number> = new Set(Object.values(TROUBLE));
  return {
    name,
    title: `The <${name}>`,
    order: 3,
    tileWidth: 512,
    formats: ['image/png', 'image/jpeg'],
    modified: MODIFIED,
    frame: { id: 'moon', kind: 'body' },
    coverage: wholeSphere(),
    properties: (serviceUrl) => formatProperties({
      creatorDid: creatorDid('fake', name), title: `The <${name}>`, description: null, color: true, releaseDate: MODIFIED, creationDate: null,
      status: DEFAULT_STATUS, formats: ['png', 'jpeg'], order: 3, tileWidth: 512, frame: { id: 'moon', kind: 'body' }, pixelBitpix: null,
      pixelCut: null, view: null, skyFraction: 1, serviceUrl, category: null, copyright: 'USGS & friends', extra: new Map(),
    }),
    moc: () => encoded('moc', 'application/fits'),
    tile: async (order, npix, format, signal) => {
      onSignal(signal);
      if (order > 3) throw new GatewayError('TILE_OUT_OF_RANGE', `Norder${order} is deeper than hips_order = 3`, { locator: 'Norder' });
      if (order === 1 && npix === TROUBLE.never) return waitForAbort(signal);
      if (order === 1 && troubles.has(npix)) return trouble(npix);
      return encoded(`tile ${order} ${npix}`, format);
    },
    tileInMemory: () => undefined,
    allsky: async (order, format) => encoded(`allsky ${order}`, format),
    preview: async () => encoded('preview', 'image/jpeg'),
  };
}

/** A gateway with the layers 'moon' and 'rough seas', open to overriding. */
export function fakeGateway(overrides: Partial<Gateway> = {}, onSignal?: (signal: AbortSignal) => void): Gateway {
  const layers = [fakeLayer('moon', onSignal), fakeLayer('rough seas')];
  return {
    title: 'Fake <gateway>',
    publicUrl: null,
    trustProxy: false,
    origins: '*',
    anyOrigins: '*',
    hips: { layers: new Map(layers.map((layer) => [layer.name, layer])), deliveryOf: () => DELIVERY },
    maps: null,
    tiles: null,
    ogcapi: null,
    access: null,
    warmUp: () => {},
    close: async () => {},
    ...overrides,
  };
}
