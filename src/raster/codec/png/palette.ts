/** Most colours of a palette. */
const MAX_COLOURS = 256;
/** Slots of the hash table: four per colour. */
const SLOT_BITS = 10;
const SLOTS = 1 << SLOT_BITS;
/** Knuth's multiplier: 2^32 over the golden ratio. */
const MULTIPLIER = 0x9e3779b1;

/** The colours of a picture as 32-bit words in the order of their first pixel, and which one each pixel has. */
export interface Indexed {
  readonly colours: Uint32Array;
  readonly indices: Uint8Array;
}

/** The picture by a palette, or null with more than 256 colours: noticed early in a photograph. */
export function indexed(words: Uint32Array): Indexed | null {
  const slots = new Int16Array(SLOTS).fill(-1);
  const colours = new Uint32Array(MAX_COLOURS);
  const indices = new Uint8Array(words.length);
  let count = 0;
  let [last, lastIndex] = [-1, 0];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word !== last) {
      let slot = Math.imul(word, MULTIPLIER) >>> (32 - SLOT_BITS);
      while (slots[slot]! >= 0 && colours[slots[slot]!] !== word) slot = (slot + 1) & (SLOTS - 1);
      if (slots[slot]! < 0) {
        if (count === MAX_COLOURS) return null;
        slots[slot] = count;
        colours[count++] = word;
      }
      [last, lastIndex] = [word, slots[slot]!];
    }
    indices[i] = lastIndex;
  }
  return { colours: colours.slice(0, count), indices };
}
