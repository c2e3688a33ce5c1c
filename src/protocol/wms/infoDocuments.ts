import { GatewayError } from '../../errors.ts';
import { joinXml } from '../joinXml.ts';

/** What somebody says of a place, in words of their own. */
export interface InfoDocument {
  /** Media type without parameters. */
  readonly contentType: string;
  readonly text: string;
}

export type InfoKind = 'text' | 'html' | 'xml' | 'json';

const MEDIA_TYPE: { readonly [kind in InfoKind]: string } = Object.freeze({ text: 'text/plain', html: 'text/html', xml: 'text/xml', json: 'application/json' });

/** What a media type comes to; all that is not known is text, which no client takes for a program. */
export function infoKindOf(named: string): InfoKind {
  const mediaType = named.split(';')[0]!.trim().toLowerCase();
  if (mediaType === 'text/html') return 'html';
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) return 'json';
  return mediaType === 'text/xml' || mediaType === 'application/xml' || mediaType.endsWith('+xml') || mediaType.startsWith('application/vnd.ogc.gml') ? 'xml' : 'text';
}

/**
 * Several documents as one, as MapProxy joins them: texts one below the other, HTML in one page, JSON in one object (lists of the same name one
 * after the other), XML below one root; what is of several kinds, as text.
 * @param documents not empty
 * @param asked the format that the client wants: the answer is called so where it is of that kind
 * @throws UPSTREAM_FAILED for JSON or XML that is none
 */
export function joinInfo(documents: readonly InfoDocument[], asked: string): InfoDocument {
  const kinds = new Set(documents.map(({ contentType }) => infoKindOf(contentType)));
  const [kind] = kinds.size === 1 ? kinds : (['text'] as const);
  const texts = documents.map(({ text }) => text);
  return { contentType: infoKindOf(asked) === kind ? asked : MEDIA_TYPE[kind!], text: joined(texts, kind!) };
}

function joined(texts: readonly string[], kind: InfoKind): string {
  try {
    return JOIN[kind](texts);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new GatewayError('UPSTREAM_FAILED', `a document is nested too deeply to be joined with others`, { cause });
  }
}

const JOIN: { readonly [kind in InfoKind]: (texts: readonly string[]) => string } = {
  text: (texts) => texts.filter((text) => text !== '').join('\n'),
  html: joinHtml,
  xml: ([first, ...others]) => (others.length === 0 ? inUtf8(first!) : joinXml([first!, ...others])),
  json: joinJson,
};

/** The declaration of a document that is sent in another encoding than it came in. */
function inUtf8(text: string): string {
  return text.replace(/^\s*<\?xml[^>]*\?>/, '<?xml version="1.0" encoding="UTF-8"?>');
}

/** Patterns without repetitions: others would try every beginning of what may be megabytes. */
function joinHtml([first, ...others]: readonly string[]): string {
  let end = first!.length;
  for (const { index } of first!.matchAll(/<\/body/gi)) end = index;
  return first!.slice(0, end) + others.map(bodyOf).join('') + first!.slice(end);
}

/** What stands inside the body of a page; all of what has none. */
function bodyOf(page: string): string {
  const start = page.search(/<body/i);
  if (start < 0) return page;
  const from = page.indexOf('>', start) + 1;
  if (from === 0) return '';
  const inside = page.slice(from);
  const end = inside.search(/<\/body/i);
  return end < 0 ? inside : inside.slice(0, end);
}

function joinJson(texts: readonly string[]): string {
  const values = texts.map(parseJson);
  return texts.length === 1 ? texts[0]! : JSON.stringify(values.reduce(merged));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GatewayError('UPSTREAM_FAILED', `not a JSON document: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects member by member, lists one after the other; else the second. Whatever members are called, no prototype is touched. */
function merged(a: unknown, b: unknown): unknown {
  if (Array.isArray(a) && Array.isArray(b)) return [...(a as readonly unknown[]), ...(b as readonly unknown[])];
  if (!isObject(a) || !isObject(b)) return b;
  const members = new Map(Object.entries(a));
  for (const [name, value] of Object.entries(b)) members.set(name, members.has(name) ? merged(members.get(name), value) : value);
  return Object.fromEntries(members);
}
