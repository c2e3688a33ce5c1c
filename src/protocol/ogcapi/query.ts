import { GatewayError } from '../../errors.ts';

/** Parameters by their names as sent. */
export type OgcQuery = ReadonlyMap<string, string>;

/**
 * The parameters of a request. A name that is written twice has both values, parted by a comma.
 * @throws INVALID_PARAMETER for a name that is not known here: OGC API does not ignore those (OGC 19-072, /req/core/query-param-unknown)
 */
export function parseOgcQuery(query: string, known: readonly string[]): OgcQuery {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!known.includes(name)) throw new GatewayError('INVALID_PARAMETER', `there is no parameter '${name}' here; there are ${known.join(', ')}`, { locator: name });
    const before = found.get(name);
    found.set(name, before === undefined ? value : `${before},${value}`);
  }
  return found;
}
