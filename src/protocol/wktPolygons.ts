import { GatewayError } from '../errors.ts';
import type { Polygon, Ring } from '../geometry/region/planePolygon.ts';

/** A position in a text that is read from left to right. */
interface Reader {
  readonly tokens: readonly string[];
  next: number;
}

/** Words, numbers, brackets and commas; anything else is a token too, which nothing expects. */
const TOKEN = /[A-Za-z]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|\S/g;

/** Whether a text is meant as well-known text of areas. */
export function looksLikeWkt(text: string): boolean {
  return /^\s*(?:SRID=\d+;\s*)?(?:MULTI)?POLYGON\b/i.test(text);
}

/**
 * The polygons of one or more POLYGON and MULTIPOLYGON texts (OGC 06-103r4, clause 7), as they stand on the lines of a file for
 * MapProxy. Heights and measures are skipped, EMPTY is none.
 * @throws GatewayError CONFIG_INVALID where the text is something else
 */
export function parseWktPolygons(text: string): readonly Polygon[] {
  const reader: Reader = { tokens: text.replace(/SRID=\d+;/gi, '').match(TOKEN) ?? [], next: 0 };
  const polygons: Polygon[] = [];
  while (reader.next < reader.tokens.length) polygons.push(...readGeometry(reader));
  return polygons;
}

function readGeometry(reader: Reader): readonly Polygon[] {
  const kind = take(reader).toUpperCase();
  if (kind !== 'POLYGON' && kind !== 'MULTIPOLYGON') throw unreadable(reader, 'POLYGON or MULTIPOLYGON');
  if (/^(?:Z|M|ZM)$/i.test(reader.tokens[reader.next] ?? '')) reader.next++;
  if (/^EMPTY$/i.test(reader.tokens[reader.next] ?? '')) {
    reader.next++;
    return [];
  }
  return kind === 'POLYGON' ? [readPolygon(reader)] : readList(reader, readPolygon);
}

function readPolygon(reader: Reader): Polygon {
  return readList(reader, (inner): Ring => readList(inner, readPoint));
}

function readList<T>(reader: Reader, readOne: (reader: Reader) => T): readonly T[] {
  const list: T[] = [];
  let token = take(reader);
  if (token !== '(') throw unreadable(reader, '(');
  while (token !== ')') {
    list.push(readOne(reader));
    token = take(reader);
    if (token !== ',' && token !== ')') throw unreadable(reader, ', or )');
  }
  return list;
}

function readPoint(reader: Reader): readonly [number, number] {
  const numbers: number[] = [];
  while (/^[-+.\d]/.test(reader.tokens[reader.next] ?? '')) numbers.push(Number(take(reader)));
  const [x, y] = numbers;
  if (x === undefined || y === undefined || !Number.isFinite(x) || !Number.isFinite(y)) {
    reader.next++;
    throw unreadable(reader, 'two numbers');
  }
  return [x, y];
}

function take(reader: Reader): string {
  return reader.tokens[reader.next++] ?? '';
}

/** Of the token that was just taken. */
function unreadable({ tokens, next }: Reader, expected: string): GatewayError {
  const found = tokens[next - 1];
  return new GatewayError('CONFIG_INVALID', `the polygons cannot be read: expected ${expected}, found ${found === undefined ? 'the end' : `'${found.slice(0, 40)}'`}`);
}
