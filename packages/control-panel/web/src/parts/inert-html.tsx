import { createElement, type ReactNode } from 'react';
import { legible } from '../state/legible.ts';

const TAGS = new Set('div span p br b i u em strong h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code hr small sub sup'.split(' '));
const EMPTY = new Set(['br', 'hr']);
const MOST_DEPTH = 20;

interface Open {
  readonly tag: string;
  readonly nodes: ReactNode[];
}

/**
 * The page a resident made of itself, as elements built one by one: plain tags without attributes, and text. Nothing is
 * ever set as HTML, so no script, style, frame or picture in it can come to life.
 */
export function InertHtml({ html }: { html: string }) {
  const open: Open[] = [{ tag: 'div', nodes: [] }];
  const close = () => {
    const done = open.pop();
    const parent = open.at(-1);
    if (done && parent) parent.nodes.push(elementOf(done, parent.nodes.length));
  };
  for (const part of legible(html).split(/(<\/?[a-zA-Z][a-zA-Z0-9]*\s*\/?>)/)) {
    const [, slash, name = ''] = /^<(\/?)([a-zA-Z][a-zA-Z0-9]*)\s*\/?>$/.exec(part) ?? [];
    const tag = name.toLowerCase();
    const top = open.at(-1);
    if (!TAGS.has(tag)) top?.nodes.push(plain(part));
    else if (EMPTY.has(tag)) top?.nodes.push(createElement(tag, { key: top.nodes.length }));
    else if (slash === '/') {
      if (open.slice(1).some((one) => one.tag === tag)) while (open.length > 1 && closes(open, tag, close));
    } else if (open.length < MOST_DEPTH) open.push({ tag, nodes: [] });
  }
  while (open.length > 1) close();
  return <div className="flex flex-col gap-2 overflow-hidden break-words">{open[0]?.nodes}</div>;
}

/** Close the innermost element; tells whether the wanted one is still open. */
function closes(open: readonly Open[], tag: string, close: () => void): boolean {
  const inner = open.at(-1)?.tag;
  close();
  return inner !== tag;
}

/** Headings of a resident's page stand below those of ours. */
function elementOf({ tag, nodes }: Open, key: number): ReactNode {
  const shown = /^h[1-6]$/.test(tag) ? 'strong' : tag;
  return createElement(shown, { key, className: /^h[1-6]$/.test(tag) ? 'block font-semibold' : undefined }, ...nodes);
}

function plain(text: string): string {
  return text.replaceAll(/&#(\d{1,6});/g, (_entity, code: string) => String.fromCodePoint(Number(code)));
}
