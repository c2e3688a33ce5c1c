/** Directives that a response may have (RFC 9111, 5.2.2; RFC 5861; RFC 8246), and whether they have a number of seconds. */
const DIRECTIVES: ReadonlyMap<string, 'flag' | 'seconds'> = new Map([
  ['public', 'flag'], ['private', 'flag'], ['no-store', 'flag'], ['no-cache', 'flag'], ['no-transform', 'flag'],
  ['must-revalidate', 'flag'], ['proxy-revalidate', 'flag'], ['immutable', 'flag'],
  ['max-age', 'seconds'], ['s-maxage', 'seconds'], ['stale-while-revalidate', 'seconds'], ['stale-if-error', 'seconds'],
]);
/** They allow something: of several answers in one, all must. */
const ALLOWING: ReadonlySet<string> = new Set(['public', 'immutable', 'stale-while-revalidate', 'stale-if-error']);

/** What is wrong with a Cache-Control header of a response; null = nothing. */
export function cacheControlMistake(header: string): string | null {
  for (const part of header.split(',')) {
    const [, name = '', value] = /^\s*([\w-]+)(?:=(\d+))?\s*$/.exec(part) ?? [];
    const kind = DIRECTIVES.get(name);
    if (kind === undefined) return `'${part.trim()}' is no directive of Cache-Control; allowed: ${[...DIRECTIVES].map(([each, has]) => (has === 'flag' ? each : `${each}=SECONDS`)).join(', ')}`;
    if ((kind === 'seconds') !== (value !== undefined)) return kind === 'flag' ? `${name} has no value` : `${name} needs a number of seconds: ${name}=3600`;
  }
  return null;
}

type Directives = ReadonlyMap<string, number | null>;

function parse(header: string): Directives {
  return new Map(header.split(',').map((part) => {
    const [name = '', value] = part.trim().split('=');
    return [name, value === undefined ? null : Number(value)] as const;
  }));
}

/** The shorter times, what either forbids, what both allow. */
function both(a: Directives, b: Directives): Directives {
  const names = [...new Set([...a.keys(), ...b.keys()])].filter((name) => !ALLOWING.has(name) || (a.has(name) && b.has(name)));
  return new Map(names.map((name) => {
    const seconds = [a, b].flatMap((one) => one.get(name) ?? (name === 's-maxage' ? one.get('max-age') : null) ?? []);
    return [name, seconds.length === 0 ? null : Math.min(...seconds)] as const;
  }));
}

/**
 * The Cache-Control of an answer made of several, each of which has one: it may be kept only where, and as long as, each of them
 * may. At least one header, each without mistakes.
 */
export function strictestCacheControl(headers: readonly string[]): string {
  const [first = '', ...others] = new Set(headers);
  if (others.length === 0) return first;
  const found = others.map(parse).reduce(both, parse(first));
  if (found.has('no-store')) return 'no-store';
  return [...found].filter(([name]) => !(name === 'public' && found.has('private'))).map(([name, seconds]) => (seconds === null ? name : `${name}=${seconds}`)).join(', ');
}
