import { z } from 'zod';
import { absent, inert, type FieldNotes } from './field.ts';
import { bbox, flag, text, type Bbox } from './values.ts';

/** A coverage as it was read; null = not given. Where several kinds are given, the first in MapProxy's order counts. */
export interface ParsedCoverage {
  readonly union: readonly ParsedCoverage[] | null;
  readonly intersection: readonly ParsedCoverage[] | null;
  readonly difference: readonly ParsedCoverage[] | null;
  readonly ogr_datasource: string | null;
  readonly ogr_where: string | null;
  readonly ogr_srs: string | null;
  readonly polygons: string | null;
  readonly polygons_srs: string | null;
  readonly bbox: Bbox | null;
  readonly bbox_srs: string | null;
  readonly datasource: string | null;
  readonly where: string | null;
  readonly moc: string | null;
  readonly srs: string | null;
  readonly clip: boolean | null;
}

/** Coverages within a coverage: lists are read one by one, so that a coverage may hold coverages. */
const parts = z
  .array(z.record(z.string(), z.unknown()), { error: 'expected a list of coverages' })
  .min(1)
  .transform((list, context): readonly ParsedCoverage[] =>
    list.flatMap((part, index) => {
      const read = coverage.safeParse(part, { jitless: true });
      if (read.success) return [read.data];
      for (const issue of read.error.issues) context.addIssue({ code: 'custom', message: messageOf(issue), path: [index, ...issue.path] });
      return [];
    }),
  )
  .meta({ 'x-type': 'list of coverages' } satisfies FieldNotes);

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? `unknown option ${issue.keys.map((key) => `'${key}'`).join(', ')}` : issue.message;
}

const areas = 'WKT polygons, GeoJSON, or a MOC: path of a file, or the text itself';

const fields = {
  bbox: absent(bbox, 'Extent of the data'),
  bbox_srs: absent(text, 'Reference system of `bbox`', "`srs`, else the source's own"),
  srs: absent(text, 'Reference system of the box or the polygons', "the source's own; degrees for GeoJSON"),
  clip: absent(flag, 'Make pixels outside transparent; else only what lies outside altogether is left away', 'false'),
  datasource: absent(text, `Area of the data: ${areas}`),
  where: absent(text, 'Filter of the data source: refused'),
  polygons: absent(text, 'Older name of `datasource`'),
  polygons_srs: absent(text, 'Reference system of `polygons`', '`srs`'),
  ogr_datasource: absent(text, 'Older name of `datasource`'),
  ogr_where: absent(text, 'Filter of the data source: refused'),
  ogr_srs: absent(text, 'Reference system of `ogr_datasource`', '`srs`'),
  moc: absent(text, "The same as `datasource`, for a MOC: path of a FITS, JSON or text file, or text such as '3/1-3 4/27'"),
  union: absent(parts, 'What lies in any of several coverages'),
  intersection: absent(parts, 'What lies in all of several coverages'),
  difference: absent(parts, 'What lies in the first of several coverages and in none of the others'),
  expire_tiles: inert('lists of expired tiles are for seeding', 'Directory of expired tiles'),
};

/** Where a source has data. */
export const coverage: z.ZodType<ParsedCoverage> = z.strictObject(fields);

/** Where a cache has data. */
export const cacheCoverage: z.ZodType<ParsedCoverage> = z.strictObject({
  ...fields,
  clip: absent(flag, 'Make pixels outside transparent').meta({ description: 'Make pixels outside transparent', 'x-inert': 'tiles of a cache are whole: clip its sources' }),
});
