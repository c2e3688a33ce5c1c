/** How the numbers of a picture are shown; null = as the file says, or as its numbers suggest. */
export interface NumberStyle {
  /** Numbers that are black and white. */
  readonly range: readonly [number, number] | null;
  /** The number that means "nothing here". */
  readonly noData: number | null;
}

/** Tells styles apart in the names of caches. */
export function styleName({ range, noData }: NumberStyle): string {
  return `${range?.join('_') ?? 'auto'}${noData === null ? '' : `_without_${noData}`}`;
}
