import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { readFrame } from './frameName.ts';
import type { HipsPairs } from './pairs.ts';
import { pairValue, readPairs } from './pairs.ts';

/** One HiPS of a node's list. null = not said. */
export interface HipsListEntry {
  /** Address without trailing slash. */
  readonly serviceUrl: string;
  readonly creatorDid: string | null;
  readonly title: string | null;
  readonly frame: Frame | null;
  /** Words of hips_status, lower case; empty when not said. */
  readonly status: readonly string[];
  /** Every pair as written. */
  readonly keys: HipsPairs;
}

/**
 * The list of a HiPS node (HiPS 1.0, section 5.2): properties files one after the other, apart by exactly one blank line, hence
 * none inside. Records of bodies get the `type = planet` without which Stellarium takes them for sky surveys.
 */
export function formatHipsList(records: readonly string[]): string {
  return records.map((record) => `${listRecord(record).join('\n')}\n`).join('\n');
}

function listRecord(properties: string): readonly string[] {
  const lines = properties.replace(/^\ufeff/, '').split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const pairs = readPairs(properties);
  return pairs.has('hips_body') && !pairs.has('type') ? [...lines, `${'type'.padEnd(20)} = planet`] : lines;
}

/**
 * Reads the list of a node, as found in the wild. Records without an http(s) address are of no use and left out.
 * @throws GatewayError UPSTREAM_FAILED when there is no record at all but some text
 */
export function parseHipsList(text: string): readonly HipsListEntry[] {
  const records = text.replace(/^\ufeff/, '').split(/(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)/).map(readPairs);
  const named = records.filter((pairs) => pairs.has('hips_service_url') || pairs.has('creator_did'));
  if (named.length === 0 && text.trim() !== '') {
    throw new GatewayError('UPSTREAM_FAILED', 'this is no HiPS list: no record has a hips_service_url or a creator_did');
  }
  return named.flatMap(readEntry);
}

function readEntry(keys: HipsPairs): readonly HipsListEntry[] {
  const serviceUrl = (keys.get('hips_service_url') ?? '').replace(/\/+$/, '');
  if (!/^https?:\/\/[^\s/]/i.test(serviceUrl)) return [];
  return [{
    serviceUrl,
    creatorDid: pairValue(keys, 'creator_did'),
    title: pairValue(keys, 'obs_title'),
    frame: readFrame(pairValue(keys, 'hips_frame'), pairValue(keys, 'hips_body')),
    status: (keys.get('hips_status') ?? '').toLowerCase().split(/[\s,]+/).filter(Boolean),
    keys,
  }];
}
