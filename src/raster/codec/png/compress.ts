import { constants, deflate, deflateSync } from 'node:zlib';

/** How zlib looks at the bytes: for repeated strings, or for nothing but how often each byte occurs. */
export type Coding = 'matches' | 'frequencies';

/** What is tried of the rows: so many stretches, spread evenly, so many bytes long. */
const STRETCHES = 8;
const STRETCH_BYTES = 1 << 12;
/** Frequencies alone take half of the time: they are preferred up to this many times the bytes. */
const WORTH = 1.02;

/** Level 1: on filtered rows higher levels take several times as long for a few per cent. Runs in libuv's threads. */
export function compress(bytes: Uint8Array, coding: Coding): Promise<Buffer> {
  // One piece of output almost always: every further one is a round trip to the threads.
  const options = { ...optionsOf(coding), chunkSize: Math.max(1024, bytes.length >> 1) };
  return new Promise((resolve, reject) => {
    deflate(bytes, options, (error, compressed) => (error === null ? resolve(compressed) : reject(error)));
  });
}

function optionsOf(coding: Coding): object {
  return { level: 1, memLevel: 9, strategy: coding === 'matches' ? constants.Z_DEFAULT_STRATEGY : constants.Z_HUFFMAN_ONLY };
}

/** Which coding suits filtered rows: a sample decides. In pictures full of detail there are no strings to be found. */
export function codingOf(rows: Uint8Array): Coding {
  const sample = sampleOf(rows);
  const matched = deflateSync(sample, { ...optionsOf('matches'), chunkSize: 1024 + sample.length }).length;
  return entropyBytes(sample) <= WORTH * matched ? 'frequencies' : 'matches';
}

function sampleOf(rows: Uint8Array): Uint8Array {
  if (rows.length <= STRETCHES * STRETCH_BYTES) return rows;
  const sample = new Uint8Array(STRETCHES * STRETCH_BYTES);
  for (let i = 0; i < STRETCHES; i++) {
    const start = Math.floor(((i + 0.5) * rows.length) / STRETCHES) - STRETCH_BYTES / 2;
    sample.set(rows.subarray(start, start + STRETCH_BYTES), i * STRETCH_BYTES);
  }
  return sample;
}

/** Bytes that the sample takes if each byte costs what its frequency says (Shannon 1948): what Huffman codes come near to. */
function entropyBytes(sample: Uint8Array): number {
  const counts = new Float64Array(256);
  for (let i = 0; i < sample.length; i++) counts[sample[i]!]!++;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= count * Math.log2(count / sample.length);
  return bits / 8;
}
