import { crsOnFrame, degreesOnBody, EARTH } from '../../geometry/crs/alias.ts';
import { bodyOfName } from '../../geometry/crs/bodyTable.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { BuildContext } from './context.ts';

/**
 * Codes of a body that are advertised when the configuration names none, by their last two digits: degrees, equirectangular
 * around 0 and 180, north and south polar stereographic, Mollweide, Robinson, orthographic around 0 and 180.
 */
const BODY_SUFFIXES = [0, 10, 15, 30, 35, 40, 50, 65, 70] as const;
const EARTH_CODES = ['EPSG:4326', 'CRS:84', 'EPSG:3857'] as const;
const SKY_CODES = ['HIPS:ICRS', 'HIPS:GAL', 'HIPS:ECL'] as const;

/** The identifiers that stand for degrees of any body. */
const ALIASES = ['EPSG:4326', 'CRS:84'] as const;

/** The reference systems that layers of a frame advertise: those that the configuration lists (null = none), as far as they show the frame. */
export function advertisedCrs(frame: Frame, srs: readonly string[] | null, context: BuildContext): readonly Crs[] {
  const listed = srs ?? [];
  const shown = listed.map((id) => context.registry.crsOf(id)).filter((crs) => showsFrame(crs, frame) || isAlias(crs.id));
  const own = shown.some((crs) => !isAlias(crs.id)) || (isEarth(frame) && shown.length > 0);
  const all = own ? shown.map((crs) => crsOnFrame(crs, frame) ?? crs) : defaultCrs(frame, context);
  return [...new Map(all.map((crs) => [crs.id, crs])).values()];
}

function isAlias(id: string): boolean {
  return id === 'EPSG:4326' || id === 'CRS:84';
}

function isEarth(frame: Frame): boolean {
  return frame.kind === 'body' && frame.id === EARTH.id;
}

function showsFrame(crs: Crs, frame: Frame): boolean {
  return crs.frame.kind === frame.kind && (crs.frame.id === frame.id || frame.kind === 'sky');
}

function defaultCrs(frame: Frame, { registry }: BuildContext): readonly Crs[] {
  if (isEarth(frame)) return EARTH_CODES.map((id) => registry.crsOf(id));
  return [...ownCodes(frame).map((id) => registry.crsOf(id)), ...ALIASES.map((id) => degreesOnBody(frame, id))];
}

function ownCodes(frame: Frame): readonly string[] {
  if (frame.kind === 'sky') return SKY_CODES;
  const body = bodyOfName(frame.id);
  return body === null ? [] : BODY_SUFFIXES.map((suffix) => `IAU_2015:${body.naif * 100 + suffix}`);
}
