/** Numbers in [0, 1) that are the same in every run: mulberry32, a full-period generator of 32 bits. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` different whole numbers in [0, end), in the same order in every run. */
export function someOf(end: number, count: number, seed: number): number[] {
  const random = seeded(seed);
  const drawn = new Set<number>();
  while (drawn.size < Math.min(count, end)) drawn.add(Math.floor(random() * end));
  return [...drawn];
}
