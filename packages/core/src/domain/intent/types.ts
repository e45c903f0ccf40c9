import { z } from 'zod';

const Line = z.string().max(4_000);

/**
 * What a person wants of a task, in their own words. Stored on the task and present in every prompt made from it, those of
 * its subtasks included. `confidence` is 0..1.
 */
export const Intent = z
  .strictObject({
    goal: z.string(),
    constraints: z.array(Line),
    preferences: z.array(Line),
    anti_goals: z.array(Line),
    clarifications: z.array(Line),
    original_text: z.string(),
    confidence: z.number().min(0).max(1),
  })
  .meta({ id: 'Intent' });
export type Intent = z.infer<typeof Intent>;

/** A sentence of the intent that an output breaks. */
export interface Drift {
  /** The person's own words. */
  readonly constraint: string;
  readonly kind: 'constraint' | 'anti_goal';
  /** What was found in the output. */
  readonly detail: string;
}
