import { isTime } from '../../protocol/dimensions.ts';
import { instantsOf } from '../../protocol/timeInterval.ts';
import type { WmsUpstreamDimension, WmsUpstreamLayer } from '../../protocol/wms/readCapabilities.ts';
import { oneLine, type YamlValue } from './starter.ts';

/** `dimensions` of a layer of a WMS, those left out whose values cannot be written in a configuration. */
export function writtenDimensions({ dimensions }: WmsUpstreamLayer): Readonly<Record<string, YamlValue>> {
  return Object.fromEntries(dimensions.filter(isListed).map((dimension) => {
    const { values, default: fallback } = dimension;
    return [nameOf(dimension), { values, ...(instantsIn(dimension).includes(fallback) ? { default: fallback } : {}) }];
  }));
}

/** A word about each of the others. */
export function unlistedOf({ name, dimensions }: WmsUpstreamLayer): readonly string[] {
  return dimensions.filter((dimension) => !isListed(dimension)).map((one) => `dimension '${oneLine(one.name)}' of '${oneLine(name)}': its values are no list and no interval of times with a step`);
}

/** As requests name it (06-042, C.3.2). */
function nameOf({ name }: WmsUpstreamDimension): string {
  const lower = name.toLowerCase();
  return lower === 'time' || lower === 'elevation' || lower.startsWith('dim_') ? lower : `dim_${lower}`;
}

/** A list of values, or one interval of times; other intervals would be read as values. */
function isListed(dimension: WmsUpstreamDimension): boolean {
  return /^\w[\w-]*$/.test(dimension.name) && instantsIn(dimension).length > 0;
}

/** [] = cannot be said. */
function instantsIn({ name, values }: WmsUpstreamDimension): readonly string[] {
  const [only, ...more] = values;
  if (values.every((value) => !value.includes('/'))) return values;
  if (only === undefined || more.length > 0 || !isTime({ name })) return [];
  try {
    return instantsOf(only);
  } catch {
    return [];
  }
}
