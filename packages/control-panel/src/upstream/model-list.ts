import { type Config, loadModels, type ModelPrice, type ModelsFile, PRICES_FROM, publishedPrice } from '@vivarium/core';
import { RequestRefused } from '../http/refused.ts';
import type { ModelRow, ModelsAnswer, RetiredModel } from '../protocol/money.ts';

/** The models a task may name, with what they cost and where that is known from. */
export function modelsAnswer(config: Config): ModelsAnswer {
  const { models, aliases } = readFileOf(config.modelsFile);
  const rows = Object.entries(models).map(([id, listed]): ModelRow => {
    const own = listed.price_usd_per_million;
    const price = own ?? publishedPrice(id, listed.provider);
    return {
      id,
      provider: listed.provider,
      ...(listed.tier === undefined ? {} : { tier: listed.tier }),
      ...(listed.context_tokens === undefined ? {} : { context_tokens: listed.context_tokens }),
      roles: rolesOf(config, id),
      ...(price ? { price: shownPrice(price, own ? 'config/models.json' : PRICES_FROM) } : {}),
    };
  });
  const retired = Object.entries(aliases).map(
    ([id, { model, because }]): RetiredModel => ({ id, model, ...(because === undefined ? {} : { because }) }),
  );
  return { success: true, models: rows, retired, prices_from: PRICES_FROM };
}

function shownPrice({ input, output }: ModelPrice, source: string): NonNullable<ModelRow['price']> {
  return { input_usd_per_million: input, output_usd_per_million: output, source };
}

function rolesOf(config: Config, id: string): ModelRow['roles'] {
  return [
    ...(id === config.defaultModel ? (['default'] as const) : []),
    ...(id === config.criticModel ? (['critic'] as const) : []),
  ];
}

function readFileOf(file: string): ModelsFile {
  try {
    return loadModels(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : file;
    throw new RequestRefused(500, 'VIV_MODELS_FILE', `The list of models cannot be read: ${reason}`, 'See: pnpm worker doctor');
  }
}
