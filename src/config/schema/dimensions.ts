import { z } from 'zod';
import { isTime, type Dimension } from '../../protocol/dimensions.ts';
import { instantsOf } from '../../protocol/timeInterval.ts';
import { absent, named } from './field.ts';
import { listOfTexts, shortText } from './values.ts';

const dimension = z.strictObject({
  values: listOfTexts.meta({ description: "Values that may be asked for, or one text: 'first/last/step' of times (ISO 8601), 'a/b/c' of others" }),
  default: absent(shortText, 'What is shown where none is asked for', 'the last value'),
});

type Written = z.output<typeof dimension>;

/** Parameters of WMS and WMTS, which no dimension can be called. */
const TAKEN: ReadonlySet<string> = new Set([
  'service', 'version', 'request', 'layers', 'layer', 'styles', 'style', 'crs', 'srs', 'bbox', 'width', 'height', 'format', 'transparent', 'bgcolor', 'exceptions', 'tiled',
  'query_layers', 'info_format', 'feature_count', 'i', 'j', 'x', 'y', 'tilematrixset', 'tilematrix', 'tilerow', 'tilecol', 'infoformat',
]);

/** Names are steps of paths, and parameters whose case does not matter. */
function nameMistake(name: string, all: readonly string[]): string | null {
  if (!/^[A-Za-z][\w-]*$/.test(name)) return `'${name}' cannot be a dimension: letters, digits, '_' and '-'`;
  if (TAKEN.has(name.toLowerCase())) return `'${name}' cannot be a dimension: it is a parameter of WMS or WMTS`;
  return all.filter((other) => other.toLowerCase() === name.toLowerCase()).length > 1 ? `there is another dimension '${name}'` : null;
}

/** @throws GatewayError for a time that is none */
function dimensionOf(name: string, { values, default: fallback }: Written): Dimension {
  const [only, ...more] = values;
  const listed = only === undefined || more.length > 0 ? values : isTime({ name }) ? instantsOf(only) : only.trim().split('/');
  const all = fallback === null || listed.includes(fallback) ? listed : [...listed, fallback];
  return { name, values: all, default: fallback ?? all.at(-1)! };
}

const DESCRIPTION = 'Dimensions along which the layer is offered: `time`, `elevation`, `dim_NAME`; sources get them where their `forward_req_params` names them';

/** `dimensions` of a layer. Values are read as MapProxy does; a default that is none of them becomes one. */
export const dimensions = named(dimension, DESCRIPTION)
  .transform((written, context): readonly Dimension[] =>
    Object.entries(written).flatMap(([name, one]) => {
      const fail = (message: string, ...at: string[]): [] => {
        context.issues.push({ code: 'custom', message, path: [name, ...at], input: written });
        return [];
      };
      const mistake = nameMistake(name, Object.keys(written));
      if (mistake !== null) return fail(mistake);
      if (one.values.length === 0) return fail('a dimension needs a value', 'values');
      try {
        return [dimensionOf(name, one)];
      } catch (error) {
        return fail((error as Error).message, 'values');
      }
    }),
  )
  .meta({ description: DESCRIPTION });
