import { describe, expect, it } from 'vitest';
import type { HipsLayer } from '../../layer/types.ts';
import { parseProperties } from '../../protocol/hips/properties.ts';
import { formatHipsPage } from './hipsPage.ts';

const layer = { name: 'a b', title: 'Title', order: 1, tileWidth: 256, formats: ['image/webp'] } as unknown as HipsLayer;

function page(properties: string, viewerPath: string | null): string {
  return formatHipsPage({ layer, description: parseProperties(properties), root: '../../', serviceUrl: 'http://h/hips/a%20b', viewerPath });
}

describe('formatHipsPage', () => {
  it('without Aladin Lite says so, shows the preview and keeps every link', () => {
    const text = page('hips_order = 1', null);
    expect(text).toContain('npm install aladin-lite');
    expect(text).toContain('src="../../hips/a%20b/preview.jpg"');
    expect(text).not.toContain('<script');
    for (const file of ['properties', 'Moc.fits', 'Norder1/Allsky.webp']) expect(text).toContain(`href="../../hips/a%20b/${file}"`);
  });

  it('tells the viewer the body and where to look first', () => {
    const text = page('hips_order = 1\nhips_frame = mars\nhips_body = mars\nhips_initial_ra = 226\nhips_initial_dec = 18\nhips_initial_fov = 40', 'v/aladin.js');
    expect(text).toContain('data-frame="mars" data-kind="body" data-lon="226" data-lat="18" data-fov="40"');
    expect(text).toContain('data-script="../../v/aladin.js"');
  });

  it('shows no empty facts', () => {
    const text = page('hips_order = 1', null);
    expect(text).not.toMatch(/Credit|Coverage|<dd><\/dd>/);
  });
});
