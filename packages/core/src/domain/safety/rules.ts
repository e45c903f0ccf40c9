import { z } from 'zod';

/** `config/safety-constraints.json`: every rule as data. */
export const SafetyRules = z.looseObject({ version: z.string() });
export type SafetyRules = z.infer<typeof SafetyRules>;
