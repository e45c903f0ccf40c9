import { hatOverlay } from './hat-overlay.ts';
import { emptyHats, findHat } from './hats.ts';

/** A side of a task, and the hat that goes with it. */
export interface Facet {
  readonly focus: 'strategy' | 'build' | 'review' | 'document';
  readonly hat: string;
}

const FACETS: readonly (Facet & { readonly words: RegExp })[] = [
  { focus: 'strategy', hat: 'Strategist', words: /\b(?:plan|design|strategy|architecture)/i },
  { focus: 'build', hat: 'Builder', words: /\b(?:build|implement|code|fix|refactor)/i },
  { focus: 'review', hat: 'Reviewer', words: /\b(?:review|audit|verify|test)/i },
  { focus: 'document', hat: 'Documenter', words: /\b(?:doc|document|summari[sz]e|write)/i },
];

/** Which sides a task's words name; strategy and build when they name none. */
export function facetsOf(text: string): readonly Facet[] {
  const named = namedFacets(text);
  return (named.length > 0 ? named : FACETS.slice(0, 2)).map(({ focus, hat }) => ({ focus, hat }));
}

/** The hat that goes with the one side which a step's words name, as it stands over its call; undefined when they name none. */
export function facetOverlay(text: string): string | undefined {
  const [facet] = namedFacets(text);
  const hat = facet && findHat(emptyHats(), facet.hat);
  return hat && hatOverlay(hat, '').own.join('\n');
}

const namedFacets = (text: string) => FACETS.filter(({ words }) => words.test(unquoted(text)));

/**
 * The parts of a task: at line ends, semicolons, list marks, and the words `then` and `and then`. Nothing is split inside
 * quotation marks or code, and nothing of the text is lost.
 */
export function fragmentsOf(text: string): readonly string[] {
  const kept: string[] = [];
  const masked = text.replace(QUOTED, (part) => `\uE000${kept.push(part) - 1}\uE000`);
  return masked
    .split(/\r?\n+|;|,?\s+(?:and\s+)?then\s+/i)
    .map((part) => part.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim())
    .filter((part) => /[\p{L}\p{N}\uE000]/u.test(part))
    .map((part) => part.replace(/\uE000(\d+)\uE000/g, (_, at) => kept[Number(at)] ?? ''));
}

const QUOTED = /```[\s\S]*?```|`[^`\n]*`|"[^"\n]*"|“[^”\n]*”/g;

function unquoted(text: string): string {
  return text.replace(QUOTED, ' ');
}
