import path from 'node:path';
import type { ConfigPath } from '../issue.ts';
import type { ParsedCoverage } from '../schema/coverage.ts';
import type { AreaConfig, CoverageConfig } from '../types.ts';

/** Whether a text is an area itself and not the path of a file: well-known text, JSON, or the cells of a MOC. */
const INLINE = /^\s*(?:(?:SRID=\d+;\s*)?(?:MULTI)?POLYGON\b|\{|s?\d{1,2}\/[\d\s,/-]*$)/i;

/** null where nothing limits the source. @param at place of the coverage in the configuration */
export function resolveCoverage(coverage: ParsedCoverage | null, at: ConfigPath, directory: string): CoverageConfig | null {
  const area = coverage === null ? null : areaOf(coverage, at, directory);
  return area === null ? null : { area, clip: coverage?.clip ?? false };
}

/** MapProxy's order where several are given. */
function areaOf(coverage: ParsedCoverage, at: ConfigPath, directory: string): AreaConfig | null {
  const { srs, bbox } = coverage;
  const file = (key: 'ogr_datasource' | 'polygons' | 'datasource' | 'moc', own: string | null, where: 'ogr_where' | 'where' | null): AreaConfig => {
    const text = coverage[key]!;
    const filter = where === null || coverage[where] === null ? null : [...at, where];
    return { kind: 'file', inline: INLINE.test(text), text: INLINE.test(text) ? text : locatedPath(text, directory), srs: own ?? srs, filter, path: [...at, key] };
  };
  for (const kind of ['union', 'intersection', 'difference'] as const) {
    const parts = coverage[kind];
    if (parts === null) continue;
    const areas = parts.map((part, i) => areaOf(part, [...at, kind, i], directory)).filter((area) => area !== null);
    return areas.length === 0 ? null : { kind, parts: areas };
  }
  if (coverage.ogr_datasource !== null) return file('ogr_datasource', coverage.ogr_srs, 'ogr_where');
  if (coverage.polygons !== null) return file('polygons', coverage.polygons_srs, null);
  if (bbox !== null) return { kind: 'bbox', bbox, srs: coverage.bbox_srs ?? srs };
  if (coverage.datasource !== null) return file('datasource', null, 'where');
  return coverage.moc === null ? null : file('moc', null, null);
}

/** Names of databases ('PG:dbname=...') stay as they are. */
function locatedPath(text: string, directory: string): string {
  return /^[A-Za-z]{2,}:/.test(text) ? text : path.resolve(directory, text);
}
