/** More of an upstream's page than this helps nobody. */
const LONGEST = 300;

/**
 * What an upstream said instead of sending a map: the text (and code) of its ServiceExceptions (WMS) or ExceptionTexts (OWS), else the
 * beginning of the page without its tags. For logs. Never throws.
 */
export function exceptionText(body: string): string {
  const found = [...body.matchAll(/<(?:\w+:)?(ServiceException|ExceptionText)\b([^>]*?)(?:\/>|>([\s\S]*?)<\/(?:\w+:)?\1>)/g)];
  const texts = found.map(([, , attributes, inner]) => `${codeOf(attributes ?? '')}${plain(inner ?? '')}`.trim());
  const text = texts.length > 0 ? texts.join('; ') : plain(body);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** What may stand before a root element, one at a time: a pattern for all of them would try every way to part them. */
const MISC = /[\s\uFEFF]+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?[^>]*>/iy;
/** Where the root element of a report begins at the latest, characters. */
const REPORT_WITHIN = 2000;

/** Whether an answer is a report of exceptions (WMS or OWS), whatever its status. */
export function isExceptionReport(body: string): boolean {
  const head = body.slice(0, REPORT_WITHIN);
  MISC.lastIndex = 0;
  let at = 0;
  while (MISC.test(head)) at = MISC.lastIndex;
  return /^<(?:\w+:)?(?:ServiceExceptionReport|ExceptionReport)\b/.test(head.slice(at));
}

function codeOf(attributes: string): string {
  const code = /\bcode\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1];
  return code === undefined || code === '' ? '' : `[${code}] `;
}

const ENTITIES: { readonly [entity: string]: string } = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };

function plain(markup: string): string {
  return markup
    .replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1')
    .replaceAll(/<(style|script)\b[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replaceAll(/\s+/g, ' ')
    .trim();
}
