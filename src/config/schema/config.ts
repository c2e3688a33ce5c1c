import { z } from 'zod';
import { caches } from './caches.ts';
import { required } from './field.ts';
import { globals, server } from './globals.ts';
import { grids } from './grids.ts';
import { layers } from './layers.ts';
import { services } from './services.ts';
import { sources } from './sources.ts';
import { listOfTexts } from './values.ts';

/** A whole configuration: the one place that says which options there are, what they mean and what they default to. */
export const configSchema = z.strictObject({
  services: required(services, 'What is served; a name without options switches a service on'),
  layers,
  sources,
  caches,
  grids,
  globals,
  server,
  parts: z.unknown().optional().meta({ description: 'Holder of YAML anchors; otherwise not looked at' }),
  base: listOfTexts.optional().meta({ description: 'Configuration files that this one is laid over, from this file' }),
  $schema: z.unknown().optional().meta({ description: 'For editors' }),
});

export type ParsedConfig = z.output<typeof configSchema>;
/** The names of the sections, for messages. */
export const SECTIONS: readonly string[] = Object.keys(configSchema.shape);
