import type { Intent } from '../intent/types.ts';
import { masked } from '../words/index.ts';
import type { RoutableSkill } from './types.ts';

const NOT_USED = /\b(?:not|n['’]t|never|without|avoid|instead of|rather than|no)\b[^.;,]{0,40}$/i;
const ASKED_FOR = /\b(?:run|use|using|call|apply|execute|invoke)\s+(?:the\s+)?(?:(?:skill|tool)\s+)?$/i;
const CALLED_SO = /^\s*(?:skill|tool)\b/i;
const NAMED = /\b(?:skill|tool)\s+(?:named\s+|called\s+)?$/i;
/** Asks about a skill, or for something to be made about it. */
const ABOUT =
  /^\s*(?:please\s+)?(?:explain|describe|what|why|how|who|compare|review|write|document|fix|improve|refactor|test|list|delete|remove|rename)\b/i;

/**
 * The skills that a text calls by name, in the order they are called. The name counts as a whole word or identifier only,
 * in any letter case; one that is an everyday word ("hash") must be asked for: "run hash", "the skill hash", `hash`.
 */
export function namedSkills<T extends RoutableSkill>(
  text: string,
  intent: Pick<Intent, 'anti_goals'> | undefined,
  skills: readonly T[],
): T[] {
  const found: { at: number; length: number; skill: T }[] = [];
  for (const skill of skills) {
    const at = calledAt(text, skill.name);
    if (at !== undefined && !isUnwanted(text, intent, skill)) found.push({ at, length: skill.name.length, skill });
  }
  // A name inside a longer one ("json" in "json-to-yaml") is not called.
  return found
    .filter(
      (one) =>
        !found.some(
          (other) =>
            other !== one && other.at <= one.at && other.at + other.length >= one.at + one.length && other.length > one.length,
        ),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ skill }) => skill);
}

/** Whether a text or its intent says that a skill shall not be used. */
export function isUnwanted(text: string, intent: Pick<Intent, 'anti_goals'> | undefined, { name }: RoutableSkill): boolean {
  if (intent?.anti_goals.some((goal) => wholeName(name).test(goal))) return true;
  const named = !/^[a-z]+$/.test(name);
  return named && [...text.matchAll(wholeName(name, 'gi'))].some((match) => NOT_USED.test(text.slice(0, match.index)));
}

function calledAt(text: string, name: string): number | undefined {
  const everyday = /^[a-z]+$/.test(name);
  const mask = masked(text);
  for (const match of text.matchAll(wholeName(name, 'gi'))) {
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + match[0].length);
    const asked = ASKED_FOR.test(strip(before)) || CALLED_SO.test(after) || NAMED.test(strip(before));
    const quoted = mask.slice(match.index, match.index + name.length) !== match[0];
    if (NOT_USED.test(before) || (ABOUT.test(text) && !asked)) continue;
    if (asked || (!everyday && !quoted)) return match.index;
  }
  return undefined;
}

/** Without the quotation mark right before a name. */
const strip = (before: string): string => before.replace(/[`"'“‘]$/, '');

const wholeName = (name: string, flags = 'i'): RegExp =>
  new RegExp(
    `(?<![\\p{L}\\p{N}_./-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}_/-]|\\.[\\p{L}\\p{N}])`,
    `${flags}u`,
  );
