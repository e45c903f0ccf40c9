import { z } from 'zod';
import type { Sent } from './sent.ts';

/** Every refusal of the panel: words for a person, a code for a script, the field where one is at fault. */
export const Refusal = z
  .object({
    success: z.literal(false),
    error: z.string(),
    code: z.string(),
    fix: z.string().exactOptional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).exactOptional(),
  })
  .meta({ id: 'Refusal' });
export type Refusal = Sent<typeof Refusal>;
