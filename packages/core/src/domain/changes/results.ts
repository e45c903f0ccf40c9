import { z } from 'zod';

/** The trees a test is seen on: the branch as it was, the change on it, the change among others, and the new code under the base's tests. */
export const RESULT_TREES = ['base', 'new', 'integrated', 'frozen'] as const;
export type ResultTree = (typeof RESULT_TREES)[number];

/** What the artifact of a check holds, as JSON: how each test of a suite went, by name, on the trees that the check looked at. */
export const CheckResults = z.strictObject({
  suite: z.string(),
  results: z.partialRecord(z.enum(RESULT_TREES), z.record(z.string(), z.enum(['passed', 'failed', 'skipped']))),
});
export type CheckResults = z.infer<typeof CheckResults>;
