import { type Html, type HtmlPart, html } from './html.ts';

/** What every page has around its own content. */
export interface PageFrame {
  readonly title: string;
  /** Relative address of the server's root, with trailing slash. */
  readonly root: string;
  readonly content: HtmlPart;
  /** False for a page above those of layers: it links to none of them. */
  readonly hasLayers?: boolean;
}

/**
 * Content-Security-Policy of the pages: nothing comes from, or goes to, another host. Aladin Lite carries its WebAssembly as a
 * data: address, draws icons from data: and blob: images, and sets styles from its script.
 */
export const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** A whole page. */
export function formatPage({ title, root, content, hasLayers = true }: PageFrame): string {
  const links = hasLayers ? html`<nav><a href="${root}">Layers</a><a href="${root}demo/">Maps</a><a href="${root}hips/list">HiPS list</a></nav>` : null;
  const page: Html = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${root}web/icon.svg">
<link rel="stylesheet" href="${root}web/style.css">
</head>
<body>
<header class="bar"><a class="brand" href="${root}"><img src="${root}web/icon.svg" alt="" width="28" height="28">hips-gateway</a>
${links}</header>
<main>
${content}
</main>
<footer>Served by hips-gateway, a bridge between HiPS and OGC maps. Nothing on this page is loaded from another host.</footer>
</body>
</html>
`;
  return page.markup;
}
