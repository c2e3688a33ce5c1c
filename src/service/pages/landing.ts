import type { HipsLayer } from '../../layer/types.ts';
import { formatPage } from './frame.ts';
import { type Html, html } from './html.ts';

/** What the landing page shows. */
export interface LandingPage {
  readonly title: string;
  /** Relative address of the root, with trailing slash. */
  readonly root: string;
  /** Public address of the server, without trailing slash. */
  readonly publicAddress: string;
  readonly layers: readonly HipsLayer[];
}

function card(layer: HipsLayer, root: string): Html {
  const home = `${root}hips/${encodeURIComponent(layer.name)}/`;
  return html`<li class="card">
<a class="picture" href="${home}"><img src="${home}preview.jpg" alt="Preview of ${layer.title}" width="256" height="256" loading="lazy"></a>
<div class="body"><h2><a href="${home}">${layer.title}</a></h2>
<p class="facts"><code>${layer.name}</code> · order ${layer.order} · ${layer.tileWidth} px tiles</p>
<p class="links"><a href="${home}">View</a><a href="${home}properties">properties</a><a href="${home}Moc.fits">Moc.fits</a></p></div>
</li>
`;
}

function clients({ publicAddress }: LandingPage): Html {
  return html`<section class="panel">
<h2>In other programs</h2>
<p>The list of all HiPS of this server, for Aladin Desktop, Stellarium and any other HiPS client:</p>
<p><code class="address">${publicAddress}/hips/list</code></p>
</section>`;
}

/** The page at `/`: every layer with its preview and its links. */
export function formatLandingPage(page: LandingPage): string {
  const cards = page.layers.map((layer) => card(layer, page.root));
  const content = html`<h1>${page.title}</h1>
<p class="lead">${page.layers.length} ${page.layers.length === 1 ? 'layer' : 'layers'} published as HiPS.</p>
<ul class="cards">
${cards}</ul>
${clients(page)}`;
  return formatPage({ title: page.title, root: page.root, content });
}
