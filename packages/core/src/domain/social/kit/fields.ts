import { z } from 'zod';

/** The last part of a path, as a person knows the field. */
const fieldOf = (issue: z.core.$ZodRawIssue): string => String(issue.path?.at(-1) ?? 'this');
const isRequired = (issue: z.core.$ZodRawIssue): string | undefined =>
  issue.input === undefined || issue.input === '' ? `${fieldOf(issue)} is required` : undefined;

/** Whole positive tokens, at most so many; nothing negative, zero, fractional or huge passes. */
export const tokensUpTo = (max: number) =>
  z
    .int('give a whole number of tokens')
    .positive('must be a positive whole number of tokens, at least 1')
    .max(max, { error: () => `at most ${max.toLocaleString('en')} tokens` });
export const Amount = tokensUpTo(1_000_000);
export const Id = z.string({ error: isRequired }).min(1, { error: isRequired }).max(128);
export const IdentityId = z.string({ error: isRequired }).regex(/^[\w-]{1,64}$/, {
  error: (issue) => isRequired(issue) ?? `${fieldOf(issue)} is not an id: up to 64 letters, digits, _ and -`,
});
/** Text with something in it, unless `min` is 0; `wanted` is what to say when there is too little. */
export const Text = (max: number, min = 1, wanted?: string) => {
  const error = (issue: z.core.$ZodRawIssue) =>
    wanted ?? (min > 1 ? `say it in at least ${min} characters` : `${fieldOf(issue)} is required`);
  return z
    .string({ error: (issue) => (issue.input === undefined ? error(issue) : undefined) })
    .trim()
    .min(min, { error })
    .max(max, { error: (issue) => `${fieldOf(issue)} is too long (at most ${max.toLocaleString('en')} characters)` });
};
export const Reason = Text(1_000, 3, 'say what it rests on');
/** The answer of an act that tells nothing but that it was done. */
export const Nothing = z.object({});
/** How a vote stands. */
export const Standing = z.enum(['pending', 'accepted', 'rejected']);
export const Ballot = z.enum(['accept', 'reject'], 'choose how you vote');
