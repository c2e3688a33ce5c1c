import type { DemoContent, DemoLayer, DemoMap } from '../demoLayers.ts';
import { formatPage } from './frame.ts';
import { type Html, html } from './html.ts';

/** What the landing page shows. */
export interface LandingPage {
  readonly title: string;
  /** Relative address of the root, with trailing slash. */
  readonly root: string;
  /** Public address of the server, without trailing slash. */
  readonly publicAddress: string;
  readonly content: DemoContent;
  readonly hasOgcApi: boolean;
}

/** Width of a layer's picture, pixels. */
const PICTURE = 256;

/** A small map of a whole layer, as WMS 1.1.1 draws it: x before y in every CRS. */
function mapPath(url: string, { name }: DemoLayer, { crs, extent: [minX, minY, maxX, maxY] }: DemoMap): string {
  const height = Math.min(2 * PICTURE, Math.max(16, Math.round((PICTURE * (maxY - minY)) / (maxX - minX))));
  const asked = { LAYERS: name, STYLES: '', SRS: crs, BBOX: [minX, minY, maxX, maxY].join(','), WIDTH: String(PICTURE), HEIGHT: String(height) };
  return `${url}?${new URLSearchParams({ SERVICE: 'WMS', VERSION: '1.1.1', REQUEST: 'GetMap', ...asked, FORMAT: 'image/png' }).toString()}`;
}

/** Path of a layer's picture: the globe of its HiPS, else a map; null where neither is offered. */
function picturePath(layer: DemoLayer): string | null {
  const [map] = layer.wms?.maps ?? [];
  if (layer.hips !== null) return `${layer.hips.survey}preview.jpg`;
  return layer.wms === null || map === undefined ? null : mapPath(layer.wms.url, layer, map);
}

/** Where a layer is looked at: its own page as a HiPS, else the maps. */
function homeOf({ name, hips }: DemoLayer): string {
  return hips === null ? mapsOf(name) : hips.survey;
}

function mapsOf(name: string): string {
  return `demo/#${new URLSearchParams({ layer: name }).toString()}`;
}

function services({ hips, wms, wmts, xyz }: DemoLayer): string {
  return [hips && 'HiPS', wms && 'WMS', wmts && 'WMTS', xyz && 'XYZ'].filter((name) => name !== null).join(' · ');
}

function card(layer: DemoLayer, root: string): Html {
  const { name, title, frame, hips } = layer;
  const home = `${root}${homeOf(layer)}`;
  const path = picturePath(layer);
  const image = path === null ? null : html`<img src="${root}${path}" alt="Preview of ${title}" width="${PICTURE}" height="${PICTURE}" loading="lazy">`;
  const files = hips === null ? null : html`<a href="${home}properties">properties</a><a href="${home}Moc.fits">Moc.fits</a>`;
  return html`<li class="card">
<a class="picture" href="${home}">${image}</a>
<div class="body"><h2><a href="${home}">${title}</a></h2>
<p class="facts"><code>${name}</code>${frame === null ? '' : ` · ${frame}`} · ${services(layer)}</p>
<p class="links"><a href="${home}">View</a><a href="${root}${mapsOf(name)}">Maps</a>${files}</p></div>
</li>
`;
}

/** A line of the panel, where any layer is offered so. */
function line(said: string, publicAddress: string, path: string | undefined): Html | null {
  return path === undefined ? null : html`<p>${said}</p>
<p><code class="address">${publicAddress}/${path}</code></p>
`;
}

function clients({ publicAddress, hasOgcApi, content: { layers } }: LandingPage): Html {
  const first = <T>(offered: (layer: DemoLayer) => T | null): T | undefined => layers.map(offered).find((value) => value !== null) ?? undefined;
  const wms = first((layer) => layer.wms)?.url;
  return html`<section class="panel">
<h2>In other programs</h2>
${line('The list of all HiPS of this server, for Aladin Desktop, Stellarium and any other HiPS client:', publicAddress, first((layer) => layer.hips) && 'hips/list')}
${line('WMS, for QGIS, ArcGIS and GDAL:', publicAddress, wms === undefined ? undefined : `${wms}?SERVICE=WMS&REQUEST=GetCapabilities`)}
${line('WMTS, for the same and for map libraries:', publicAddress, first((layer) => layer.wmts)?.capabilities)}
${line('OGC API, maps and tiles:', publicAddress, hasOgcApi ? 'ogcapi' : undefined)}
</section>`;
}

/** The page at `/`: every layer with its picture and its links, and the addresses for other programs. */
export function formatLandingPage(page: LandingPage): string {
  const { layers } = page.content;
  const content = html`<h1>${page.title}</h1>
<p class="lead">${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}.</p>
<ul class="cards">
${layers.map((layer) => card(layer, page.root))}</ul>
${clients(page)}`;
  return formatPage({ title: page.title, root: page.root, content });
}
