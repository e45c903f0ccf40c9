import type { ProviderError } from '../errors.ts';
import type { CallFailure } from './adapter.ts';
import { shortHash } from './adapter.ts';
import type { Provider } from './providers.ts';
import type { Message } from './rules.ts';

const MOST = 1000;

interface Asked {
  readonly provider: Provider;
  readonly model: string;
  readonly messages: readonly Message[];
}

/**
 * What a provider refused in a way that asking again cannot change: a key, a model, one very request. Each is asked
 * once; from then on the answer is the remembered one, until the provider's fingerprint changes.
 */
export class Refusals {
  readonly #known = new Map<string, ProviderError>();

  remember(asked: Asked, failure: CallFailure, error: ProviderError): void {
    const scope = scopeOf(failure);
    if (!scope) return;
    const oldest = this.#known.size >= MOST ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(keyOf(asked, scope), error);
  }

  find(asked: Asked): ProviderError | undefined {
    for (const scope of ['key', 'model', 'request'] as const) {
      const error = this.#known.get(keyOf(asked, scope));
      if (error) return error;
    }
    return undefined;
  }
}

type Scope = 'key' | 'model' | 'request';

function scopeOf({ fault }: CallFailure): Scope | undefined {
  if (fault === 'misconfigured') return 'key';
  if (fault === 'unknown_model') return 'model';
  return fault === 'invalid_request' ? 'request' : undefined;
}

function keyOf({ provider, model, messages }: Asked, scope: Scope): string {
  if (scope === 'key') return provider.fingerprint;
  const ofModel = `${provider.fingerprint} ${model}`;
  return scope === 'model' ? ofModel : `${ofModel} ${shortHash(JSON.stringify(messages))}`;
}

/** What a person does about it. */
export function fixFor({ fault }: CallFailure, provider: Provider, model: string): string | undefined {
  const variable = provider.name === 'groq' ? 'GROQ_API_KEY' : 'OPENAI_API_KEY';
  switch (fault) {
    case 'misconfigured':
      return `Put a valid key into ${variable} (or, for Groq, into the panel); then the task goes on by itself`;
    case 'unknown_model':
      return `The provider does not have ${model} for this key: give the task another model, or set DEFAULT_GROQ_MODEL`;
    case 'invalid_request':
      return 'Change the request (shorter prompt, other model or schema), then retry the task';
    default:
      return undefined;
  }
}
