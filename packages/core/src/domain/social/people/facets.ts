import { hatOverlay } from './hat-overlay.ts';
import { emptyHats, findHat } from './hats.ts';

/** The sides of a task, by the words that name them, and the hat that goes with each. */
const FACETS: readonly { readonly hat: string; readonly words: RegExp }[] = [
  { hat: 'Strategist', words: /\b(?:plan|design|strategy|architecture)/i },
  { hat: 'Builder', words: /\b(?:build|implement|code|fix|refactor)/i },
  { hat: 'Reviewer', words: /\b(?:review|audit|verify|test)/i },
  { hat: 'Documenter', words: /\b(?:doc|document|summari[sz]e|write)/i },
];

/** The hat that goes with the one side which a step's words name, as it stands over its call; undefined when they name none. */
export function facetOverlay(text: string): string | undefined {
  const words = text.replace(QUOTED, ' ');
  const facet = FACETS.find((one) => one.words.test(words));
  const hat = facet && findHat(emptyHats(), facet.hat);
  return hat && hatOverlay(hat, '').own.join('\n');
}

const QUOTED = /```[\s\S]*?```|`[^`\n]*`|"[^"\n]*"|“[^”\n]*”/g;
