/** Resolves once the address answers anything at all. @throws after 60 s */
export async function answering(url: string): Promise<void> {
  const until = performance.now() + 60_000;
  for (;;) {
    try {
      await (await fetch(url)).arrayBuffer();
      return;
    } catch (cause) {
      if (performance.now() > until) throw new Error(`nothing answers at ${url}`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
