/** What XML 1.0 cannot carry at all: C0 controls but tab, line feed and carriage return, and the two non-characters. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const ENTITIES: { readonly [character: string]: string } = Object.freeze({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
});

/**
 * Text made safe between tags and inside quoted attributes. Characters that XML 1.0 (section 2.2) forbids and lone surrogates
 * become U+FFFD, so that whatever a configuration or an upstream says, the document stays well-formed.
 */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
