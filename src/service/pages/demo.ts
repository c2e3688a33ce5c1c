import type { DemoContent, DemoLayer } from '../demoLayers.ts';
import type { Viewer, Viewers } from '../viewer.ts';
import { formatPage } from './frame.ts';
import { type Html, html } from './html.ts';

/** What the demo page shows. */
export interface DemoPage {
  /** Relative address of the root, with trailing slash. */
  readonly root: string;
  /** Public address of the server, without trailing slash. */
  readonly publicAddress: string;
  readonly content: DemoContent;
  readonly viewers: Viewers;
}

function option(layer: DemoLayer): Html {
  const where = layer.frame === null ? '' : ` (${layer.frame})`;
  return html`<option value="${layer.name}">${layer.title}${where}</option>
`;
}

/** A tab, with what its script must load; without those where the package is not installed. */
function tab(id: string, name: string, packageName: string, viewer: Viewer | null, root: string): Html {
  if (viewer === null) return html`<button type="button" role="tab" data-view="${id}" data-package="${packageName}">${name}</button>
`;
  const style = viewer.stylePath === null ? '' : `${root}${viewer.stylePath}`;
  return html`<button type="button" role="tab" data-view="${id}" data-script="${root}${viewer.scriptPath}" data-style="${style}" title="${name} ${viewer.version}">${name}</button>
`;
}

function address(name: string, url: string, text: string): Html {
  return html`<dt>${name}</dt><dd><a href="${url}"><code class="address">${text}</code></a></dd>
`;
}

function addresses({ root, publicAddress }: DemoPage, layer: DemoLayer): Html {
  const line = (name: string, path: string): Html => address(name, `${root}${path}`, `${publicAddress}/${path}`);
  const { hips, wms, wmts, xyz } = layer;
  return html`<section class="panel addresses" data-layer="${layer.name}"><h2>${layer.title}: addresses</h2><dl>
${hips === null ? null : line('HiPS', hips.survey)}
${wms === null ? null : line('WMS', `${wms.url}?SERVICE=WMS&REQUEST=GetCapabilities`)}
${wmts === null ? null : line('WMTS', wmts.capabilities)}
${xyz === null ? null : xyz.maps.map(({ id }) => line('TileJSON', `${xyz.folder}${encodeURIComponent(id)}.json`))}
</dl></section>
`;
}

function viewerPanel({ root, publicAddress, content, viewers }: DemoPage): Html {
  return html`<div class="demo" id="demo" data-root="${root}" data-public="${publicAddress}">
<div class="choices"><label>Layer <select id="layer">${content.layers.map(option)}</select></label>
<div class="tabs" role="tablist">
${tab('aladin', 'Aladin Lite', 'aladin-lite', viewers.aladinLite, root)}
${tab('openlayers', 'OpenLayers', 'ol', viewers.openLayers, root)}
${tab('leaflet', 'Leaflet', 'leaflet', viewers.leaflet, root)}</div>
<label id="maps">Map <select id="map"></select></label>
<span id="dimensions"></span></div>
<div class="viewer" id="viewer"><noscript><p>The maps need JavaScript; the addresses below do not.</p></noscript></div>
<p class="readout" id="readout"></p>
</div>
<script type="module" src="${root}web/demo/demo.js"></script>`;
}

/** The page at /demo/: any layer in Aladin Lite, OpenLayers and Leaflet, and its addresses for other programs. */
export function formatDemoPage(page: DemoPage): string {
  const { layers } = page.content;
  const content = html`<link rel="stylesheet" href="${page.root}web/demo/demo.css">
<h1>Maps</h1>
<p class="lead">Every layer three times: HiPS in Aladin Lite, WMS and WMTS in OpenLayers, tiles in Leaflet.</p>
${layers.length === 0 ? html`<p>This server has no layers yet.</p>` : viewerPanel(page)}
<div class="panels">
${layers.map((layer) => addresses(page, layer))}</div>`;
  return formatPage({ title: 'Maps', root: page.root, content });
}
