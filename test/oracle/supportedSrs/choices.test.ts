import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bySuitability } from '../../../src/config/build/suitableCrs.ts';
import { samePlane } from '../../../src/geometry/crs/samePlane.ts';
import { createCrsRegistry } from '../../../src/geometry/crs/registry.ts';
import { loadText } from '../../config/loadText.ts';

/** Danger: a map server is asked in another reference system than by MapProxy, for a map in one that it does not know. */
interface Choices {
  readonly mapproxy: string;
  readonly targets: readonly string[];
  readonly preferred: readonly Readonly<Record<string, readonly string[]>>[];
  readonly choices: readonly { readonly preferred: number; readonly known: readonly string[]; readonly asked: readonly string[] }[];
}

const { mapproxy, targets, preferred, choices } = JSON.parse(readFileSync(new URL('choices.json', import.meta.url), 'utf8')) as Choices;
const registry = createCrsRegistry();

describe(`MapProxy ${mapproxy}`, () => {
  it('there are choices', () => expect(choices.length).toBeGreaterThan(400));

  it.each(preferred.map((one, i) => [JSON.stringify(one), i] as const))('preferred_src_proj %s: the same choice for every list of what is known', (text, i) => {
    const loaded = loadText(`services: {hips: }\nlayers: [{name: l, sources: [s]}]\nsources: {s: {type: debug}}\nglobals: {srs: {preferred_src_proj: ${text}}}\n`);
    const context = { loaded, registry };
    for (const { known, asked } of choices.filter((choice) => choice.preferred === i)) {
      const named = known.map((name) => ({ name, crs: registry.crsOf(name) }));
      const found = targets.map((target) => bySuitability(named, registry.crsOf(target), context)[0]!.crs);
      // One plane has several names, of which the one of the map comes first here.
      expect(found.map((crs, at) => (samePlane(crs, registry.crsOf(asked[at]!)) ? asked[at] : crs.id)), `of ${known.join()}`).toEqual(asked);
    }
  });
});
