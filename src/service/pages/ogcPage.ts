import { formatPage } from './frame.ts';
import { type Html, html } from './html.ts';

/** A document of OGC API as a page. */
export interface OgcPage {
  readonly title: string;
  /** The document. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Path below the root of a picture of what it describes; null = none. */
  readonly picture: string | null;
  /** Relative address of the server's root, with trailing slash. */
  readonly root: string;
}

interface PageLink {
  readonly href: string;
  readonly title: string;
  readonly rel: string;
  readonly templated?: true;
}

/** The end of an address says what a link is to the document: 'tilesets-map' of 'http://www.opengis.net/def/rel/ogc/1.0/tilesets-map'. */
function relationName(rel: string): string {
  return rel.slice(rel.lastIndexOf('/') + 1);
}

function link({ href, title, rel, templated }: PageLink): Html {
  const target = templated === true ? html`<code class="address">${href}</code>` : html`<a href="${href}">${title}</a>`;
  return html`<li>${target} (${relationName(rel)})</li>
`;
}

function isLeaf(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

function leaf(value: unknown): Html {
  const text = String(value);
  return /^https?:\/\//.test(text) ? html`<code>${text}</code>` : html`${text}`;
}

/** Any value: lists of plain values on one line, everything else as definitions inside each other. */
function shown(value: unknown): Html {
  if (isLeaf(value)) return leaf(value);
  if (Array.isArray(value)) return value.every(isLeaf) ? html`${value.map((item, i) => [i === 0 ? '' : ', ', leaf(item)])}` : html`<ol>${value.map((item) => html`<li>${shown(item)}</li>`)}</ol>`;
  return members(value as Readonly<Record<string, unknown>>);
}

function members(value: Readonly<Record<string, unknown>>): Html {
  return html`<dl>${Object.entries(value).map(([name, member]) => html`<dt>${name}</dt><dd>${name === 'links' ? links(member as readonly PageLink[]) : shown(member)}</dd>
`)}</dl>`;
}

function links(list: readonly PageLink[]): Html {
  return html`<ul>
${list.map(link)}</ul>`;
}

/** The page: everything that the document says, its links first. */
export function formatOgcPage({ title, json, picture, root }: OgcPage): string {
  const { links: own, ...rest } = json;
  const content = html`<h1>${title}</h1>
<p class="links"><a href="${root}ogcapi?f=html">OGC API</a> <a href="${root}ogcapi/collections?f=html">Collections</a> <a href="${root}ogcapi/conformance?f=html">Conformance</a></p>
${picture === null ? null : html`<p><img src="${root}${picture}" alt="Map of ${title}"></p>`}
${Array.isArray(own) ? html`<section class="panel"><h2>Links</h2>
${links(own as readonly PageLink[])}</section>` : null}
<section class="panel">${members(rest)}</section>`;
  return formatPage({ title, root, content });
}
