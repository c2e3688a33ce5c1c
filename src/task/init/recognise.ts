import { GatewayError } from '../../errors.ts';
import type { HttpClient } from '../../io/net/http.ts';
import { withParameters } from '../../io/source/address.ts';
import { hipsAddress, hipsFileUrl } from '../../protocol/hips/client.ts';
import { parseHipsList, type HipsListEntry } from '../../protocol/hips/list.ts';
import { parseProperties, type HipsDescription } from '../../protocol/hips/properties.ts';
import { readXml } from '../../protocol/readXml.ts';
import { wmsCapabilitiesOf, type WmsCapabilities } from '../../protocol/wms/readCapabilities.ts';
import { readWmtsCapabilities, type WmtsCapabilities } from '../../protocol/wmts/readCapabilities.ts';

/** What is behind an address. `url`: where the document was found; of a HiPS its own address. */
export type Recognised =
  | { readonly kind: 'wms'; readonly url: string; readonly capabilities: WmsCapabilities }
  | { readonly kind: 'wmts'; readonly url: string; readonly capabilities: WmtsCapabilities }
  | { readonly kind: 'hips'; readonly url: string; readonly description: HipsDescription }
  | { readonly kind: 'list'; readonly url: string; readonly entries: readonly HipsListEntry[] };

/**
 * Finds out what an address leads to: the document itself, a HiPS, a WMS or WMTS whose capabilities have to be asked for, or the server of a
 * HiPS list.
 * @throws GatewayError UPSTREAM_* when it does not answer, CONFIG_INVALID when it is nothing of that kind
 */
export async function recogniseAddress(url: string, http: HttpClient, signal: AbortSignal): Promise<Recognised> {
  for (const [i, candidate] of candidatesOf(url).entries()) {
    const text = await textAt(candidate, http, signal).catch((error: unknown) => {
      if (i === 0) throw error; // nobody there: the others would only say so again
      return null;
    });
    const found = text === null ? null : recogniseDocument(text, candidate);
    if (found !== null) return found;
  }
  throw new GatewayError('CONFIG_INVALID', `${url} leads neither to a HiPS, nor to a list of HiPS, nor to the capabilities of a WMS or WMTS`);
}

/** Where to look, the likeliest first. An address of a document is asked as it is. */
function candidatesOf(url: string): readonly string[] {
  if (/[?&]request=/i.test(url) || /\.xml(?:[?#]|$)|\/properties(?:[?#]|$)/i.test(url)) return [url];
  const base = hipsAddress(url);
  return [
    url,
    hipsFileUrl(base, 'properties'),
    withParameters(url, { SERVICE: 'WMS', REQUEST: 'GetCapabilities' }),
    withParameters(url, { SERVICE: 'WMTS', REQUEST: 'GetCapabilities' }),
    hipsFileUrl(base, '1.0.0/WMTSCapabilities.xml'),
    hipsFileUrl(base, 'hips/list'),
    hipsFileUrl(base, 'hipslist'),
  ];
}

async function textAt(url: string, http: HttpClient, signal: AbortSignal): Promise<string | null> {
  const { status, bytes } = await http.get(url, { signal });
  return status === 200 ? Buffer.from(bytes).toString('utf8') : null;
}

/** What a document is; null for web pages and others. */
export function recogniseDocument(text: string, url: string): Recognised | null {
  try {
    return /^\s*(?:\ufeff)?\s*</.test(text) ? recogniseXml(text, url) : recognisePairs(text, url);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'UPSTREAM_FAILED') return null;
    throw error;
  }
}

function recogniseXml(text: string, url: string): Recognised | null {
  const root = readXml(text);
  if (root.name === 'WMS_Capabilities' || root.name === 'WMT_MS_Capabilities') return { kind: 'wms', url, capabilities: wmsCapabilitiesOf(root) };
  return root.name === 'Capabilities' ? { kind: 'wmts', url, capabilities: readWmtsCapabilities(text) } : null;
}

/** A file called properties describes one HiPS; any other with addresses in it is a list. */
function recognisePairs(text: string, url: string): Recognised | null {
  if (/\/properties(?:[?#]|$)/.test(url)) return { kind: 'hips', url: hipsAddress(url), description: parseProperties(text) };
  const entries = parseHipsList(text);
  return entries.length === 0 ? null : { kind: 'list', url, entries };
}
