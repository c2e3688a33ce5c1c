import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { GatewayError } from '../errors.ts';

/** An element as the parser keeps it in order: its name with what is inside, and its attributes. */
interface Ordered {
  readonly [key: string]: readonly Ordered[] | Readonly<Record<string, string>> | string | undefined;
}

const ATTRIBUTES = ':@';
/** Nothing is interpreted: what is written is what was read, but for declaration, comments and entities of the document's own. */
const OPTIONS = { preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', processEntities: false, cdataPropName: '#cdata', suppressEmptyNode: true } as const;
const parser = new XMLParser({ ...OPTIONS, parseTagValue: false, parseAttributeValue: false, ignoreDeclaration: true, ignorePiTags: true, trimValues: false });
const builder = new XMLBuilder(OPTIONS);

interface Root {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly Ordered[];
}

function rootOf(text: string): Root {
  let found: Ordered | undefined;
  try {
    found = (parser.parse(text, true) as readonly Ordered[]).find((node) => nameOf(node) !== null);
  } catch (cause) {
    throw new GatewayError('UPSTREAM_FAILED', `not an XML document: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (found === undefined) throw new GatewayError('UPSTREAM_FAILED', 'not an XML document: it has no root element');
  const name = nameOf(found)!;
  return { name, attributes: (found[ATTRIBUTES] as Root['attributes'] | undefined) ?? {}, content: found[name] as readonly Ordered[] };
}

/** null for text. */
function nameOf(node: Ordered): string | null {
  return Object.keys(node).find((key) => key !== ATTRIBUTES && !key.startsWith('#')) ?? null;
}

/** A child with the namespaces that it had from its root, where the new one means others by their prefixes. */
function withNamespaces(child: Ordered, from: Root, to: Root): Ordered {
  if (nameOf(child) === null) return child;
  const missing = Object.entries(from.attributes).filter(([name, uri]) => /^xmlns(?::|$)/.test(name) && to.attributes[name] !== uri);
  const unnamed = to.attributes['xmlns'] !== undefined && from.attributes['xmlns'] === undefined ? [['xmlns', '']] : [];
  return { ...child, [ATTRIBUTES]: { ...Object.fromEntries([...missing, ...unnamed]), ...(child[ATTRIBUTES] as Root['attributes'] | undefined) } };
}

/**
 * Several documents as one: the first, with what is inside the roots of the others at its end.
 * @param texts not empty
 * @throws UPSTREAM_FAILED for what is no XML
 */
export function joinXml(texts: readonly string[]): string {
  const [first, ...others] = texts.map(rootOf) as [Root, ...Root[]];
  const content = [...first.content, ...others.flatMap((root) => root.content.map((child) => withNamespaces(child, root, first)))];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build([{ [first.name]: content, [ATTRIBUTES]: first.attributes }])}\n`;
}
