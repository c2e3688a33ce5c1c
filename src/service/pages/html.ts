/** Markup that may be put into a page as it is. */
export interface Html {
  readonly markup: string;
}

const ESCAPES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What a page may be made of: markup stays, text and numbers are escaped, null leaves nothing, lists are joined. */
export type HtmlPart = Html | string | number | null | readonly HtmlPart[];

function markupOf(part: HtmlPart): string {
  if (part === null) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
  if ('markup' in part) return part.markup;
  return part.map(markupOf).join('');
}

/** Template tag: everything put in between is escaped, in text as in quoted attributes, unless it is Html itself. */
export function html(literals: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { markup: literals.reduce((markup, literal, i) => markup + markupOf(parts[i - 1] ?? null) + literal) };
}
