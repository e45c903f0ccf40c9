import { createRequire } from 'node:module';
import type { ModelPrice } from '../../contract/models-file.ts';

export const PRICES_FROM = 'published prices (genai-prices 0.1.8)';

const load = createRequire(import.meta.url);

/** The provider's published price; undefined when it is not known, or not one flat number per direction. */
export function publishedPrice(id: string, provider: string): ModelPrice | undefined {
  // Loaded when a price is first asked for: the list of all prices is large.
  const { calcPrice }: typeof import('@pydantic/genai-prices') = load('@pydantic/genai-prices');
  const prices = calcPrice({ input_tokens: 1, output_tokens: 1 }, id, { providerId: provider })?.model_price;
  const [input, output] = [prices?.['input_mtok'], prices?.['output_mtok']];
  return typeof input === 'number' && typeof output === 'number' ? { input, output } : undefined;
}
