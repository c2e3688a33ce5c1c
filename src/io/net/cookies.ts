/** Cookies of upstreams, in memory, as long as their client lives. */
export interface CookieJar {
  /** Value of the header Cookie; null = there is nothing to send. */
  headerFor(address: URL): string | null;
  /** @param setCookie values of Set-Cookie in the answer from `address` */
  take(address: URL, setCookie: string | readonly string[] | undefined): void;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly isSecure: boolean;
  /** Milliseconds since 1970; Infinity = as long as the client lives. */
  readonly expires: number;
}

/** More are not kept, the oldest going first (RFC 6265, 6.1 asks for 50 of a host and 4096 bytes). */
const MOST_OF_A_HOST = 50;
const MOST_HOSTS = 100;
const MOST_BYTES = 4096;

/**
 * A jar after RFC 6265, 5.2 to 5.4. Every cookie goes back to the very host that sent it, never to others of its `Domain`: an upstream has one.
 * @param now milliseconds since 1970
 */
export function createCookieJar(now: () => number = Date.now): CookieJar {
  const jar = new Map<string, Cookie[]>();
  return {
    headerFor({ hostname, pathname, protocol }) {
      const live = (jar.get(hostname) ?? []).filter(({ expires }) => expires > now());
      const sent = live.filter(({ path, isSecure }) => isBelow(pathname, path) && (!isSecure || protocol === 'https:'));
      if (sent.length === 0) return null;
      return sent.toSorted((a, b) => b.path.length - a.path.length).map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    take(address, setCookie) {
      const fresh = [setCookie ?? []].flat().map((line) => parse(line, address, now())).filter((cookie) => cookie !== null);
      if (fresh.length === 0) return;
      const isReplaced = (old: Cookie): boolean => fresh.some(({ name, path }) => name === old.name && path === old.path);
      const kept = (jar.get(address.hostname) ?? []).filter((old) => !isReplaced(old));
      jar.delete(address.hostname);
      jar.set(address.hostname, [...kept, ...fresh].filter(({ expires }) => expires > now()).slice(-MOST_OF_A_HOST));
      if (jar.size > MOST_HOSTS) jar.delete(jar.keys().next().value!);
    },
  };
}

/** null for one that is not kept. */
function parse(line: string, { pathname, protocol }: URL, now: number): Cookie | null {
  const [pair = '', ...rest] = line.split(';');
  const cut = pair.indexOf('=');
  const name = pair.slice(0, cut).trim();
  if (line.length > MOST_BYTES || cut < 0 || name === '') return null;
  const attributes = new Map(rest.map((part): [string, string] => {
    const [key = '', ...value] = part.split('=');
    return [key.trim().toLowerCase(), value.join('=').trim()];
  }));
  const path = attributes.get('path') ?? '';
  const isSecure = attributes.has('secure');
  if (isSecure && protocol !== 'https:') return null;
  return { name, value: pair.slice(cut + 1).trim(), path: path.startsWith('/') ? path : folderOf(pathname), isSecure, expires: endOf(attributes, now) };
}

/** Max-Age counts before Expires (5.3). */
function endOf(attributes: ReadonlyMap<string, string>, now: number): number {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0 ? -Infinity : now + Number(maxAge) * 1000;
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? Infinity : expires;
}

function folderOf(pathname: string): string {
  const end = pathname.lastIndexOf('/');
  return end <= 0 ? '/' : pathname.slice(0, end);
}

function isBelow(pathname: string, path: string): boolean {
  return pathname === path || (pathname.startsWith(path) && (path.endsWith('/') || pathname[path.length] === '/'));
}
