import { extractIntent } from './extract.ts';
import { Intent } from './types.ts';

/** Below this a task that says `clarify: true` asks its person first. */
export const LOW_CONFIDENCE = 0.5;
const OWN_CONFIDENCE = 0.5;

/**
 * The intent of a task: what its own `phase4_intent` or `intent` object says stands; what that object leaves open is read
 * from the prompt. A complete object is taken as it is, so children keep their parent's intent word for word.
 */
export function intentOf(task: Readonly<Record<string, unknown>>): Intent {
  const text = typeof task['prompt'] === 'string' ? task['prompt'] : '';
  const own = objectOf(task['phase4_intent']) ?? objectOf(task['intent']);
  if (!own) return extractIntent(text);
  const complete = Intent.safeParse(own);
  if (complete.success) return complete.data;
  const read = extractIntent(textOf(own['original_text']) ?? text);
  const confidence = own['confidence'];
  return {
    goal: textOf(own['goal']) ?? read.goal,
    constraints: linesOf(own['constraints']) ?? read.constraints,
    preferences: linesOf(own['preferences']) ?? read.preferences,
    anti_goals: linesOf(own['anti_goals']) ?? read.anti_goals,
    clarifications: linesOf(own['clarifications']) ?? read.clarifications,
    original_text: read.original_text,
    confidence: typeof confidence === 'number' && confidence >= 0 && confidence <= 1 ? confidence : OWN_CONFIDENCE,
  };
}

/** The question for the person when it is unclear what is wanted; undefined when it is clear enough. */
export function clarifyingQuestion(intent: Intent): string | undefined {
  if (intent.confidence >= LOW_CONFIDENCE || intent.clarifications.length > 0) return undefined;
  const words = intent.original_text.trim().slice(0, 120);
  return `What exactly should be done, and to what? The request only says: "${words}"`;
}

/**
 * The block that carries the intent into a prompt; with a prompt, that follows it.
 */
export function intentBlock(intent: Intent, prompt?: string): string {
  const list = (lines: readonly string[]) => (lines.length > 0 ? lines.join(', ') : 'None specified');
  const lines = [
    '## USER INTENT',
    `GOAL: ${intent.goal}`,
    `CONSTRAINTS: ${list(intent.constraints)}`,
    `ANTI-GOALS: ${list(intent.anti_goals)}`,
    `PREFERENCES: ${list(intent.preferences)}`,
    ...(intent.clarifications.length > 0 ? [`CLARIFICATIONS: ${intent.clarifications.join('; ')}`] : []),
    'Before you answer, check the result against every line above.',
  ];
  return prompt === undefined ? lines.join('\n') : `${lines.join('\n')}\n\n${prompt}`;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() !== '' ? value : undefined);

function linesOf(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).filter((line) => line.trim() !== '');
}
