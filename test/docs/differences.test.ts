import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Each deliberate difference from MapProxy and its plugin, by the first words of its row in docs/from-mapproxy.md, and the test that holds it.
 * Dangers: a document that tells of what is not so any more, a difference that nobody meant.
 */
const DIFFERENCES: readonly (readonly [row: string, file: string, test: string])[] = [
  ['an unknown option is a warning', 'test/config/mistakes.test.ts', "did you mean '"],
  ['an unset variable stays', 'src/config/yaml/env.test.ts', 'refuses an unset variable without default'],
  ["EPSG codes are the Earth's", 'test/config/mapproxyHips.test.ts', 'a grid in a reference system of the Earth is refused on Mars'],
  ['layers of two bodies', 'test/system/multiBody.test.ts', 'the capabilities have one parent per body'],
  ['`IAU:49900` and `IAU_2015:49900`', 'src/geometry/crs/code.test.ts', 'every spelling of one CRS is one identifier'],
  ['knows no axis that points west', 'test/system/differences.test.ts', 'x of a planetographic system grows to the west'],
  ['a layer on `GLOBAL_GEODETIC`', 'test/system/wmts.test.ts', 'keep GLOBAL_GEODETIC from the first level'],
  ['a time interval whose step', 'src/protocol/timeInterval.test.ts', 'MapProxy 7.0.0 goes on to'],
  ['a dimension `dim_level`', 'test/system/dimensions.test.ts', 'of WMS 1.3.0 and 1.1.1'],
  ['tiles of all values of a dimension', 'test/system/differences.test.ts', '%s keeps the tiles of each value of a dimension'],
  ['two grids in one system', 'test/config/stores.test.ts', 'two grids never share one of them'],
  ['exceptions of WMS are status 500', 'test/conformance/wms13.test.ts', 'exceptions come as XML'],
  ['every request waits for an upstream', 'test/system/staleTiles.test.ts', 'it is not asked for each tile'],
  ['what failed is painted into the map', 'test/system/sourceErrors.test.ts', 'where nothing answers: an exception'],
  ['no `TileMatrixSetLimits`', 'test/system/wmts.test.ts', 'limit a layer to the tiles that its rectangle touches'],
  ['`ETag` without quotes', 'test/system/wms.test.ts', 'names the address it was asked under, has a tag, and answers 304'],
  ['map tiles of 256 colours', 'test/system/pictureOptions.test.ts', 'paletted: true'],
  ['every HiPS is `hips_frame=planet`', 'test/system/differences.test.ts', 'a HiPS names its body'],
  ['`hips_status=public master clonableOnce`', 'test/system/differences.test.ts', 'what may be done with it'],
  ['`hips_release_date` is now', 'test/system/differences.test.ts', 'hips_release_date is that of the picture'],
  ['`hips_order=5`', 'test/system/differences.test.ts', 'and how deep it is'],
  ['Allsky only after `hips-allsky`', 'test/e2e/mapserver.test.ts', 'makes an Allsky of order 3'],
  ['`hips-seed`', 'test/cli/export.test.ts', 'export to a HiPS'],
  ['transparent becomes white', 'test/system/coverages.test.ts', 'hands on whole tiles within its coverage, and asks nothing outside'],
  ['a HiPS as source: `hips_frame` ignored', 'test/system/hipsSourceExactness.test.ts', 'plate carree of the sky from a HiPS in each frame of the sky'],
  ['bilinear and bicubic maps of a HiPS', 'test/e2e/mapproxyHips.test.ts', 'but for the half pixel of a HiPS'],
  ['a missing or refused tile of a HiPS', 'test/system/hipsSource.test.ts', 'what is no picture is trouble and never kept'],
  ['stored tiles of a HiPS', 'test/system/hipsSource.test.ts', 'everything anew when the HiPS has a new release date'],
];

const ROOT = path.join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** First cells of the tables of deliberate differences. */
function rows(): readonly string[] {
  const text = read('docs/from-mapproxy.md');
  const part = text.slice(text.indexOf('## Deliberate differences'), text.indexOf('## The README of mapproxy_hips'));
  return part.split('\n').filter((line) => /^\| (?!MapProxy \||mapproxy_hips \||---)/.test(line)).map((line) => line.slice(2, line.indexOf(' | ')));
}

describe('deliberate differences from MapProxy', () => {
  it('are those that docs/from-mapproxy.md lists, each once', () => {
    const listed = rows();
    expect(listed).toHaveLength(DIFFERENCES.length);
    for (const [i, [row]] of DIFFERENCES.entries()) expect(listed[i]!.slice(0, row.length)).toBe(row);
  });

  it.each(DIFFERENCES)('%s: a test of that name', (_row, file, test) => expect(read(file)).toContain(test));
});
