import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import type { WmtsCapabilities, WmtsUpstreamLayer } from '../../protocol/wmts/readCapabilities.ts';
import { frameOfCrs, oneLine, plainName, wanted, type InitOptions, type Starter, type StarterLayer } from './starter.ts';

/** The layers of a WMTS; set, style and format are left to the gateway. @param url the address of the document */
export function wmtsStarter(capabilities: WmtsCapabilities, url: string, registry: CrsRegistry, options: InitOptions): Starter {
  const { chosen, leftOut } = wanted(capabilities.layers, ({ id, title }) => `${id} ${title}`, options);
  const unknown: string[] = [];
  const layers = chosen.flatMap((layer): readonly StarterLayer[] => {
    const crs = crsOfLayer(capabilities, layer);
    const frame = frameOfCrs(crs, registry, { ...options, body: null });
    if (frame === null) unknown.push(`'${oneLine(layer.id)}': no tile matrix set with a known reference system (${crs.slice(0, 5).join(', ')})`);
    if (frame === null) return [];
    const shown = frameOfCrs(crs, registry, options) ?? frame;
    return [{
      name: plainName(layer.id),
      title: oneLine(layer.title) || layer.id,
      abstract: '',
      frame: shown,
      source: { type: 'wmts', url, layer: layer.id, ...(shown.kind === 'body' && shown.id !== 'earth' ? { body: shown.id } : {}) },
      remarks: [`Tile matrix sets, the first that closes on itself is read: ${layer.links.map(({ set }) => oneLine(set)).slice(0, 8).join(', ')}`],
      hips: {},
    }];
  });
  return { title: '', layers, leftOut: [...unknown, ...leftOut] };
}

function crsOfLayer({ sets }: WmtsCapabilities, { links }: WmtsUpstreamLayer): readonly string[] {
  return links.flatMap((link) => sets.filter(({ id }) => id === link.set).map(({ crs }) => crs));
}
