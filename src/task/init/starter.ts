import { bodyOfName } from '../../geometry/crs/bodyTable.ts';
import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import { bodyFrame, type Frame } from '../../geometry/frame/frame.ts';
import { standardGrid, standardSetNames } from '../../geometry/pyramid/standardSets.ts';

/** What can be written behind a key of a starter configuration. */
export type YamlValue = string | number | boolean | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** One layer to be written: shown as HiPS, map and tiles from one source. */
export interface StarterLayer {
  /** Part of addresses; made unique when it is written. */
  readonly name: string;
  readonly title: string;
  readonly abstract: string;
  /** What it shows. */
  readonly frame: Frame;
  /** Options of its source, in the order in which they are written. */
  readonly source: Readonly<Record<string, YamlValue>>;
  /** Words before the source. */
  readonly remarks: readonly string[];
  /** `dimensions` of the layer. */
  readonly dimensions?: Readonly<Record<string, YamlValue>>;
  /** Options of md.hips. */
  readonly hips: Readonly<Record<string, YamlValue>>;
}

/** Everything that becomes a starter configuration. */
export interface Starter {
  readonly title: string;
  readonly layers: readonly StarterLayer[];
  /** What was left out and why, one line each. */
  readonly leftOut: readonly string[];
}

/** What the operator says of a source that does not say it itself. */
export interface InitOptions {
  /** The body that it shows; null = as it says. */
  readonly body: string | null;
  /** Reference system of a picture. */
  readonly srs: string | null;
  /** Only layers with one of these texts in name or title; [] = all. */
  readonly only: readonly string[];
  /** Most layers. */
  readonly limit: number;
}

/** The layers that are wanted, and a word about those that there are too many of. */
export function wanted<T>(all: readonly T[], textOf: (one: T) => string, { only, limit }: InitOptions): { readonly chosen: readonly T[]; readonly leftOut: readonly string[] } {
  const matching = only.length === 0 ? all : all.filter((one) => only.some((part) => textOf(one).toLowerCase().includes(part.toLowerCase())));
  const rest = matching.length - limit;
  return { chosen: matching.slice(0, limit), leftOut: rest > 0 ? [`${rest} more layers: --limit ${matching.length} writes all, --layer TEXT those with that text in their name`] : [] };
}

/** A name that can be part of an address. */
export function plainName(text: string): string {
  const plain = text.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '');
  return plain === '' || plain === 'list' ? `layer_${plain}`.replace(/_$/, '') : plain;
}

/** One line, without what YAML and properties files would stumble over. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Co}]+/gu, ' ').trim();
}

/** What a list of reference systems shows: the body of the first that names one, the Earth where only its own are known; null = unknown. */
export function frameOfCrs(names: readonly string[], registry: CrsRegistry, { body }: InitOptions): Frame | null {
  if (body !== null) return bodyFrame(body);
  const frames = names.flatMap((name) => frameOf(name, registry));
  return frames.find(({ id }) => id !== 'earth') ?? frames[0] ?? null;
}

function frameOf(name: string, registry: CrsRegistry): readonly Frame[] {
  try {
    return [registry.crsOf(name).frame];
  } catch {
    return [];
  }
}

const EARTH_GRIDS: readonly string[] = ['GLOBAL_WEBMERCATOR', 'WorldCRS84Quad'];
const SKY_GRIDS: Readonly<Record<string, string>> = { icrs: 'ICRS_GEOGRAPHIC', galactic: 'GALACTIC_GEOGRAPHIC', ecliptic: 'ECLIPTIC_GEOGRAPHIC' };

/** The predefined grids of a frame: metres, degrees and poles of a body; [] for a body without a table entry. */
export function gridsOf(frame: Frame): readonly string[] {
  if (frame.kind === 'sky') return [SKY_GRIDS[frame.id] ?? 'ICRS_GEOGRAPHIC'];
  if (frame.id === 'earth') return EARTH_GRIDS;
  return standardSetNames(frame.id).filter((name) => !name.endsWith('_MERCATOR') && standardGrid(name) !== null);
}

/** Digits of the IAU's codes: degrees, equirectangular, north and south polar stereographic. */
const BODY_SUFFIXES = [0, 10, 30, 35] as const;

/** Reference systems that maps of a frame are offered in. */
export function srsOf(frame: Frame): readonly string[] {
  if (frame.kind === 'sky') return ['HIPS:ICRS', 'HIPS:GAL', 'HIPS:ECL', 'EPSG:4326', 'CRS:84'];
  if (frame.id === 'earth') return ['EPSG:4326', 'CRS:84', 'EPSG:3857'];
  const body = bodyOfName(frame.id);
  return [...(body === null ? [] : BODY_SUFFIXES.map((suffix) => `IAU_2015:${body.naif * 100 + suffix}`)), 'EPSG:4326', 'CRS:84'];
}
