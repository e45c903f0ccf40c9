import { type Config, loadJsonFile } from '@vivarium/core';
import { z } from 'zod';
import { RequestRefused } from '../http/refused.ts';
import type { ModelRow, ModelsAnswer, RetiredModel } from '../protocol-work.ts';

const Listed = z.looseObject({
  provider: z.string(),
  tier: z.string().optional(),
  context_tokens: z.number().optional(),
  price_usd_per_million: z.object({ input: z.number(), output: z.number() }).optional(),
});
const File = z.looseObject({
  models: z.record(z.string(), Listed).default({}),
  aliases: z.record(z.string(), z.looseObject({ model: z.string(), because: z.string().optional() })).default({}),
});

const SOURCE = 'published prices (genai-prices 0.1.8)';

/** The models a task may name, with what they cost and where that is known from. */
export async function modelsAnswer(config: Config): Promise<ModelsAnswer> {
  const { models, aliases } = readFileOf(config.modelsFile);
  const prices = await publishedPrices();
  const rows = Object.entries(models).map(([id, listed]): ModelRow => {
    const own = listed.price_usd_per_million;
    const price = own ? { ...own, source: 'config/models.json' } : prices(id, listed.provider);
    return {
      id,
      provider: listed.provider,
      ...(listed.tier === undefined ? {} : { tier: listed.tier }),
      ...(listed.context_tokens === undefined ? {} : { context_tokens: listed.context_tokens }),
      roles: rolesOf(config, id),
      ...(price ? { price: shownPrice(price) } : {}),
    };
  });
  const retired = Object.entries(aliases).map(
    ([id, { model, because }]): RetiredModel => ({ id, model, ...(because === undefined ? {} : { because }) }),
  );
  return { success: true, models: rows, retired, prices_from: SOURCE };
}

interface Price {
  readonly input: number;
  readonly output: number;
  readonly source: string;
}

function shownPrice({ input, output, source }: Price): NonNullable<ModelRow['price']> {
  return { input_usd_per_million: input, output_usd_per_million: output, source };
}

function rolesOf(config: Config, id: string): ModelRow['roles'] {
  return [
    ...(id === config.defaultModel ? (['default'] as const) : []),
    ...(id === config.criticModel ? (['critic'] as const) : []),
  ];
}

/** The list of all prices is large, so it is loaded when somebody looks at prices. */
async function publishedPrices(): Promise<(id: string, provider: string) => Price | undefined> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  return (id, providerId) => {
    const found = calcPrice({ input_tokens: 1, output_tokens: 1 }, id, { providerId });
    const [input, output] = [found?.model_price['input_mtok'], found?.model_price['output_mtok']];
    if (typeof input !== 'number' || typeof output !== 'number') return undefined;
    return { input, output, source: SOURCE };
  };
}

function readFileOf(file: string): z.infer<typeof File> {
  try {
    return loadJsonFile(file, File, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : file;
    throw new RequestRefused(500, 'VIV_MODELS_FILE', `The list of models cannot be read: ${reason}`, 'See: pnpm worker doctor');
  }
}
