import { escapeXml } from './xml.ts';

/** An attribute that is null or undefined is not written. */
export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** One XML element as data. Text and elements are not mixed. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly content: string | readonly XmlElement[];
}

/** What may stand among children: nothing (null) where an optional part is absent, or a list in place. */
export type Child = XmlElement | null | readonly (XmlElement | null)[];

/** An element with children in the order given. */
export function element(name: string, attributes: Attributes, ...children: readonly Child[]): XmlElement {
  return { name, attributes, content: children.flat().filter((child): child is XmlElement => child !== null) };
}

/** An element with text. */
export function textElement(name: string, text: string | number, attributes: Attributes = {}): XmlElement {
  return { name, attributes, content: plain(text) };
}

/** An element with text, or nothing where the text is null or empty. */
export function optionalText(name: string, text: string | number | null | undefined): XmlElement | null {
  return text === null || text === undefined || text === '' ? null : textElement(name, text);
}

/** Numbers in JavaScript's shortest form that reads back the same; minus zero is zero. */
function plain(value: string | number): string {
  return typeof value === 'number' ? String(value === 0 ? 0 : value) : value;
}

function writeAttributes(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter((entry): entry is [string, string | number] => entry[1] !== null && entry[1] !== undefined)
    .map(([name, value]) => ` ${name}="${escapeXml(plain(value))}"`)
    .join('');
}

function writeElement({ name, attributes, content }: XmlElement, indent: string): string {
  const head = `${indent}<${name}${writeAttributes(attributes)}`;
  if (content.length === 0) return `${head}/>\n`;
  if (typeof content === 'string') return `${head}>${escapeXml(content)}</${name}>\n`;
  return `${head}>\n${content.map((child) => writeElement(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}

/** A whole document in UTF-8. @param prolog what stands between the declaration and the root, such as a DOCTYPE */
export function writeXml(root: XmlElement, prolog: string = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${prolog}${writeElement(root, '')}`;
}
