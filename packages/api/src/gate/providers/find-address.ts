import { addressesOf } from './base-url.ts';
import { listModels } from './model-list.ts';

export interface Found {
  /** Where an API answered; undefined when none did, which may be a server that is away or that lists nothing. */
  readonly baseUrl?: string;
  /** Models that can chat, when it said which it has. */
  readonly models?: readonly string[];
  /** The address as it was given, cleaned. */
  readonly first: string;
}

/** Ask for the API under the address that a person gave, and under those that are most often meant by it. */
export async function findAddress(given: string, apiKey: string | undefined): Promise<Found> {
  const addresses = addressesOf(given);
  const [first = given] = addresses;
  for (const baseUrl of addresses) {
    const listed = await listModels(baseUrl, apiKey);
    if (listed.kind === 'list') return { first, baseUrl, models: listed.models };
    if (listed.kind === 'refused') return { first, baseUrl };
  }
  return { first };
}
