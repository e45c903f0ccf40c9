import type { CallFailure } from '../call/call-failure.ts';
import { type Parts, type Profile, without } from '../client/profile.ts';

/** How often one call is tried at most when the trouble may pass, the first time included. */
const MAX_TRIES = 3;
/** A request without one part, without another, without all: more than that is not the parts' fault. */
const MOST_LEFT_OUT = 6;
/** A list may begin with several models that cannot chat. */
const MOST_PASSED_OVER = 5;
const LIMIT_GROWTH = 4;
const MOST_GROWN = 2;

export interface Facts {
  readonly model: string;
  readonly profile: Profile;
  readonly parts: Omit<Parts, 'limit_tokens'>;
  /** Nobody named this model, and there are others. */
  readonly replaceable: boolean;
  /** The limit that was sent, and the largest that the model takes. */
  readonly limit_tokens: number;
  readonly most_tokens: number;
}

/** One call's way through its tries: what was left out, which models were passed over, how far the limit grew. */
export class Course {
  /** Tries so far, for the audit. */
  number = 0;
  /** What the next try leaves out, to be remembered once it is answered. */
  trial: { readonly profile: Profile; readonly named: boolean } | undefined;
  /** Models that turned out to be none to talk with. */
  readonly passedOver = new Set<string>();
  /** The limit of output tokens of the next try, when it has to be larger than the call's own. */
  limit_tokens: number | undefined;
  #tries = 0;
  #leftOut = 0;
  #grown = 0;

  /** What follows from a failed try: `changed` is another request at once, `again` the same one in its turn. */
  after(failure: CallFailure, facts: Facts): 'changed' | 'other_model' | 'again' | 'give_up' {
    if (failure.fault === 'invalid_request' && this.#leaveOut(failure, facts)) return 'changed';
    if (failure.fault === 'output_limit') return this.#grow(facts) ? 'changed' : 'give_up';
    if (failure.fault === 'unknown_model' || failure.fault === 'invalid_request') return this.#passOver(facts);
    this.#tries += 1;
    // A cut call would begin anew at a server that is still loading.
    if (failure.refused || failure.fault === 'timeout' || this.#tries >= MAX_TRIES) return 'give_up';
    return 'again';
  }

  #leaveOut(failure: CallFailure, { profile, parts, limit_tokens }: Facts): boolean {
    if (this.#leftOut >= MOST_LEFT_OUT) return false;
    const next = without(profile, failure, { ...parts, limit_tokens });
    if (!next) return false;
    this.#leftOut += 1;
    this.trial = { profile: next.profile, named: next.named && (this.trial?.named ?? true) };
    return true;
  }

  #passOver({ model, replaceable }: Facts): 'other_model' | 'give_up' {
    if (!replaceable || this.passedOver.size >= MOST_PASSED_OVER) return 'give_up';
    this.passedOver.add(model);
    this.trial = undefined;
    this.#leftOut = 0;
    return 'other_model';
  }

  #grow({ limit_tokens, most_tokens }: Facts): boolean {
    const next = Math.min(most_tokens, limit_tokens * LIMIT_GROWTH);
    if (this.#grown >= MOST_GROWN || next <= limit_tokens) return false;
    this.#grown += 1;
    this.limit_tokens = next;
    return true;
  }
}
