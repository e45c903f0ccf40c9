import { breakdown } from '../decomposition/breakdown.ts';
import type { Intent } from '../intent/types.ts';
import { fitOf } from '../skills/families.ts';
import { isUnwanted, namedSkills } from './exact.ts';
import { instructionOf } from './instruction.ts';
import { type Ranked, SkillIndex } from './rank.ts';
import type { RoutableSkill, RouteDecision } from './types.ts';

/** From this confidence on a skill is taken by meaning. Chosen on the `tune` half of tests/fixtures/retrieval.json. */
export const ROUTE_THRESHOLD = 0.55;
/** The best must lead by so much; closer than that, the words do not tell the two apart. */
export const ROUTE_MARGIN = 0.05;
/** So much of a prompt must be the fixed words of a family. */
const TEMPLATE_FIT = 0.6;
const MAX_COMPONENTS = 5;

/** A router over one list of skills. */
export interface SkillRouter {
  route(text: string, intent?: Intent): RouteDecision;
}

/** Build a router. Building reads all skills; routing is cheap. */
export function skillRouter(skills: readonly RoutableSkill[]): SkillRouter {
  const callable = skills.filter(
    ({ status, origin }) => status === 'active' || (origin === 'person' && (status === 'candidate' || status === 'validated')),
  );
  const index = new SkillIndex(callable.filter(({ status }) => status === 'active'));
  return { route: (text, intent) => routed(text, intent, callable, index) };
}

/** One decision, for callers that ask once. `skills` should be those that may be used at all. */
export const routeTask = (text: string, intent: Intent | undefined, skills: readonly RoutableSkill[]): RouteDecision =>
  skillRouter(skills).route(text, intent);

/** First hit wins: called by name, one clear match, several that together do every part, else the model. */
function routed(
  text: string,
  intent: Intent | undefined,
  callable: readonly RoutableSkill[],
  index: SkillIndex<RoutableSkill>,
): RouteDecision {
  const [named, ...more] = namedSkills(text, intent, callable);
  const composed = composition(text, callable, index);
  if (composed) return composed;
  if (named && more.length === 0) return hit('exact', named, 1, `the task calls ${named.name} by its name`);
  if (named)
    return {
      route: 'generate',
      tool_confidence: 0,
      reason: `the task calls several skills, and not one for each part: ${[named, ...more].map(({ name }) => name).join(', ')}`,
    };
  const own = fitting(text, index.skills);
  if (own) return hit('semantic', own.skill, own.confidence, `it is of the family of tasks that ${own.skill.name} was made from`);
  const ranked = index.rank(instructionOf(text, intent)).filter(({ skill }) => !isUnwanted(text, intent, skill));
  const best = clearly(ranked);
  if (best)
    return hit('semantic', best.skill, best.confidence, `its words fit ${best.skill.name} (${best.confidence.toFixed(2)})`);
  return { route: 'generate', tool_confidence: 0, reason: whyNone(ranked) };
}

/** The best one, when it is good enough and leads. */
function clearly<T extends RoutableSkill>(ranked: readonly Ranked<T>[]): Ranked<T> | undefined {
  const [best, second] = ranked;
  if (!best || best.confidence < ROUTE_THRESHOLD) return undefined;
  const leads = !second || best.confidence - second.confidence >= ROUTE_MARGIN || best.score > second.score * 1.15;
  return leads ? best : undefined;
}

/** The skill whose family a text belongs to, when it is one skill's only. */
function fitting(text: string, skills: readonly RoutableSkill[]): { skill: RoutableSkill; confidence: number } | undefined {
  const fits = skills
    .map((skill) => ({ skill, confidence: skill.template === undefined ? 0 : fitOf(text, skill.template.split(' ')) }))
    .filter(({ confidence }) => confidence >= TEMPLATE_FIT)
    .sort((a, b) => b.confidence - a.confidence);
  const [best, second] = fits;
  return best && (!second || best.confidence > second.confidence)
    ? { ...best, confidence: Math.min(0.99, best.confidence) }
    : undefined;
}

/** Parts of a text that each are clearly one skill's work, at least two different ones, none left over. */
function composition(
  text: string,
  callable: readonly RoutableSkill[],
  index: SkillIndex<RoutableSkill>,
): RouteDecision | undefined {
  const { subtasks } = breakdown(text, MAX_COMPONENTS, true);
  if (subtasks.length < 2 || subtasks.length > MAX_COMPONENTS) return undefined;
  const parts = subtasks.map(({ prompt }) => {
    const [named] = namedSkills(prompt, undefined, callable);
    const found = named ? { skill: named, confidence: 1 } : clearly(index.rank(instructionOf(prompt)));
    return found ? { name: found.skill.name, version: found.skill.version, prompt, confidence: found.confidence } : undefined;
  });
  const components = parts.flatMap((part) => part ?? []);
  const names = [...new Set(components.map(({ name }) => name))];
  if (components.length < parts.length || names.length < 2) return undefined;
  return {
    route: 'composed',
    tool_name: `composed_${names.slice(0, 3).join('_')}`,
    tool_confidence: Math.min(...components.map(({ confidence }) => confidence)),
    kind: 'composed',
    components: components.map(({ name, version, prompt }) => ({ name, version, prompt })),
    reason: `each of its ${components.length} parts is one skill's work: ${names.join(', ')}`,
  };
}

const hit = (route: 'exact' | 'semantic', skill: RoutableSkill, confidence: number, reason: string): RouteDecision => ({
  route,
  tool_name: skill.name,
  tool_version: skill.version,
  tool_confidence: Math.round(confidence * 100) / 100,
  kind: skill.kind,
  reason,
});

function whyNone(ranked: readonly Ranked<RoutableSkill>[]): string {
  const [best, second] = ranked;
  if (!best) return 'no skill knows its words';
  if (best.confidence < ROUTE_THRESHOLD)
    return `no skill fits well enough; nearest is ${best.skill.name} (${best.confidence.toFixed(2)})`;
  return `${best.skill.name} and ${second?.skill.name} fit equally well`;
}
