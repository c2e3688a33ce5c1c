import { createMemoryStore } from '../../io/cache/store/memory.ts';
import { createVariants, theOnly, type Made, type Variants } from '../../layer/variants.ts';
import { defaultValues, keyOfValues, type Dimension, type Values } from '../../protocol/dimensions.ts';
import type { SourceRef } from '../types.ts';
import type { BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import { sourcesBelow } from './refs.ts';
import { sharedApart } from './shared.ts';
import { createSourceBuilder, takenBy } from './sources.ts';

/** What a picture depends on beside the plane. */
export interface VariedBy {
  readonly dimensions: readonly Dimension[];
  /** Names in lower case of parameters of the client that its sources want, dimensions left out. */
  readonly forwards: readonly string[];
}

/** Variants of a picture that stay ready although nobody asks for them. */
const MOST_VARIANTS = 32;
/** Part of a source's memory for decoded windows that each variant may use. */
const MEMORY_SHARE = 0.25;

/** What the sources below some references want of a client beside the dimensions. */
export function forwardsOf(refs: readonly SourceRef[], dimensions: readonly Dimension[], { loaded }: BuildContext): readonly string[] {
  const wanted = sourcesBelow(refs, loaded).flatMap((ref) => takenBy(ref, loaded));
  const own = new Set(dimensions.map(({ name }) => name.toLowerCase()));
  return [...new Set(wanted.map((name) => name.toLowerCase()))].filter((name) => !own.has(name));
}

/**
 * What is made of sources, for each choice of values. Windows that are asked with values of dimensions are kept as others are; what a
 * client may name at will is not kept on disk.
 * @param id the same in every thread, and of this picture alone
 */
export async function variantsOf<T>(id: string, { dimensions, forwards }: VariedBy, make: (sourceOf: SourceOf, values: Values) => Promise<T>, sourceOf: SourceOf, context: BuildContext): Promise<{ readonly first: T; readonly variants: Variants<T> }> {
  const defaults = defaultValues(dimensions);
  const known = new Set([...Object.keys(defaults), ...forwards]);
  const first = await make(withValues(sourceOf, defaults, defaults), defaults);
  if (known.size === 0) return { first, variants: theOnly(first) };
  const makeOne = async (values: Values): Promise<Made<T>> => {
    const { shared, forget } = sharedApart(context.shared, `${id} ${keyOfValues(values)} `);
    const isKept = Object.keys(values).every((name) => name in defaults);
    const build = createSourceBuilder({ ...context, shared, decodedBytes: context.decodedBytes * MEMORY_SHARE, store: isKept ? context.store : createMemoryStore(0) });
    const takes = (ref: SourceRef): boolean => ref.kind === 'cache' || takenBy(ref, context.loaded).some((name) => name.toLowerCase() in values);
    const one = await make(withValues((ref, frame, own) => (takes(ref) ? build : sourceOf)(ref, frame, own), values, defaults), values);
    return { one, dispose: () => Promise.resolve(forget()) };
  };
  const complete = (values: Values): Values => ({ ...defaults, ...Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name))) });
  return { first, variants: createVariants({ first: { values: defaults, one: first }, complete, make: makeOne, most: MOST_VARIANTS }) };
}

/** Sources for some values; the tiles of a cache are kept apart by those of dimensions alone. */
function withValues(sourceOf: SourceOf, values: Values, defaults: Values): SourceOf {
  const ofDimensions = Object.fromEntries(Object.entries(values).filter(([name]) => name in defaults));
  return (ref, frame) => sourceOf(ref, frame, ref.kind === 'cache' ? ofDimensions : values);
}
