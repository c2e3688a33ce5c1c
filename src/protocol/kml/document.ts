import type { Bbox } from '../../geometry/crs/axis.ts';
import { element, textElement, writeXml, type XmlElement } from '../element.ts';
import type { TileNumbers } from '../tms/profile.ts';

/** A tile that a document leads to. */
export interface KmlTile extends TileNumbers {
  /** West, south, east, north, degrees. */
  readonly bbox: Bbox;
  /** Address of its picture. */
  readonly picture: string;
  /** Address of the document with the tiles below it; null = there are none. */
  readonly document: string | null;
}

/** What a document of a superoverlay shows. */
export interface KmlDocument {
  /** The layer's. */
  readonly name: string;
  /** What Google Earth is to show, 'moon' or 'mars'; null = the Earth. */
  readonly target: 'moon' | 'mars' | null;
  readonly bbox: Bbox;
  /** Pixels along a side of a tile. */
  readonly tileSize: number;
  readonly tiles: readonly KmlTile[];
}

/** Media type of a document (OGC 07-147r2, annex C). */
export const KML_TYPE = 'application/vnd.google-earth.kml+xml';

/** Pixels within which a picture and the finer ones that replace it fade into each other. */
const FADE = 8;

function edges([west, south, east, north]: Bbox): readonly XmlElement[] {
  return [textElement('north', north), textElement('south', south), textElement('east', east), textElement('west', west)];
}

function region(bbox: Bbox, lod: XmlElement | null): XmlElement {
  return element('Region', {}, element('LatLonAltBox', {}, edges(bbox)), lod);
}

function numbers({ x, y, z }: KmlTile): string {
  return `(${x}, ${y}, ${z})`;
}

/** The document below is read as soon as the tile is half as large on the screen as its picture. */
function networkLink(tile: KmlTile, { name, tileSize }: KmlDocument): XmlElement | null {
  if (tile.document === null) return null;
  return element(
    'NetworkLink',
    {},
    textElement('name', `${name} - ${numbers(tile)}`),
    region(tile.bbox, element('Lod', {}, textElement('minLodPixels', tileSize / 2), textElement('maxLodPixels', -1))),
    element('Link', {}, textElement('href', tile.document), textElement('viewRefreshMode', 'onRegion'), element('viewFormat', {})),
  );
}

/** A picture is drawn from half its size on the screen to three times that; the finest ones at any size above. */
function groundOverlay(tile: KmlTile, { tileSize }: KmlDocument): XmlElement {
  const most = tile.document === null ? -1 : tileSize * 3;
  const lod = element('Lod', {}, textElement('minLodPixels', tileSize / 2), textElement('maxLodPixels', most), textElement('minFadeExtent', FADE), textElement('maxFadeExtent', FADE));
  return element(
    'GroundOverlay',
    {},
    textElement('name', numbers(tile)),
    region(tile.bbox, lod),
    textElement('drawOrder', tile.z),
    element('Icon', {}, textElement('href', tile.picture)),
    element('LatLonBox', {}, edges(tile.bbox)),
  );
}

/** One document of a superoverlay (OGC 07-147r2), built as MapProxy builds it: links to what lies below each tile, then the tiles' pictures. */
export function writeKml(document: KmlDocument): string {
  const { name, target, bbox, tiles } = document;
  return writeXml(
    element(
      'kml',
      { xmlns: 'http://www.opengis.net/kml/2.2', hint: target === null ? null : `target=${target}` },
      element('Document', {}, textElement('name', name), region(bbox, null), tiles.map((tile) => networkLink(tile, document)), tiles.map((tile) => groundOverlay(tile, document))),
    ),
  );
}
