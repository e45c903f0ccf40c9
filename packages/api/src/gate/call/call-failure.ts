import { ProviderError, type ProviderFault } from '../../errors/index.ts';

/** A part of a call that not every model takes. `limit` is the name of the token limit. */
export type Part = 'temperature' | 'limit' | 'schema' | 'tools' | 'effort' | 'stream';

/**
 * How far a failure reaches: all calls to the provider, those to one model, the very request, or the answer of a model
 * that tried and failed.
 */
export type Scope = 'provider' | 'model' | 'request' | 'answer';

const SCOPES: Record<ProviderFault, Scope> = {
  rate_limited: 'model',
  unavailable: 'provider',
  timeout: 'provider',
  bad_reply: 'provider',
  no_credit: 'provider',
  misconfigured: 'provider',
  forbidden: 'provider',
  bad_address: 'provider',
  absent: 'provider',
  unknown_model: 'model',
  invalid_request: 'request',
  output_limit: 'request',
  fails_request: 'request',
  bad_output: 'answer',
};
/** Asking again soon is no use: a person, time, or another model has to change something. */
const REFUSED: ReadonlySet<ProviderFault> = new Set([
  'no_credit',
  'misconfigured',
  'forbidden',
  'bad_address',
  'unknown_model',
  'invalid_request',
  'output_limit',
  'fails_request',
]);

interface Details {
  /** The provider may have done the work all the same: the reservation is kept as spent. */
  readonly mayBeCharged?: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly scope?: Scope;
  /** The call's parts that the provider's words are about. */
  readonly named?: readonly Part[];
  /** What the answer had come to when it broke off. */
  readonly partial?: string | undefined;
}

/** One try that gave no answer, and what that means for the next one and for the bill. The message is words for people. */
export class CallFailure extends Error {
  readonly fault: ProviderFault;
  readonly scope: Scope;
  readonly refused: boolean;
  readonly mayBeCharged: boolean;
  readonly retryAfterMs: number | undefined;
  readonly named: readonly Part[];
  readonly partial: string | undefined;

  constructor(fault: ProviderFault, message: string, details: Details = {}) {
    super(message);
    this.name = 'CallFailure';
    this.fault = fault;
    this.scope = details.scope ?? SCOPES[fault];
    this.refused = REFUSED.has(fault);
    this.mayBeCharged = details.mayBeCharged ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.named = details.named ?? [];
    this.partial = details.partial;
  }

  /** The same failure, reaching as far as it turned out to. */
  of(scope: Scope): CallFailure {
    return new CallFailure(this.fault, this.message, { ...this, scope });
  }

  /** `retry_after_ms`: when the runtime asks the provider again by itself. */
  toError(provider: string, fix: string | undefined, retry_after_ms: number | undefined): ProviderError {
    return new ProviderError(this.fault, `${provider}: ${this.message}`, {
      ...(fix === undefined ? {} : { fix }),
      data: retry_after_ms === undefined ? {} : { retry_after_ms: Math.max(1, Math.ceil(retry_after_ms)) },
      cause: this,
    });
  }
}
