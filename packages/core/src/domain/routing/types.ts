/** What a router knows of a skill. */
export interface RoutableSkill {
  readonly name: string;
  readonly version: string;
  readonly kind: 'executable' | 'prompt' | 'composed';
  readonly description: string;
  readonly keywords: readonly string[];
  readonly when_to_use: readonly string[];
  readonly when_not: readonly string[];
  /** The words that all its tasks have, in order, for a skill that was learned from a family of tasks. */
  readonly template?: string | undefined;
  /** Only active skills are found by meaning; one that a person added is found by its name before that as well. */
  readonly status: string;
  readonly origin?: string;
}

export type RouteKind = 'exact' | 'semantic' | 'composed' | 'generate';

/** Which skill does a task, and how sure that is. */
export interface RouteDecision {
  readonly route: RouteKind;
  /** Name of the skill, or `composed_` and the names of the first three for a composition. */
  readonly tool_name?: string;
  readonly tool_version?: string;
  readonly tool_confidence: number;
  readonly kind?: RoutableSkill['kind'];
  /** The skills of a composition, in order, each with the part of the task that is its own. */
  readonly components?: readonly { readonly name: string; readonly version: string; readonly prompt: string }[];
  /** Why, in words, for events and `explain`. */
  readonly reason: string;
}
