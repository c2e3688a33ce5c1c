/** A memory of WebAssembly: grows by pages of 64 KiB and never shrinks; growing detaches the buffer. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Bytes of a page. */
export const WASM_PAGE = 65_536;

/** What is used of the global of that name, for which Node's types have no declaration. */
interface WebAssemblyGlobal {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/**
 * Compiles a module that imports nothing.
 * @param base64 the module's bytes
 * @returns makes instances, each with a memory of its own; null where the machine cannot run it (no SIMD)
 */
export function compileWasm<Exports>(base64: string): (() => Exports) | null {
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyGlobal }).WebAssembly;
  try {
    const module = new Module(Buffer.from(base64, 'base64'));
    return () => new Instance(module).exports as Exports;
  } catch {
    return null;
  }
}

/** Makes sure that a memory has at least that many bytes. Views made before may be detached. */
export function reserve(memory: WasmMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / WASM_PAGE));
}
