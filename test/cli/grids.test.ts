import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import type { GridListing } from '../../src/task/grids.ts';

const CONFIG = `
services: {wms: , tms: }
layers: [{name: a, title: A, sources: [cache_a]}]
sources: {s: {type: debug}}
caches:
  cache_a: {grids: [geodetic, GLOBAL_MERCATOR], sources: [s]}
grids:
  geodetic: {base: GLOBAL_GEODETIC, origin: nw}
  mars: {srs: 'IAU_2015:49910', bbox: [4500000, 1020000, 4650000, 1170000], res: [200, 100]}
`;

describe('hips-gateway grids', () => {
  let directory = '';
  let file = '';
  let out = '';
  let err = '';

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-grids-'));
    file = path.join(directory, 'main.yaml');
    writeFileSync(file, CONFIG);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  beforeEach(() => {
    [out, err] = ['', ''];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
  });
  afterEach(() => vi.restoreAllMocks());

  async function json(...args: readonly string[]): Promise<readonly GridListing[]> {
    expect(await runCli(['grids', file, '--json', ...args]), err).toBe(0);
    return JSON.parse(out) as readonly GridListing[];
  }

  it('lists the grids of the file and those that its caches use', async () => {
    expect(await runCli(['grids', file, '--list'])).toBe(0);
    expect(out).toBe('geodetic\nmars\nGLOBAL_MERCATOR\n');
  });

  it("prints MapProxy's columns", async () => {
    expect(await runCli(['grids', file, '-g', 'geodetic'])).toBe(0);
    const lines = out.split('\n');
    expect(lines.slice(0, 8)).toEqual([
      'geodetic:',
      '    Configuration:',
      '        bbox: [-180, -90, 180, 90]',
      "        origin: 'nw'",
      "        srs: 'EPSG:4326'",
      '        tile_size: [256, 256]',
      '        caches: cache_a',
      '    Levels: Resolutions, # x * y = total tiles',
    ]);
    expect(lines[8]).toMatch(/^ {8}00: {2}1\.40625, +# +1 \* 1 +=+ +1$/);
    expect(lines[10]).toMatch(/^ {8}02: {2}0\.3515625, +# +4 \* 2 +=+ +8$/);
    expect(lines.filter((line) => line.startsWith('        ') && line.includes('#'))).toHaveLength(20);
    expect(lines[20]).toMatch(/= +8\.389M$/);
  });

  it('as JSON', async () => {
    const [mars, ...more] = await json('-g', 'mars');
    expect(more).toEqual([]);
    expect(mars).toEqual({
      name: 'mars', srs: 'IAU_2015:49910', unit: 'metre', bbox: [4500000, 1020000, 4650000, 1170000], origin: 'sw', tile_size: [256, 256], caches: [],
      levels: [
        { level: '0', resolution: 200, columns: 3, rows: 3, tiles: 9 },
        { level: '1', resolution: 100, columns: 6, rows: 6, tiles: 36 },
      ],
    });
  });

  it('counts what a rectangle touches, in degrees or in a named system', async () => {
    const covered = (listings: readonly GridListing[]): readonly unknown[] => listings[0]!.levels.slice(0, 4).map((level) => level.covered);
    // Level 3: tiles of 45 degrees, from the north west: columns 4 and 5, rows 0 and 1.
    expect(covered(await json('-g', 'geodetic', '--bbox', '1,1,80,80'))).toEqual([1, 1, 1, 4]);
    out = '';
    expect(covered(await json('-g', 'geodetic', '--bbox=111319.49,111325.14,8905559.26,15538711.1', '--srs', 'EPSG:3857'))).toEqual([1, 1, 1, 4]);
    out = '';
    expect(covered(await json('-g', 'mars', '--bbox', '-120,-20,-100,0'))).toEqual([0, 0]);
  });

  it('counts what polygons or a MOC touch; of levels too fine to count, about how many', async () => {
    const area = path.join(directory, 'area.wkt');
    // Below the diagonal of a square of 45 degrees, without its corners.
    writeFileSync(area, 'POLYGON ((1 1, 43 1, 1 43, 1 1))');
    const [listing] = await json('-g', 'geodetic', '--coverage', area);
    // Tiles of 45, 22.5, 11.25 degrees: 1, then those of a staircase.
    expect(listing!.levels.slice(0, 6).map(({ covered }) => covered)).toEqual([1, 1, 1, 1, 3, 10]);
    const exact = (42 * 42) / 2;
    for (const { resolution, covered, approximate } of listing!.levels.slice(12)) {
      const tiles = exact / (resolution * 256) ** 2;
      expect(covered! / tiles, `at ${resolution}`).toBeGreaterThanOrEqual(1);
      expect(covered! / tiles, `at ${resolution}`).toBeLessThan(1.02);
      expect(approximate === true || covered! < 20_000_000).toBe(true);
    }
    expect(listing!.levels.at(-1)!.approximate).toBe(true);
    out = '';
    expect(await runCli(['grids', file, '-g', 'geodetic', '--coverage', area])).toBe(0);
    expect(out).toMatch(/05: .*\(10 covered\)\n/);
    expect(out).toMatch(/19: .*\(about [\d.]+M covered\)\n/);
    out = '';
    const moc = path.join(directory, 'moc.txt');
    writeFileSync(moc, '0/4');
    const [ofMoc] = await json('-g', 'geodetic', '--coverage', moc);
    // The rhomb around (0, 0): 45 degrees to either side, 41.8 up and down; two of its corners lie on the edges of tiles of 45 degrees.
    expect(ofMoc!.levels.slice(2, 4).map(({ covered }) => covered)).toEqual([4, 8]);
  });

  it('a predefined grid that nothing uses, and all of the bodies that there are', async () => {
    const [moon] = await json('-g', 'MOON_GEOGRAPHIC');
    expect(moon!.levels[0]).toEqual({ level: '0', resolution: 0.703125, columns: 2, rows: 1, tiles: 2 });
    out = '';
    expect(await runCli(['grids', file, '--list', '--all'])).toBe(0);
    expect(out.split('\n')).toEqual(expect.arrayContaining(['EARTH_GEOGRAPHIC', 'MARS_NORTH_POLAR']));
    expect(out).not.toContain('MOON');
  });

  it.each([
    [['-g', 'nothing'], /there is no grid 'nothing': geodetic, mars, GLOBAL_MERCATOR/],
    [['-g', 'mars', '--bbox', '0,0,1,1', '--srs', 'IAU_2015:30110'], /IAU_2015:30110 does not show 'mars'/],
    [['--bbox', '1,2,3'], /expected four numbers/],
    [['--bbox', '3,2,1,4'], /west < east/],
  ])('2 for %j', async (args, message) => {
    expect(await runCli(['grids', file, ...args])).toBe(2);
    expect(err).toMatch(message);
  });
});
