import { open } from 'node:fs/promises';

/** How space agencies keep their pictures: labels and samples, which GDAL reads. */
export type PlanetaryFormat = 'PDS3' | 'PDS4' | 'ISIS3' | 'VICAR';

/** All of them say what they are near the start. */
const HEAD_BYTES = 4096;

/** What the first bytes of a file say; null = another kind of file. */
export function planetaryFormatOf(head: string): PlanetaryFormat | null {
  if (/^\s*Object\s*=\s*IsisCube/i.test(head)) return 'ISIS3';
  if (head.startsWith('LBLSIZE=')) return 'VICAR';
  if (/^\s*(?:\/\*.*?\*\/\s*)*(?:CCSD3ZF|NJPL1I|PDS_VERSION_ID|ODL_VERSION_ID)/s.test(head)) return 'PDS3';
  return /^(?:\ufeff)?\s*<\?xml/.test(head) && /<Product_Observational/.test(head) ? 'PDS4' : null;
}

/** The same of a file on disk; null also where it cannot be read. */
export async function planetaryFormatOfFile(path: string): Promise<PlanetaryFormat | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return planetaryFormatOf(buffer.toString('latin1', 0, bytesRead));
  } catch {
    return null;
  } finally {
    await file.close();
  }
}
