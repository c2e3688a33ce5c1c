import { GatewayError } from '../../errors.ts';

/** An address with parameters; those of its own of the same name, whatever their case, are replaced, others stay as they are. */
export function withParameters(url: string, parameters: Readonly<Record<string, string | number>>): string {
  const [path = '', query = ''] = url.split('#')[0]!.split(/\?(.*)/s);
  const named = new Set(Object.keys(parameters).map((name) => name.toUpperCase()));
  const kept = query.split('&').filter((pair) => pair !== '' && !named.has(nameOf(pair)));
  const written = Object.entries(parameters).map(([name, value]) => `${encodeURIComponent(name)}=${encodedValue(String(value))}`);
  return `${path}?${[...kept, ...written].join('&')}`;
}

function nameOf(pair: string): string {
  const name = pair.split('=')[0]!;
  try {
    return decodeURIComponent(name).toUpperCase();
  } catch {
    return name.toUpperCase();
  }
}

/** Percent-encoded but for ',', ':' and '/', which are legal in a query and which some servers want to see as they are. */
function encodedValue(value: string): string {
  return encodeURIComponent(value).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/** Names and numbers of this machine and of private networks (RFC 1918, RFC 4193, RFC 6761, RFC 6762, RFC 3927). */
const PRIVATE =
  /^(?:localhost|.*\.(?:localhost|local|internal|lan|home|intranet)|127\.[\d.]+|0\.0\.0\.0|10\.[\d.]+|192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|169\.254\.[\d.]+|\[(?:::1?|f[cd][0-9a-f]*:.*|fe80:.*)\])$/i;

/**
 * An address found in a document of an upstream, made absolute. What a stranger writes must not lead into the operator's own
 * network: another host than the document's must not be one of that.
 * @throws UPSTREAM_FAILED
 */
export function linkedAddress(href: string, documentUrl: string): string {
  const found = URL.canParse(href, documentUrl) ? new URL(href, documentUrl) : null;
  if (found === null || !/^https?:$/.test(found.protocol)) throw new GatewayError('UPSTREAM_FAILED', `${documentUrl} leads to '${href}', which is no http or https address`);
  const isOwn = found.host === new URL(documentUrl).host;
  if (!isOwn && (PRIVATE.test(found.hostname) || !found.hostname.includes('.'))) {
    throw new GatewayError('UPSTREAM_FAILED', `${documentUrl} leads to '${found.host}', a host of this machine or of a private network; only addresses that the configuration names are asked there`);
  }
  return found.href.replaceAll(/%7B/gi, '{').replaceAll(/%7D/gi, '}');
}
