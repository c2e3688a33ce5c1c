import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

const DIRECTORY = fileURLToPath(new URL('../../config', import.meta.url));
const EXAMPLES = readdirSync(DIRECTORY).filter((name) => name.endsWith('.yaml'));

describe('the configurations that come with the package', () => {
  it.each(EXAMPLES)('%s loads without environment and without warnings', (name) => {
    expect(loadConfig(path.join(DIRECTORY, name), { env: {} }).warnings).toEqual([]);
  });

  it('demo.yaml serves the Moon as HiPS from a picture of the package', () => {
    const { config } = loadConfig(path.join(DIRECTORY, 'demo.yaml'), { env: {} });
    expect(config.services.hips).not.toBeNull();
    expect(config.layers[0]).toMatchObject({ name: 'moon', hips: { hips_order: 3, hips_body: 'moon', formats: ['image/png', 'image/jpeg'] } });
    expect(config.sources.get('moon_image')).toMatchObject({ url: path.join(DIRECTORY, 'data/moon.jpg') });
  });

  it('moon-wms.yaml takes its upstream from the environment', () => {
    const { config } = loadConfig(path.join(DIRECTORY, 'moon-wms.yaml'), { env: { MOON_WMS: 'http://other/wms?' } });
    expect(config.sources.get('moon_wms')).toMatchObject({ url: 'http://other/wms?', layers: 'moon', wms_opts: { version: '1.1.1' } });
  });
});
