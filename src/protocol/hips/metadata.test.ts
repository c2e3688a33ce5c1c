import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatMetadata } from './metadata.ts';

const MOON = readFileSync(new URL('../../../test/oracle/hips/moon.properties', import.meta.url), 'utf8');

/** Names of the elements in document order; throws when tags do not match or an attribute is not closed. */
function elements(xml: string): readonly string[] {
  const names: string[] = [];
  const open: string[] = [];
  const tag = /<(\/?)([A-Za-z]+)((?:\s+[A-Za-z]+="[^"<]*")*)\s*(\/?)>|<\?xml[^<>]*\?>|([^<]+)/gy;
  let end = 0;
  for (const match of xml.matchAll(tag)) {
    end = match.index + match[0].length;
    if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(match[0])) throw new Error(`bare ampersand in ${match[0]}`);
    if (match[2] === undefined) continue;
    if (match[1] === '/') {
      if (open.pop() !== match[2]) throw new Error(`unexpected ${match[0]}`);
      continue;
    }
    names.push(match[2]);
    if (match[4] !== '/') open.push(match[2]);
  }
  if (end !== xml.length || open.length > 0) throw new Error(`not well-formed at ${end}`);
  return names;
}

describe('formatMetadata', () => {
  it('is a well-formed VOTable with one parameter per property', () => {
    const xml = formatMetadata(MOON);
    expect(elements(xml)).toEqual(['VOTABLE', 'RESOURCE', 'DESCRIPTION', ...Array.from({ length: 25 }, () => 'PARAM')]);
    expect(xml).toContain('<PARAM name="hips_order" datatype="int" value="2"/>');
    expect(xml).toContain('<PARAM name="hips_initial_fov" datatype="double" unit="deg" value="360.0"/>');
    expect(xml).toContain('<PARAM name="hips_frame" datatype="unicodeChar" arraysize="*" value="planet"/>');
  });

  it('stays well-formed whatever the configuration says', () => {
    const xml = formatMetadata('creator_did = ivo://a"b\nobs_title = <b>R&D</b> "x" \u0001\nodd<key = 1\nhips_order = high');
    expect(elements(xml)).toHaveLength(3 + 4);
    expect(xml).toContain('&lt;b&gt;R&amp;D&lt;/b&gt; &quot;x&quot; \ufffd');
    expect(xml).toContain('name="hips_order" datatype="unicodeChar"');
  });
});
