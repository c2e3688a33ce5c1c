import { GatewayError } from '../errors.ts';

/** One of the axes beside the plane that a layer is offered along: time, elevation, or any other (OGC 06-042, annex C; 07-057r7, 7.1.1.2). */
export interface Dimension {
  /** As the configuration writes it. Requests name it whatever their case. */
  readonly name: string;
  /** Those that may be asked for; not empty. */
  readonly values: readonly string[];
  /** What is shown where none is asked for: one of the values. */
  readonly default: string;
}

/** Which of several pictures is meant: values by names in lower case, of dimensions and of parameters that are handed on to upstreams. */
export type Values = Readonly<Record<string, string>>;

export const NO_VALUES: Values = Object.freeze({});

/** The same text for the same values; '' for none. */
export function keyOfValues(values: Values): string {
  const names = Object.keys(values);
  return names.length === 0 ? '' : JSON.stringify(names.sort().map((name) => [name, values[name]]));
}

/** Whether instants are meant, whose texts may differ. */
export function isTime({ name }: Pick<Dimension, 'name'>): boolean {
  return name.toLowerCase().includes('time');
}

/** What is shown where nothing is asked for. */
export function defaultValues(dimensions: readonly Dimension[]): Values {
  return Object.fromEntries(dimensions.map((dimension) => [dimension.name.toLowerCase(), dimension.default]));
}

/**
 * The values that a request means, those of absent dimensions being their defaults; 'default' and 'current' name that too.
 * @param asked what the request says of a dimension, by its name; undefined or '' = nothing
 * @throws GatewayError DIMENSION_VALUE_NOT_DEFINED
 */
export function chosenValues(dimensions: readonly Dimension[], asked: (name: string) => string | undefined): Values {
  return Object.fromEntries(dimensions.map((dimension) => [dimension.name.toLowerCase(), valueOf(dimension, asked(dimension.name))]));
}

function valueOf(dimension: Dimension, asked: string | undefined): string {
  const { name, values } = dimension;
  if (asked === undefined || asked === '' || asked === 'default' || asked === 'current') return dimension.default;
  const found = values.includes(asked) ? asked : isTime(dimension) ? values.find((value) => isSameInstant(value, asked)) : undefined;
  if (found !== undefined) return found;
  throw new GatewayError('DIMENSION_VALUE_NOT_DEFINED', `the dimension '${name}' has no value '${asked}': ${listed(values)}`, { locator: name });
}

/** As many values as a message can show. */
const SHOWN = 8;

function listed(values: readonly string[]): string {
  return values.length <= SHOWN ? values.join(', ') : `${values.slice(0, SHOWN - 1).join(', ')}, ... ${values.at(-1)!} (${values.length})`;
}

function isSameInstant(a: string, b: string): boolean {
  const [first, second] = [Date.parse(a), Date.parse(b)];
  return first === second && !Number.isNaN(first);
}

/**
 * What a WMS request calls a dimension (06-042, C.3.2): time and elevation by their names, others with 'DIM_' before them, which MapProxy's
 * configurations already write. The plain name is understood as well. Upper case, the best one first.
 */
export function wmsNames(name: string): readonly string[] {
  const upper = name.toUpperCase();
  if (upper === 'TIME' || upper === 'ELEVATION') return [upper];
  return upper.startsWith('DIM_') ? [upper, upper.slice(4)] : [`DIM_${upper}`, upper];
}

/** What the capabilities of a WMS call a dimension: requests add the prefix. */
export function wmsDimensionName(name: string): string {
  return name.toLowerCase().startsWith('dim_') ? name.slice(4) : name;
}
