import { createCrsRegistry, type CrsRegistry } from '../../geometry/crs/registry.ts';
import type { Config } from '../types.ts';

/** The reference systems that a configuration knows: everybody's, and those of its `globals.srs`. */
export function registryOf({ globals: { srs } }: Pick<Config, 'globals'>): CrsRegistry {
  return createCrsRegistry({ equidistantCylindrical: srs.equidistant_cylindrical, definitions: srs.definitions });
}
