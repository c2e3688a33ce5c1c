import type { HipsLayer } from '../../layer/types.ts';
import { MAX_ALLSKY_ORDER } from '../../protocol/hips/path.ts';
import type { HipsDescription } from '../../protocol/hips/properties.ts';
import { EXTENSION_OF } from '../../raster/format.ts';
import { formatPage } from './frame.ts';
import { type Html, html } from './html.ts';

/** What the page of one HiPS shows. */
export interface HipsPage {
  readonly layer: HipsLayer;
  /** What its properties file says. */
  readonly description: HipsDescription;
  /** Relative address of the server's root, with trailing slash. */
  readonly root: string;
  /** Public address of this HiPS, without trailing slash. */
  readonly serviceUrl: string;
  /** Path of Aladin Lite's script below the root; null = not installed. */
  readonly viewerPath: string | null;
}

function homeOf(page: HipsPage): string {
  return `${page.root}hips/${encodeURIComponent(page.layer.name)}/`;
}

function viewer(page: HipsPage): Html {
  const { layer, description, viewerPath } = page;
  const preview = html`<img class="preview" src="${homeOf(page)}preview.jpg" alt="Preview of ${layer.title}" width="256" height="256">`;
  if (viewerPath === null) {
    return html`<figure class="viewer plain">${preview}<figcaption>The interactive view needs Aladin Lite, which is not installed on this server:
run <code>npm install aladin-lite</code> and start it again.</figcaption></figure>`;
  }
  const { frame, view } = description;
  return html`<div class="viewer" id="viewer" data-script="${page.root}${viewerPath}" data-survey="${homeOf(page)}"
data-frame="${frame?.id ?? ''}" data-kind="${frame?.kind ?? ''}" data-lon="${view?.lon ?? 0}" data-lat="${view?.lat ?? 0}" data-fov="${view?.fov ?? ''}">
${preview}<noscript><p>The interactive view needs JavaScript; the links below do not.</p></noscript></div>
<script type="module" src="${page.root}web/hips.js"></script>`;
}

function fact(name: string, value: string | null): Html | null {
  return value === null ? null : html`<dt>${name}</dt><dd>${value}</dd>
`;
}

function percent(fraction: number | null): string | null {
  return fraction === null ? null : `${Number((fraction * 100).toPrecision(4))} % of the sphere`;
}

function facts({ layer, description }: HipsPage): Html {
  const extensions = layer.formats.map((format) => EXTENSION_OF[format]).join(', ');
  return html`<dl>
${fact(description.frame?.kind === 'body' ? 'Body' : 'Frame', description.frame?.id ?? null)}
${fact('Orders', `0 to ${layer.order}`)}
${fact('Tiles', `${layer.tileWidth} x ${layer.tileWidth} pixels, ${extensions}`)}
${fact('Coverage', percent(description.skyFraction))}
${fact('Released', description.keys.get('hips_release_date') ?? null)}
${fact('Credit', description.copyright)}
${fact('Identifier', description.creatorDid)}
</dl>`;
}

function files(page: HipsPage): Html {
  const home = homeOf(page);
  const format = page.layer.formats[0];
  const allsky = format === undefined ? null : `Norder${Math.min(MAX_ALLSKY_ORDER, page.layer.order)}/Allsky.${EXTENSION_OF[format]}`;
  const names = ['properties', 'Moc.fits', 'preview.jpg', ...(allsky === null ? [] : [allsky])];
  const links = names.map((name) => html`<li><a href="${home}${name}">${name}</a></li>
`);
  return html`<ul class="files">
${links}<li><a href="${page.root}hips/list">List of all HiPS of this server</a></li>
</ul>`;
}

function openIn({ serviceUrl }: HipsPage): Html {
  return html`<dl class="open">
<dt>Address</dt><dd><code class="address">${serviceUrl}</code></dd>
<dt>Aladin Desktop</dt><dd>paste the address into the command line at the top, or type <code class="address">load ${serviceUrl}</code></dd>
<dt>Aladin Lite</dt><dd><code class="address">aladin.setImageSurvey('${serviceUrl}')</code></dd>
</dl>`;
}

/** The page of one HiPS: the map in Aladin Lite, what it is, its files, and how to open it elsewhere. */
export function formatHipsPage(page: HipsPage): string {
  const { layer, description } = page;
  const content = html`<h1>${layer.title}</h1>
${description.description === null ? null : html`<p class="lead">${description.description}</p>`}
${viewer(page)}
<div class="panels">
<section class="panel"><h2>About</h2>${facts(page)}</section>
<section class="panel"><h2>Files</h2>${files(page)}</section>
<section class="panel"><h2>Open elsewhere</h2>${openIn(page)}</section>
</div>`;
  return formatPage({ title: layer.title, root: page.root, content });
}
