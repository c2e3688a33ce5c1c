import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bodyFrame, SKY_FRAMES } from '../../geometry/frame/frame.ts';
import { formatHipsList, parseHipsList } from './list.ts';

const MOON = readFileSync(new URL('../../../test/oracle/hips/moon.properties', import.meta.url), 'utf8');
const SKY = 'creator_did = ivo://x/P/sky\r\n\r\nhips_service_url = https://x.example/hips/sky/\r\nhips_frame = galactic\r\nhips_status = public master unclonable\r\n';
const MARS = '\ufeffcreator_did = ivo://x/P/mars\nobs_title = Mars\nhips_service_url = https://x.example/hips/mars\n\n\nhips_frame = mars\nhips_body = mars\n\n';

describe('formatHipsList (1.8)', () => {
  it('separates records by exactly one blank line and has none inside', () => {
    expect(formatHipsList([SKY, MARS])).toBe(
      [
        'creator_did = ivo://x/P/sky',
        'hips_service_url = https://x.example/hips/sky/',
        'hips_frame = galactic',
        'hips_status = public master unclonable',
        '',
        'creator_did = ivo://x/P/mars',
        'obs_title = Mars',
        'hips_service_url = https://x.example/hips/mars',
        'hips_frame = mars',
        'hips_body = mars',
        'type                 = planet',
        '',
      ].join('\n'),
    );
  });

  it('adds type = planet to bodies only, and once (4: Stellarium)', () => {
    expect(formatHipsList([SKY])).not.toContain('planet');
    expect(formatHipsList([`${MARS}type = moon\n`])).not.toContain('planet');
  });

  it('is empty for an empty node', () => {
    expect(formatHipsList([])).toBe('');
    expect(parseHipsList('')).toEqual([]);
  });
});

describe('parseHipsList', () => {
  it('reads back what was written', () => {
    const entries = parseHipsList(formatHipsList([SKY, MARS]));
    expect(entries).toMatchObject([
      { serviceUrl: 'https://x.example/hips/sky', creatorDid: 'ivo://x/P/sky', title: null, frame: SKY_FRAMES.galactic, status: ['public', 'master', 'unclonable'] },
      { serviceUrl: 'https://x.example/hips/mars', title: 'Mars', frame: bodyFrame('mars'), status: [] },
    ]);
    expect(entries[1]?.keys.get('type')).toBe('planet');
  });

  it('bears CRLF, several blank lines, blanks on them, comments between records, and records without an address', () => {
    const text = `\ufeff# HiPS of x\r\n\r\n \t\r\n\r\n${SKY.replace('\r\n\r\n', '\r\n')}\r\n   \r\n\r\n${MOON}\n\n# end\n`;
    expect(parseHipsList(text).map(({ serviceUrl }) => serviceUrl)).toEqual(['https://x.example/hips/sky']);
  });

  it('refuses a web page', () => {
    expect(() => parseHipsList('<html>\n\n<a href="x">Not found</a></html>')).toThrow(/no HiPS list/);
  });
});
