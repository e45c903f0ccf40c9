const TAGS = 'div span p br b i u em strong h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code hr small sub sup';
const ALLOWED_TAGS = new Set(TAGS.split(' '));
const PROPERTIES =
  'color background background-color font-size font-weight font-style text-align text-decoration padding margin border border-radius opacity line-height letter-spacing';
const ALLOWED_PROPERTIES = new Set(PROPERTIES.split(' '));
const HARMLESS_VALUE = /^[\w\s#%.,()+-]{1,100}$/;
const FETCHES = /url|image|expression|var|attr|@import/i;

/** Profile HTML with nothing but plain tags: no attribute, no script, no frame survives; everything else is shown as text. */
export function inertHtml(html: string): string {
  return html
    .split(/(<\/?[a-zA-Z][a-zA-Z0-9]*\s*\/?>)/)
    .map((part) => allowedTag(part) ?? escapeHtml(part))
    .join('');
}

/** CSS declarations of harmless properties with harmless values; the rest is dropped. */
export function inertCss(css: string): string {
  const declarations = css.replace(/\/\*[\s\S]*?\*\//g, '').match(/[\w-]+\s*:\s*[^;{}:]+/g) ?? [];
  return declarations
    .map((declaration) => declaration.split(':').map((side) => side.trim()))
    .filter(
      ([name = '', value = '']) =>
        ALLOWED_PROPERTIES.has(name.toLowerCase()) && HARMLESS_VALUE.test(value) && !FETCHES.test(value),
    )
    .map(([name = '', value = '']) => `${name.toLowerCase()}: ${value};`)
    .join(' ');
}

function allowedTag(part: string): string | undefined {
  const [, close = '', name = ''] = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)\s*\/?>$/.exec(part) ?? [];
  const tag = name.toLowerCase();
  return ALLOWED_TAGS.has(tag) ? `<${close}${tag}>` : undefined;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
