import type { Gateway } from '../service/types.ts';
import type { Site } from './site.ts';

/** What is printed when the server is up: where it listens, its pages, and the address of every layer. One line each. */
export function addressLines(gateway: Gateway, localUrl: string): readonly string[] {
  const url = gateway.publicUrl ?? localUrl;
  const hips = [...(gateway.hips?.layers.keys() ?? [])].map((name) => `  HiPS  ${url}/hips/${encodeURIComponent(name)}/`);
  const wms = gateway.maps === null ? [] : [`  WMS   ${url}/service?SERVICE=WMS&REQUEST=GetCapabilities`];
  const wmts = gateway.tiles?.wmts ? [`  WMTS  ${url}/wmts/1.0.0/WMTSCapabilities.xml`] : [];
  return [`listening on ${localUrl}`, `  demo  ${url}/demo/`, ...hips, ...wms, ...wmts];
}

/** The same of a folder: one line for each configuration. */
export function folderLines(sites: ReadonlyMap<string, Site>, localUrl: string): readonly string[] {
  const lineOf = ([name, { gateway }]: readonly [string, Site]): string =>
    gateway === null ? `  ${name}  is not served: its configuration has mistakes` : `  ${name}  ${gateway.publicUrl ?? localUrl}/${name}/`;
  return [`listening on ${localUrl}`, ...[...sites].map(lineOf)];
}
