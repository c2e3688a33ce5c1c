import { formatTilePath } from '../../src/protocol/hips/path.ts';
import { seeded } from './seeded.ts';

/** Address of a tile of the layer `moon` as a HiPS. */
export function hipsTile(order: number, npix: number, extension = 'jpg', layer = 'moon'): string {
  return `/hips/${layer}/${formatTilePath(order, npix)}.${extension}`;
}

/** Addresses of `count` different tiles of a matrix of the grid `geodetic`, spread over the whole body. */
export function wmtsTiles(layer: string, matrix: number, count: number): string[] {
  const [columns, rows] = [2 ** matrix, 2 ** matrix / 2];
  const step = Math.max(1, Math.floor((columns * rows) / count) | 1);
  const numbers = Array.from({ length: Math.min(count, columns * rows) }, (_, i) => (i * step) % (columns * rows));
  return numbers.map((at) => `/wmts/${layer}/geodetic/${String(matrix).padStart(2, '0')}/${at % columns}/${Math.floor(at / columns)}.jpeg`);
}

/** Addresses of different GetMap requests in degrees: boxes `degrees` wide, twice as wide as high, wherever they fit. */
export function getMaps(layer: string, { count, width, degrees, crs = 'IAU_2015:30100' }: { readonly count: number; readonly width: number; readonly degrees: number; readonly crs?: string }): string[] {
  const random = seeded(7);
  return Array.from({ length: count }, () => {
    const west = -180 + random() * (360 - degrees);
    const south = -90 + random() * (180 - degrees / 2);
    const bbox = [west, south, west + degrees, south + degrees / 2].map((x) => x.toFixed(6)).join(',');
    return `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=${crs}&BBOX=${bbox}&WIDTH=${width}&HEIGHT=${width / 2}&FORMAT=image/jpeg`;
  });
}
