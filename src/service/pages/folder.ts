import type { FolderEntry } from '../folder.ts';
import { formatPage } from './frame.ts';
import { type Html, html } from './html.ts';

/** What the page above several gateways shows. */
export interface FolderPage {
  readonly title: string;
  /** null = not listed. */
  readonly entries: readonly FolderEntry[] | null;
}

function card({ name, title, isServed }: FolderEntry): Html {
  const said = isServed ? html`<h2><a href="./${name}/">${title ?? name}</a></h2>` : html`<h2>${name}</h2>`;
  return html`<li class="card"><div class="body">${said}
<p class="facts"><code>${name}</code>${isServed ? '' : ' · not served: its configuration has mistakes'}</p></div></li>
`;
}

/** The page at `/` of a folder of configurations. */
export function formatFolderPage({ title, entries }: FolderPage): string {
  const content = entries === null
    ? html`<h1>${title}</h1>
<p class="lead">What is served here is not listed.</p>`
    : html`<h1>${title}</h1>
<p class="lead">${entries.length} ${entries.length === 1 ? 'configuration' : 'configurations'}.</p>
<ul class="cards">
${entries.map(card)}</ul>`;
  return formatPage({ title, root: './', content, hasLayers: false });
}
