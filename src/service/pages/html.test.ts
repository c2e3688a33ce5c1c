import { describe, expect, it } from 'vitest';
import { html } from './html.ts';

describe('html', () => {
  it('escapes text so that a title cannot become markup or leave its attribute', () => {
    const title = `<script>"'&`;
    expect(html`<p title="${title}">${title}</p>`.markup).toBe(
      '<p title="&lt;script&gt;&quot;&#39;&amp;">&lt;script&gt;&quot;&#39;&amp;</p>',
    );
  });

  it('keeps markup, joins lists, leaves nothing for null', () => {
    const items = ['a', 'b'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${items}</ul>${null}${3}`.markup).toBe('<ul><li>a</li><li>b</li></ul>3');
  });
});
