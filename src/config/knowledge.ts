import { existsSync } from 'node:fs';
import { BODIES, bodyOfName } from '../geometry/crs/bodyTable.ts';
import { createCrsRegistry } from '../geometry/crs/registry.ts';
import { standardGrid, standardSetNames } from '../geometry/pyramid/standardSets.ts';
import type { Knowledge } from './check/finding.ts';

/** What the gateway really knows. `definitions` are the configuration's own reference systems: identifier -> proj4 text. */
export function gatewayKnowledge(definitions: Readonly<Record<string, string>>): Knowledge {
  const registry = createCrsRegistry({ definitions });
  return {
    isKnownCrs: (id) => succeeds(() => registry.crsOf(id)),
    isBody: (name) => bodyOfName(name) !== null,
    bodies: BODIES.map(({ name }) => name.toLowerCase()),
    isPredefinedGrid: (name) => standardGrid(name) !== null,
    gridsOf: standardSetNames,
    exists: existsSync,
  };
}

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
