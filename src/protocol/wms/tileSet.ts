import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { ImageFormat } from '../../raster/format.ts';
import { element, textElement, type XmlElement } from '../element.ts';

/** A grid along which GetMap answers with tiles (WMS Tile Caching, OSGeo): cells count from the lower left corner of `bbox`. */
export interface WmsTileSet {
  readonly layer: string;
  readonly crs: Crs;
  /** CRS units, x/y order. */
  readonly bbox: Bbox;
  /** Sizes of a pixel, coarsest first. */
  readonly resolutions: readonly number[];
  readonly width: Pixels;
  readonly height: Pixels;
  readonly format: ImageFormat;
}

/** What the document type must declare for them: elements of a vendor are not in the DTD of WMS 1.1.1. */
export const TILE_SET_DECLARATIONS: readonly string[] = [
  '<!ELEMENT VendorSpecificCapabilities (TileSet*)>',
  '<!ELEMENT TileSet (SRS, BoundingBox?, Resolutions, Width, Height, Format, Layers*, Styles*)>',
  ...['Resolutions', 'Width', 'Height', 'Layers', 'Styles'].map((name) => `<!ELEMENT ${name} (#PCDATA)>`),
];

function tileSetElement({ layer, crs, bbox: [minx, miny, maxx, maxy], resolutions, width, height, format }: WmsTileSet): XmlElement {
  return element(
    'TileSet',
    {},
    textElement('SRS', crs.id),
    element('BoundingBox', { SRS: crs.id, minx, miny, maxx, maxy }),
    textElement('Resolutions', resolutions.join(' ')),
    textElement('Width', width),
    textElement('Height', height),
    textElement('Format', format),
    textElement('Layers', layer),
    textElement('Styles', ''),
  );
}

/** The vendor's part of the capabilities; null for no sets. */
export function vendorElement(sets: readonly WmsTileSet[]): XmlElement | null {
  return sets.length === 0 ? null : element('VendorSpecificCapabilities', {}, sets.map(tileSetElement));
}
