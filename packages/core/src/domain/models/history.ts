import { z } from 'zod';
import { Instant } from '../../contract/ids.ts';
import { shapeOf } from '../skills/families.ts';

/** So many failures on the cheapest tier, faded, and a pattern starts one tier up: three within two days, four within five. */
export const FAILURES_TO_RAISE = 2.5;
/** A failure counts half after so long. */
export const HALF_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
const MAX_PATTERNS = 500;
const FORGOTTEN = 0.1;
const KEY_CHARS = 160;

/**
 * `.swarm/model_history.json`: which kinds of task the cheapest tier failed, fading with time. Delete an entry, or the file,
 * to reset it.
 */
export const ModelHistory = z.object({
  version: z.literal(1).default(1),
  position: z.number().int().min(0).default(0).describe('in execution_log.jsonl: verdicts before it are counted'),
  patterns: z
    .record(z.string(), z.object({ weight: z.number().min(0), failures: z.number().int().min(0), at: Instant }))
    .default({}),
});
export type ModelHistory = z.infer<typeof ModelHistory>;

/** The kind of a task: the shape of its prompt, without what changes from task to task. */
export const patternOf = (prompt: string): string => shapeOf(prompt).join(' ').slice(0, KEY_CHARS);

/** What is left of a pattern's failures at an instant. */
export function failuresAt(history: ModelHistory, pattern: string, now: Date): number {
  const entry = history.patterns[pattern];
  return entry ? entry.weight * faded(now.getTime() - Date.parse(entry.at)) : 0;
}

/** The history after one verified outcome on the cheapest tier: a failure adds one, a success halves what is left. */
export function remembered(history: ModelHistory, pattern: string, succeeded: boolean, now: Date): ModelHistory {
  const left = failuresAt(history, pattern, now);
  const known = history.patterns[pattern];
  if (succeeded && !known) return history;
  const weight = succeeded ? left / 2 : left + 1;
  const failures = (known?.failures ?? 0) + (succeeded ? 0 : 1);
  const patterns = { ...history.patterns, [pattern]: { weight, failures, at: now.toISOString() } };
  const kept = Object.entries(patterns)
    .map(([key, entry]) => ({ key, entry, left: entry.weight * faded(now.getTime() - Date.parse(entry.at)) }))
    .filter(({ left: rest }) => rest >= FORGOTTEN)
    .sort((a, b) => b.left - a.left || (a.key < b.key ? -1 : 1))
    .slice(0, MAX_PATTERNS);
  return { ...history, patterns: Object.fromEntries(kept.map(({ key, entry }) => [key, entry])) };
}

const faded = (age_ms: number): number => 0.5 ** (Math.max(0, age_ms) / HALF_LIFE_MS);
