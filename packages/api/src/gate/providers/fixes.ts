import type { CallFailure } from '../call/call-failure.ts';
import type { Provider } from './providers.ts';

/** What a person does about a refusal; undefined for what passes by itself. */
export function fixFor({ fault }: CallFailure, provider: Provider, model: string): string | undefined {
  const variable = provider.name === 'groq' ? 'GROQ_API_KEY' : 'OPENAI_API_KEY';
  switch (fault) {
    case 'misconfigured':
      return `Put a valid key into ${variable} (or, for Groq, into the panel); then the task goes on by itself`;
    case 'forbidden':
      return 'Read the words of the provider: a region, an address or a rule of it may stand in the way; the task goes on by itself when a call is answered';
    case 'no_credit':
      return 'Look at the account with the provider: its credit or its limit is used up; the task goes on by itself when a call is answered';
    case 'bad_address':
      return `Correct ${provider.name === 'groq' ? 'GROQ_BASE_URL' : 'OPENAI_BASE_URL'}: it is the address up to and without /chat/completions, mostly ending in /v1`;
    case 'unknown_model':
      return `The provider does not have ${model} for this key: give the task another model, or set DEFAULT_GROQ_MODEL`;
    case 'invalid_request':
      return 'Change the request (shorter prompt, other model or schema), then retry the task';
    case 'fails_request':
      return 'Change the request (other words, shorter prompt, other model, a longer timeout), then retry the task';
    case 'output_limit':
      return 'Give the task more max_tokens (and the max_budget that pays for them), or a model that thinks less, then retry it';
    default:
      return undefined;
  }
}
