import { XMLParser } from 'fast-xml-parser';
import { GatewayError } from '../errors.ts';

/** An element of a document that somebody else wrote. Names are without their namespace prefix. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  /** All text directly inside, trimmed. */
  readonly text: string;
}

/** What the parser makes of an element when it keeps the order: its name, its attributes, or a piece of text. */
interface Ordered {
  readonly [key: string]: readonly Ordered[] | Readonly<Record<string, string>> | string | undefined;
}

const ATTRIBUTES = ':@';
const TEXT = '#text';

/** Entities of a document's own are expanded within the parser's limits; external ones are never fetched. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  trimValues: true,
  htmlEntities: true,
});

/**
 * The root element of a document.
 * @throws UPSTREAM_FAILED for what is no XML
 */
export function readXml(text: string): XmlNode {
  let root: XmlNode | undefined;
  try {
    root = (parser.parse(text, true) as readonly Ordered[]).map(nodeOf).find((node) => node !== null);
  } catch (cause) {
    throw new GatewayError('UPSTREAM_FAILED', `not an XML document: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (root !== undefined) return root;
  throw new GatewayError('UPSTREAM_FAILED', 'not an XML document: it has no root element');
}

function nodeOf(ordered: Ordered): XmlNode | null {
  const name = Object.keys(ordered).find((key) => key !== ATTRIBUTES && key !== TEXT);
  if (name === undefined) return null;
  const content = ordered[name] as readonly Ordered[];
  return {
    name,
    attributes: (ordered[ATTRIBUTES] as Readonly<Record<string, string>> | undefined) ?? {},
    children: content.map(nodeOf).filter((node) => node !== null),
    text: content.map((piece) => piece[TEXT] ?? '').join('').trim(),
  };
}

/** Elements directly inside, by name. */
export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return node?.children.filter((child) => child.name === name) ?? [];
}

/** The first element at a path of names below a node. */
export function childAt(node: XmlNode | undefined, ...names: readonly string[]): XmlNode | undefined {
  return names.reduce<XmlNode | undefined>((here, name) => here?.children.find((child) => child.name === name), node);
}

/** The text of the first element at a path, '' where there is none. */
export function textAt(node: XmlNode | undefined, ...names: readonly string[]): string {
  return childAt(node, ...names)?.text ?? '';
}

/** The numbers of a text, separated by blanks or commas. */
export function numbersIn(text: string): readonly number[] {
  return text.split(/[\s,]+/).filter((part) => part !== '').map(Number);
}
