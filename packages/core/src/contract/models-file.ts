import { z } from 'zod';

const perMillion = z.number().min(0).max(100_000);

/** What a model costs, US dollars per million tokens. */
export const ModelPrice = z.strictObject({ input: perMillion, output: perMillion });
export type ModelPrice = z.infer<typeof ModelPrice>;

export const ListedModel = z.strictObject({
  provider: z.enum(['groq', 'openai', 'local']),
  tier: z.string().optional(),
  context_tokens: z.number().int().min(1).optional(),
  max_output_tokens: z.number().int().min(1).optional(),
  temperature: z.boolean().optional().describe('false: the model takes none'),
  reasoning: z
    .strictObject({ efforts: z.array(z.string()).min(1), default: z.string().optional() })
    .optional()
    .describe('Efforts that the model knows, and the one it is asked with'),
  timeout_seconds: z.number().min(1).max(3600).optional().describe('How long it may be silent'),
  price_usd_per_million: ModelPrice.optional(),
});
export type ListedModel = z.infer<typeof ListedModel>;

/** `config/models.json`: which models may be called, under which further names, at which price where we know better. */
export const ModelsFile = z.strictObject({
  models: z.record(z.string(), ListedModel),
  tiers: z
    .array(z.string())
    .optional()
    .describe('From the cheapest to the strongest; others follow in the order in which they appear'),
  aliases: z.record(z.string(), z.strictObject({ model: z.string(), because: z.string().optional() })).default({}),
});
export type ModelsFile = z.infer<typeof ModelsFile>;
