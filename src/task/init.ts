import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isRemote } from '../config/paths.ts';
import { GatewayError } from '../errors.ts';
import { createCrsRegistry } from '../geometry/crs/registry.ts';
import { createHttpClient } from '../io/net/http.ts';
import { parseProperties } from '../protocol/hips/properties.ts';
import { hipsStarter, listStarter } from './init/hips.ts';
import { imageStarter } from './init/image.ts';
import { recogniseAddress } from './init/recognise.ts';
import type { InitOptions, Starter } from './init/starter.ts';
import { wmsStarter } from './init/wms.ts';
import { wmtsStarter } from './init/wmts.ts';
import { starterYaml } from './init/yaml.ts';

export type { InitOptions } from './init/starter.ts';

/** Where the configuration will lie. */
export interface StarterPlace {
  /** Folder of the file: paths are written relative to it. */
  readonly directory: string;
  /** `globals.cache.base_dir` */
  readonly baseDir: string;
}

export interface StarterText {
  readonly yaml: string;
  /** Layers in it. */
  readonly layers: number;
  /** What was left out and why. */
  readonly leftOut: readonly string[];
}

/** How long an upstream may take to say what it is, milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * A configuration that serves what an address, a picture or the folder of a HiPS leads to.
 * @throws GatewayError CONFIG_INVALID where it leads to nothing that can be served, UPSTREAM_* where the upstream does not answer
 */
export async function starterFor(location: string, options: InitOptions, { directory, baseDir }: StarterPlace): Promise<StarterText> {
  const starter = isRemote(location) ? await starterOfAddress(location, options) : await starterOfPath(location, directory, options);
  if (starter.layers.length === 0) {
    throw new GatewayError('CONFIG_INVALID', `${location}: nothing that can be served${starter.leftOut.map((line) => `\n  ${line}`).join('')}`);
  }
  return { yaml: starterYaml(starter, { from: location, baseDir }), layers: starter.layers.length, leftOut: starter.leftOut };
}

async function starterOfAddress(url: string, options: InitOptions): Promise<Starter> {
  const http = createHttpClient({ timeoutMs: PATIENCE_MS, tries: 2 });
  const registry = createCrsRegistry();
  try {
    const found = await recogniseAddress(url, http, AbortSignal.timeout(2 * PATIENCE_MS));
    switch (found.kind) {
      case 'wms':
        return wmsStarter(found.capabilities, found.url, registry, options);
      case 'wmts':
        return wmtsStarter(found.capabilities, found.url, registry, options);
      case 'hips':
        return hipsStarter(found.description, found.url, options);
      case 'list':
        return listStarter(found.entries, options);
    }
  } finally {
    await http.close();
  }
}

async function starterOfPath(location: string, directory: string, options: InitOptions): Promise<Starter> {
  const file = path.resolve(location);
  const found = await stat(file).catch((cause: unknown) => {
    throw new GatewayError('CONFIG_INVALID', `there is no file or folder '${file}'`, { cause });
  });
  const url = nameFrom(directory, file);
  if (found.isFile()) return imageStarter(file, url, createCrsRegistry(), options);
  const text = await readFile(path.join(file, 'properties'), 'utf8').catch((cause: unknown) => {
    throw new GatewayError('CONFIG_INVALID', `'${file}' is not the folder of a HiPS: there is no file 'properties' in it`, { cause });
  });
  return hipsStarter(parseProperties(text), url, options);
}

/** Relative where the file lies below the folder, else absolute. */
function nameFrom(directory: string, file: string): string {
  const relative = path.relative(path.resolve(directory), file);
  const isBelow = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  return isBelow ? relative.split(path.sep).join('/') : file;
}
