import { GatewayError } from '../../errors.ts';

/**
 * The folders that keep the tiles of one choice of dimensions apart, as MapProxy 7 names them: 'time-2020-08-25T00:00:00Z/dim_level-700',
 * custom ones (`dim_`) after the others, each alphabetically; '' without dimensions.
 * MapProxy has such folders in its file cache only, and there not for `quadkey` and `arcgis`: elsewhere it mixes the tiles of all values.
 * @throws GatewayError INVALID_PARAMETER for values that would leave their folder
 */
export function dimensionsPath(dimensions: Readonly<Record<string, string>>): string {
  const names = Object.keys(dimensions);
  const custom = names.filter((name) => name.startsWith('dim_'));
  const predefined = names.filter((name) => !name.startsWith('dim_'));
  return [...predefined.sort(), ...custom.sort()].map((name) => `${name}-${checked(name, dimensions[name]!)}`).join('/');
}

/** A value is a path in normal form: no empty part, no '.' or '..' among others, no slash at its end. */
function checked(name: string, value: string): string {
  const parts = value.split('/');
  const climbs = value.split(/[/\\]/).includes('..');
  const isNormal = value === '.' || (value !== '' && parts.every((part, i) => part !== '.' && (part !== '' || (i === 0 && parts.length > 1))));
  if (isNormal && !climbs && !value.includes('\0')) return value;
  throw new GatewayError('INVALID_PARAMETER', `${JSON.stringify(value)} cannot be a value of the dimension '${name}': it does not name a folder`, { locator: name });
}
