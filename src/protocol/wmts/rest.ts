import { GatewayError } from '../../errors.ts';
import { resolveFeatureInfo, resolveTile, type TileTexts } from './resolve.ts';
import { DEFAULT_TEMPLATES, KNOWN, type RestTemplate, type RestTemplates } from './template.ts';
import { SECTIONS, type WmtsOffer, type WmtsRequest } from './types.ts';

/** Path of the capabilities document below the service. */
export const CAPABILITIES_PATH = '/1.0.0/WMTSCapabilities.xml';

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function read({ names, pattern }: RestTemplate, path: string): ReadonlyMap<string, string> | null {
  const found = pattern.exec(path);
  return found === null ? null : new Map(names.map((name, i) => [name, decodeSegment(found[i + 1] as string)]));
}

function tileTextsOf(values: ReadonlyMap<string, string>, defaultFormat: string): TileTexts {
  const lower = new Map([...values].map(([name, value]) => [name.toLowerCase(), value]));
  return {
    layer: values.get('Layer') ?? '',
    style: values.get('Style') ?? '',
    format: values.get('Format') ?? defaultFormat,
    tileMatrixSet: values.get('TileMatrixSet') ?? '',
    tileMatrix: values.get('TileMatrix') ?? '',
    tileRow: values.get('TileRow') ?? '',
    tileCol: values.get('TileCol') ?? '',
    dimension: (name) => lower.get(name.toLowerCase()),
  };
}

/** Dimensions that the layer does not have are 'default' in an address, as in MapProxy. @throws DIMENSION_VALUE_NOT_DEFINED */
function checkStrangers(values: ReadonlyMap<string, string>, offer: WmtsOffer): void {
  const own = offer.layer(values.get('Layer') ?? '')?.dimensions.map(({ name }) => name.toLowerCase());
  const wrong = [...values].find(([name, value]) => own !== undefined && !KNOWN.includes(name) && !own.includes(name.toLowerCase()) && value !== 'default');
  if (wrong === undefined) return;
  throw new GatewayError('DIMENSION_VALUE_NOT_DEFINED', `layer '${values.get('Layer')}' has no dimension '${wrong[0]}': write 'default' there`, { locator: wrong[0] });
}

/**
 * A RESTful request, checked. null where the path fits no template: 404, not an exception report.
 * @param path below the service, still %-encoded: '/moon/MOON_GEOGRAPHIC/3/1/2.png'
 * @throws as parseWmtsKvp
 */
export function parseWmtsPath(path: string, offer: WmtsOffer, templates: RestTemplates = DEFAULT_TEMPLATES): WmtsRequest | null {
  if (path === CAPABILITIES_PATH) return { kind: 'capabilities', form: 'rest', sections: new Set(SECTIONS), contentType: 'application/xml' };
  const tile = read(templates.tile, path);
  const defaultFormat = (values: ReadonlyMap<string, string>) => offer.layer(values.get('Layer') ?? '')?.formats[0] ?? '';
  if (tile !== null) {
    checkStrangers(tile, offer);
    return resolveTile(tileTextsOf(tile, defaultFormat(tile)), offer);
  }
  const info = read(templates.featureInfo, path);
  if (info === null) return null;
  checkStrangers(info, offer);
  const pixel = { i: info.get('I') ?? '', j: info.get('J') ?? '', infoFormat: info.get('InfoFormat') ?? '', featureCount: 1 };
  return resolveFeatureInfo({ ...tileTextsOf(info, ''), ...pixel }, offer);
}
