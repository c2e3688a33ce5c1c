import { GatewayError } from '../../errors.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { CommonSourceConfig, RemoteSourceConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import { crsOfSource } from './sourceCrs.ts';

/** A source of which the operator may say what its reference system means. */
export type OverriddenConfig = RemoteSourceConfig & { readonly srs_override: string | null };

/** Plate carree first, in degrees before metres: circles close and poles join. Negative for what is not known. */
export function rankOf(name: string, { registry }: BuildContext): number {
  try {
    const { poleLines, unit } = registry.crsOf(name);
    if (!poleLines) return 0;
    return unit === 'degree' ? 2 : 1;
  } catch {
    return -1;
  }
}

/** What the CRS of an upstream means. */
export function meantCrs(config: CommonSourceConfig & { readonly srs_override: string | null }, name: string, option: string, frame: Frame | null, context: BuildContext): Crs {
  try {
    return crsOfSource(config.srs_override ?? name, config, frame, context);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw configError(context, [...config.path, option], `the upstream's reference system '${name}' is not known; say with srs_override what it means`);
  }
}

/** The name to ask with and what it means: a plate carree if there is one, the first if `srs_override` says what that means. */
export function chooseCrs(
  config: OverriddenConfig,
  names: readonly string[],
  frame: Frame | null,
  context: BuildContext,
): { readonly name: string; readonly crs: Crs } {
  const ranked = names.filter((name) => rankOf(name, context) >= 0).sort((a, b) => rankOf(b, context) - rankOf(a, context));
  const name = config.srs_override === null ? ranked[0] : names[0];
  if (name === undefined) throw configError(context, config.path, `none of the upstream's reference systems is known: ${names.join(', ')}; say with srs_override what the first means`);
  return { name, crs: crsOfSource(config.srs_override ?? name, config, frame, context) };
}
