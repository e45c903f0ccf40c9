import type { Witness } from '../../contract/outcome.ts';

const INLINE = /!?\[(?:[^\]\\]|\\.)*\]\(\s*(?:<([^>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g;
const DEFINITION = /^\s{0,3}\[[^\]^][^\]]*\]:\s*<?([^\s>]+)>?/;
const SHOWN = 8;

export interface Link {
  readonly target: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A link's target, read from the document in which it stands. */
export type LinkTarget =
  | { readonly kind: 'external' }
  | { readonly kind: 'outside' }
  | { readonly kind: 'inside'; readonly path: string; readonly anchor: string };

/** The links and images of a Markdown text; code is no text. */
export function linksIn(markdown: string): Link[] {
  return withoutCode(markdown).flatMap((text, index) => {
    const targets = [...text.matchAll(INLINE)].map(([, angled, plain]) => angled ?? plain ?? '');
    const defined = DEFINITION.exec(text)?.[1];
    return [...targets, ...(defined === undefined ? [] : [defined])]
      .filter((target) => target !== '')
      .map((target) => ({ target, line: index + 1 }));
  });
}

/** The lines of a text, without what stands in code. */
function withoutCode(markdown: string): string[] {
  let fence = '';
  return markdown.split('\n').map((line) => {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== '') {
      if (mark?.startsWith(fence)) fence = '';
      return '';
    }
    if (mark) fence = mark;
    return mark ? '' : line.replace(/(`+)(?:(?!\1).)+\1/g, '');
  });
}

/** Where a link of a document leads; paths are relative to the workspace. */
export function targetOf(document: string, target: string): LinkTarget {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return { kind: 'external' };
  const [raw = '', anchor = ''] = target.split(/#(.*)/s);
  const path = decoded(raw.split('?')[0] ?? '');
  if (path === '') return { kind: 'inside', path: document, anchor: decoded(anchor) };
  const parts = path.startsWith('/') ? [] : document.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..' && parts.length === 0) return { kind: 'outside' };
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return { kind: 'inside', path: parts.join('/'), anchor: decoded(anchor) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The names under which the headings of a text can be linked, by GitHub's rules. */
export function headingAnchors(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of withoutCode(markdown)) {
    const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)?.[1];
    if (heading !== undefined) anchors.add(free(anchors, slug(heading)));
    for (const [, id = ''] of line.matchAll(/<a\s[^>]*(?:id|name)="([^"]+)"/gi)) anchors.add(id.toLowerCase());
  }
  return anchors;
}

function free(anchors: ReadonlySet<string>, base: string): string {
  let name = base;
  for (let n = 1; anchors.has(name); n += 1) name = `${base}-${n}`;
  return name;
}

const slug = (heading: string): string =>
  heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** Whether the links of a Markdown deliverable lead somewhere. External ones were not fetched, and the witness says so. */
export function linksWitness(
  path: string,
  seen: { readonly checked: number; readonly external: number; readonly broken: readonly string[] },
): Witness {
  const { checked, external, broken } = seen;
  const more = broken.length > SHOWN ? ` and ${broken.length - SHOWN} more` : '';
  const outside = external === 0 ? '' : `; ${external} external ones were not fetched`;
  const detail =
    broken.length === 0
      ? `${path}: ${checked} links lead somewhere${outside}`
      : `${path}: ${broken.length} of ${checked} links lead nowhere: ${broken.slice(0, SHOWN).join(', ')}${more}`;
  return { kind: 'links', rule: 'links.resolve', passed: broken.length === 0, decisive: false, detail, path };
}
