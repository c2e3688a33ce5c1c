import { crsOnFrame } from '../../geometry/crs/alias.ts';
import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { linkedAddress } from '../../io/source/address.ts';
import type { WmsCapabilities, WmsUpstreamLayer } from '../../protocol/wms/readCapabilities.ts';
import { unlistedOf, writtenDimensions } from './dimensions.ts';
import { frameOfCrs, oneLine, plainName, wanted, type InitOptions, type Starter, type StarterLayer, type YamlValue } from './starter.ts';

/** Depth of a HiPS made from a service that draws any size: pixels of 1.6 seconds of arc, 14 m on the Moon. */
const HIPS_ORDER = 8;
/** More reference systems help nobody. */
const MOST_SRS = 12;
/** Degrees by which a box may miss the whole sphere. */
const NEARLY = 0.5;

/** The layers of a WMS. @param url the address of the document */
export function wmsStarter(capabilities: WmsCapabilities, url: string, registry: CrsRegistry, options: InitOptions): Starter {
  const { chosen, leftOut } = wanted(capabilities.layers, ({ name, title }) => `${name} ${title}`, options);
  const unknown: string[] = chosen.flatMap(unlistedOf);
  const layers = chosen.flatMap((layer): readonly StarterLayer[] => {
    const frame = frameOfCrs(layer.crs, registry, options);
    if (frame === null) unknown.push(`'${oneLine(layer.name)}': none of its reference systems is known (${layer.crs.slice(0, 5).join(', ')}); --body says what it shows`);
    return frame === null ? [] : [layerOf(capabilities, layer, frame, url, registry)];
  });
  return { title: oneLine(capabilities.title), layers, leftOut: [...unknown, ...leftOut] };
}

function layerOf(capabilities: WmsCapabilities, layer: WmsUpstreamLayer, frame: Frame, url: string, registry: CrsRegistry): StarterLayer {
  const { formats, version, mapUrl } = capabilities;
  const isPng = layer.opaque ? !formats.includes('image/jpeg') : formats.includes('image/png') || !formats.includes('image/jpeg');
  const request = {
    url: mapUrl === null ? plainAddress(url) : addressOf(mapUrl, url),
    layers: layer.name,
    ...(isPng ? { format: 'image/png', transparent: !layer.opaque } : { format: 'image/jpeg' }),
  };
  const known = knownSrs(layer.crs, frame, registry);
  const coverage = coverageOf(layer.bbox);
  const dimensions = writtenDimensions(layer);
  const opts = optsOf(capabilities, layer, url);
  return {
    name: plainName(layer.name),
    title: oneLine(layer.title) || layer.name,
    abstract: oneLine(layer.abstract),
    frame,
    source: {
      type: 'wms',
      req: request,
      ...(Object.keys(opts).length === 0 ? {} : { wms_opts: opts }),
      supported_srs: known.length === 0 ? ['EPSG:4326'] : known,
      ...(frame.kind === 'body' && frame.id !== 'earth' ? { body: frame.id } : {}),
      ...(coverage === null ? {} : { coverage }),
      ...(Object.keys(dimensions).length === 0 ? {} : { forward_req_params: Object.keys(dimensions) }),
    },
    dimensions,
    remarks: version.startsWith('1.3') ? ['Where the picture comes out on its side: axis_order: xy'] : [],
    hips: { hips_order: HIPS_ORDER },
  };
}

function optsOf({ version }: WmsCapabilities, { queryable, legendUrl }: WmsUpstreamLayer, url: string): Readonly<Record<string, YamlValue>> {
  const legend = legendUrl === null ? null : linkOrNull(legendUrl, url);
  return {
    ...(version.startsWith('1.3') ? { version: '1.3.0' } : {}),
    ...(queryable ? { featureinfo: true } : {}),
    ...(legend === null ? {} : { legendurl: legend }),
  };
}

function linkOrNull(link: string, url: string): string | null {
  try {
    return linkedAddress(link, url);
  } catch {
    return null;
  }
}

/** The address that the document names; where that is one of a network behind it (servers behind a proxy often do not know better), its own. */
function addressOf(mapUrl: string, url: string): string {
  return linkOrNull(mapUrl, url) ?? plainAddress(url);
}

/** The address of the service, of that of its capabilities. */
function plainAddress(url: string): string {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const own = query.split('&').filter((pair) => pair !== '' && !/^(?:service|request|version)=/i.test(pair));
  return `${path}?${own.join('&')}`;
}

/** As the upstream spells them, of each system one: degrees first, so that circles close and poles join. */
function knownSrs(names: readonly string[], frame: Frame, registry: CrsRegistry): readonly string[] {
  const found = names.flatMap((name) => {
    try {
      const crs = crsOnFrame(registry.crsOf(name), frame);
      return crs === null ? [] : [{ name, crs }];
    } catch {
      return [];
    }
  });
  const rank = ({ crs }: (typeof found)[number]): number => (crs.poleLines ? (crs.unit === 'degree' ? 0 : 1) : 2);
  const once = found.filter(({ crs }, i) => found.findIndex((other) => other.crs.id === crs.id) === i);
  return once.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_SRS).map(({ name }) => name);
}

/** null for the whole sphere, and for a box that makes no sense. */
function coverageOf(bbox: WmsUpstreamLayer['bbox']): YamlValue | null {
  if (bbox === null) return null;
  const [west, south, east, north] = bbox;
  const isWhole = east - west >= 360 - NEARLY && north - south >= 180 - NEARLY;
  return isWhole || !(west < east && south < north) ? null : { bbox, srs: 'CRS:84' };
}
