import { randomUUID } from 'node:crypto';
import {
  type ApiAuditLine,
  type Audit,
  type BudgetLedger,
  type Clock,
  costOf,
  inputBound,
  type Logger,
  type ModelDecision,
  type TokenUsage,
} from '@vivarium/core';
import { type ProviderError, RateLimitedError } from '../errors/index.ts';
import { type Attempt, type AuditEnd, auditLine } from './attempts/attempt.ts';
import { Course } from './attempts/course.ts';
import type { ModelRouting, RoutedModel } from './attempts/model-routing.ts';
import { callTime, wholeMs } from './attempts/time.ts';
import { CallFailure } from './call/call-failure.ts';
import type { GateAnswer, GateCall } from './call/gate-call.ts';
import { type OpenStanding, PATIENCE_MS, type Pass } from './circuits/circuit.ts';
import { type Asked, Circuits } from './circuits/circuits.ts';
import type { TokenBucket } from './circuits/token-bucket.ts';
import type { ChatAnswer } from './client/adapter.ts';
import { Profiles } from './client/profile.ts';
import { inWords, readInWords } from './client/tool-support.ts';
import { Purse } from './money/purse.ts';
import { Settlements } from './money/settlements.ts';
import { fixFor } from './providers/fixes.ts';
import type { Provider, Providers } from './providers/providers.ts';

/** What every try to call a model leaves; whoever counts or watches calls listens here. */
export interface CallAudit extends Pick<Audit, 'flush'> {
  append(line: ApiAuditLine): boolean;
}

export interface GateDeps {
  readonly providers: Providers;
  readonly routing: Pick<ModelRouting, 'route'>;
  readonly limit: TokenBucket;
  readonly budget: BudgetLedger;
  /** Takes the line of each try, and tells whether it stands. */
  readonly audit: CallAudit;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a model may be silent, in seconds; undefined: what suits the provider. */
  readonly modelSeconds?: number | undefined;
  /** Said once per alias, for people. */
  readonly onAlias: (alias: { from: string; because: string; to: string }) => void;
  /** Said once per call, for people. */
  readonly onDecision: (call: GateCall, decision: ModelDecision) => void;
}

/** What is said of a request that alone fails again and again. */
const FAILS_REQUEST = 'it fails like that on this very request again and again, while others are answered';
/** No answer of a model is longer, whatever the task allows. */
const MOST_OUTPUT_TOKENS = 65_536;

/**
 * The one way to a model: whitelist, circuit, rate limit, reservation, call, settlement, audit line, for every try. What
 * comes out is an answer that is paid and recorded, or an error that says what happens next.
 */
export class ModelGate {
  readonly #deps: GateDeps;
  readonly #circuits: Circuits;
  readonly #profiles = new Profiles();
  readonly #purse: Purse;
  readonly #settlements: Settlements;
  /** By model: how much more than our bound a provider has counted. */
  readonly #margins = new Map<string, number>();
  /** By model: how many times its limit of output tokens it has taken. */
  readonly #excess = new Map<string, number>();
  readonly #saidAliases = new Set<string>();

  constructor(deps: GateDeps) {
    this.#deps = deps;
    this.#circuits = new Circuits(deps.clock);
    this.#settlements = new Settlements(deps.budget, deps.audit, deps.log);
    this.#purse = new Purse(deps.budget, {
      line: (attempt, end) => this.#line(attempt, end),
      close: (attempt, end) => this.#close(attempt, end),
    });
  }

  /** @throws ModelNotAllowedError, PriceUnknownError, BudgetExceededError, RateLimitedError, ProviderError, the signal's reason */
  async call(call: GateCall, signal: AbortSignal): Promise<GateAnswer> {
    if (call.purpose === 'test') this.askAgain();
    const course = new Course();
    const deadline = this.#now() + wholeMs(call);
    for (;;) {
      const attempt = await this.#prepare(call, course, deadline - this.#now());
      if (attempt.number === 1) this.#deps.onDecision(call, attempt.model.decision);
      const pass = await this.#enter(attempt, signal);
      const outcome = await this.#try(attempt, pass, course, signal);
      if (!(outcome instanceof CallFailure)) return outcome;
    }
  }

  /** Whether what is left for the task pays for this call with an answer that is long enough. Nothing is reserved. */
  async affords(call: GateCall): Promise<boolean> {
    return call.cap_usd === undefined || this.#purse.affords(await this.#prepare(call, new Course(), wholeMs(call)));
  }

  /** A person wants to know how it stands: whatever was refused is asked again at the next call. */
  askAgain(): void {
    this.#circuits.forget();
  }

  /** What stands in the way of a model of a provider, and the mark that changes when any such thing is over. */
  standing(
    provider: Provider,
    model: string | undefined,
  ): { readonly open: OpenStanding | undefined; readonly generation: string } {
    const open = model === undefined ? this.#circuits.standing(provider) : this.#circuits.standingOf(provider, model);
    return { open, generation: this.#circuits.generation };
  }

  /** Write the settlements that the disk refused so far. */
  close(): Promise<void> {
    return this.#settlements.close();
  }

  async #prepare(call: GateCall, course: Course, left_ms: number): Promise<Attempt> {
    course.number += 1;
    const { provider, model } = await this.#choose(call, course);
    const started_ms = this.#now();
    const profile = course.trial?.profile ?? this.#profiles.of(keyOf(provider, model), model.profile, started_ms);
    const most = Math.min(model.max_output_tokens ?? MOST_OUTPUT_TOKENS, profile.most_tokens ?? MOST_OUTPUT_TOKENS);
    const max_tokens = Math.min(course.limit_tokens ?? call.max_tokens, most);
    const said = profile.tools || !call.tools ? call.messages : inWords(call.messages, call.tools);
    const input_bound = inputBound(said, call.schema, this.#margins.get(model.id), call.tools);
    const base = { call_id: randomUUID(), number: course.number, call, provider, model, profile, input_bound };
    return { ...base, started_ms, left_ms, reserved_usd: 0, max_tokens, excess: this.#excess.get(model.id) ?? 1 };
  }

  /** A model that a server does not list may have come since it was asked. */
  async #choose(call: GateCall, course: Course): Promise<{ provider: Provider; model: RoutedModel }> {
    const { providers, routing, onAlias } = this.#deps;
    let provider = await providers.current();
    const passedOver = (id: string) => course.passedOver.has(id) || this.#circuits.isRefused(provider, id);
    const model = await routing.route(call, provider, passedOver).catch(async (error: unknown) => {
      const newer = await providers.again(provider, error);
      if (!newer) throw error;
      provider = newer;
      return routing.route(call, newer, passedOver);
    });
    if (model.alias && !this.#saidAliases.has(model.alias.from)) {
      this.#saidAliases.add(model.alias.from);
      onAlias({ ...model.alias, to: model.id });
    }
    return { provider, model };
  }

  /** Wait for the turn of this call. @throws ProviderError while the provider, the model or the request is refused */
  async #enter(attempt: Attempt, signal: AbortSignal): Promise<Pass> {
    const patience = Math.min(PATIENCE_MS, attempt.left_ms / 2);
    const entry = await this.#circuits.enter(askedBy(attempt), patience, signal);
    if (entry.ok) return entry.pass;
    const { failure, until_ms } = entry.standing;
    throw this.#errorOf(attempt, failure, until_ms);
  }

  /** One call, paid for. A failure that comes back is answered with another try; what ends the call is thrown. */
  async #try(attempt: Attempt, pass: Pass, course: Course, signal: AbortSignal): Promise<GateAnswer | CallFailure> {
    try {
      this.#purse.check(attempt);
      await this.#waitForRoom(attempt, signal);
      await this.#purse.reserve(attempt, signal).catch((error: unknown) => {
        this.#deps.limit.giveBack();
        throw error;
      });
    } catch (error) {
      pass.dropped();
      throw error;
    }
    let reply: ChatAnswer;
    try {
      reply = await this.#ask(attempt, signal);
    } catch (error) {
      const failure = error instanceof CallFailure ? error : undefined;
      await this.#failed(attempt, failure);
      if (failure) return this.#next(attempt, pass, course, failure);
      pass.dropped();
      throw error;
    }
    if (course.trial)
      this.#profiles.learn(keyOf(attempt.provider, attempt.model), course.trial.profile, course.trial.named, this.#now());
    this.#deps.providers.prove(attempt.provider);
    const answer = this.#answered(attempt, reply);
    if (!reply.cutInThinking) {
      pass.succeeded();
      return answer;
    }
    await answer.settled;
    return this.#next(attempt, pass, course, outOfTokens(attempt, reply));
  }

  async #waitForRoom(attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { limit } = this.#deps;
    const room = await limit.take(Math.min(attempt.left_ms / 2, PATIENCE_MS), signal);
    if (room.ok) return;
    this.#line(attempt, { event: 'RATE_LIMITED', outcome: 'refused' });
    throw new RateLimitedError(limit.perMinute, room.retry_after_ms);
  }

  #ask(attempt: Attempt, signal: AbortSignal): Promise<ChatAnswer> {
    const { call, model, provider, profile } = attempt;
    const said = profile.tools || !call.tools ? call.messages : inWords(call.messages, call.tools);
    const left_ms = attempt.left_ms - (this.#now() - attempt.started_ms);
    return provider.client.complete({
      model: model.id,
      messages: said,
      profile,
      schema: call.schema,
      tools: call.tools,
      effort: model.effort,
      maxTokens: attempt.max_tokens,
      temperature: call.temperature,
      time: callTime(call, left_ms, this.#deps.modelSeconds ?? model.timeout_seconds, provider.offer.free),
      onText: call.onText,
      signal,
    });
  }

  #answered(attempt: Attempt, reply: ChatAnswer): GateAnswer {
    const { call_id, call, model, provider, reserved_usd, input_bound } = attempt;
    const answer = call.tools && !attempt.profile.tools ? readInWords(reply) : reply;
    const { usage } = answer;
    const cost_usd = usage ? costOf(model.price, usage) : reserved_usd;
    this.#learnExcess(attempt, usage);
    if (usage && usage.prompt_tokens > input_bound) {
      const margin = (this.#margins.get(model.id) ?? 1) * (usage.prompt_tokens / input_bound) * 1.1;
      this.#margins.set(model.id, margin);
      this.#deps.log.warn({ model: model.id, margin }, 'the provider counted more input than was reserved for');
    }
    // A whole stream that says nothing of its tokens would be charged at the upper bound each time.
    if (!usage && !answer.truncated && attempt.profile.stream && reserved_usd > 0)
      this.#profiles.learn(keyOf(provider, model), { ...attempt.profile, stream: false }, true, this.#now());
    const charge = reserved_usd > 0 ? { call_id, cost_usd } : undefined;
    this.#line(attempt, {
      event: 'API_CALL_SUCCESS',
      outcome: answer.truncated ? 'truncated' : 'completed',
      cost: cost_usd,
      input_tokens: usage?.prompt_tokens ?? input_bound,
      output_tokens: usage?.completion_tokens ?? attempt.max_tokens,
      ...(answer.thinking ? { thinking_chars: answer.thinking.chars } : {}),
      ...(usage ? {} : { error: 'the reply had no usable usage: the upper bound is charged' }),
    });
    return {
      text: answer.text,
      ...(call.tools && answer.toolCalls ? { toolCalls: answer.toolCalls } : {}),
      model: model.id,
      model_decision: model.decision,
      ...(usage ? { usage } : {}),
      cost_usd,
      simulated: provider.name === 'scripted',
      truncated: answer.truncated,
      ...(charge ? { charge } : {}),
      settled: charge ? this.#settlements.settle(call_id, cost_usd) : Promise.resolve(),
    };
  }

  /** A provider that does not keep to the limit of tokens: from then on what it takes beyond it is reserved too. */
  #learnExcess({ model, max_tokens }: Attempt, usage: TokenUsage | undefined): void {
    if (!usage || usage.completion_tokens <= max_tokens) return;
    const excess = Math.max(this.#excess.get(model.id) ?? 1, usage.completion_tokens / max_tokens);
    this.#excess.set(model.id, excess);
    this.#deps.log.warn({ model: model.id, excess }, 'the provider gave more output than it was allowed');
  }

  /** `failure` is undefined when somebody stopped the call: then the provider may have worked for us all the same. */
  async #failed(attempt: Attempt, failure: CallFailure | undefined): Promise<void> {
    const cost = (failure?.mayBeCharged ?? true) ? attempt.reserved_usd : 0;
    if (failure?.fault === 'unavailable') this.#deps.providers.lost(attempt.provider);
    await this.#close(attempt, {
      event: failure ? 'API_CALL_FAILURE' : 'API_CALL_ABORTED',
      outcome: failure?.fault ?? 'aborted',
      cost,
      error: failure?.message ?? 'stopped before the answer came',
    });
  }

  /** What a failed try means for the circuits and for this call: the failure when it is tried again. @throws ProviderError */
  #next(attempt: Attempt, pass: Pass, course: Course, seen: CallFailure): CallFailure {
    const { call, model, provider } = attempt;
    const failure = this.#circuits.judged(
      askedBy(attempt),
      ownLimit(seen, call),
      (last) => new CallFailure('fails_request', `${last.message}; ${FAILS_REQUEST}`),
    );
    // A server that lacks a model it had may list another one by now.
    const relisted = failure.fault === 'unknown_model';
    if (relisted) this.#deps.providers.lost(provider);
    const next = course.after(failure, {
      model: model.id,
      profile: attempt.profile,
      parts: { schema: call.schema, tools: call.tools, effort: model.effort, free: provider.offer.free },
      replaceable: model.replaceable || (relisted && model.unnamed && !course.passedOver.has(model.id)),
      limit_tokens: attempt.max_tokens,
      most_tokens: model.max_output_tokens ?? MOST_OUTPUT_TOKENS,
    });
    if (next === 'changed') pass.dropped();
    else if (next === 'other_model') pass.failed(new CallFailure('unknown_model', failure.message));
    else pass.failed(failure);
    if (next !== 'give_up') return failure;
    throw this.#errorOf(attempt, failure, this.#circuits.opening(askedBy(attempt))?.until_ms);
  }

  /** What would be paid for again without another end is not asked again by itself. */
  #errorOf({ provider, model }: Attempt, failure: CallFailure, until_ms: number | undefined): ProviderError {
    const forPerson = failure.fault === 'output_limit' || failure.fault === 'fails_request';
    const again_ms = forPerson || until_ms === undefined ? undefined : Math.max(1, until_ms - this.#now());
    return failure.toError(provider.detail, fixFor(failure, provider, model.id), again_ms);
  }

  /** A try that brings no answer: its line, then its money. */
  async #close(attempt: Attempt, end: AuditEnd): Promise<void> {
    this.#line(attempt, end);
    if (attempt.reserved_usd > 0) await this.#settlements.settle(attempt.call_id, end.cost ?? 0);
  }

  #line(attempt: Attempt, end: AuditEnd): void {
    this.#deps.audit.append(auditLine(attempt, end, this.#deps.clock));
  }

  #now(): number {
    return this.#deps.clock.monotonicMs();
  }
}

const keyOf = (provider: Provider, model: RoutedModel): string => `${provider.route} ${model.id}`;

const askedBy = ({ provider, model, call }: Attempt): Asked => ({
  provider,
  model: model.id,
  messages: call.messages,
  task_id: call.task_id,
  purpose: call.purpose,
});

/** A time that the task itself named says nothing about the provider. */
const ownLimit = (failure: CallFailure, { timeout_ms }: GateCall): CallFailure =>
  failure.fault === 'timeout' && timeout_ms !== undefined ? failure.of('request') : failure;

function outOfTokens({ max_tokens }: Attempt, { thinking, truncated }: ChatAnswer): CallFailure {
  const words = truncated
    ? `the limit of ${max_tokens} tokens was used up by thinking before an answer began`
    : 'the thinking has no end, and no answer followed it';
  return new CallFailure(
    truncated ? 'output_limit' : 'bad_output',
    thinking ? `${words} (${thinking.tokens ?? Math.ceil(thinking.chars / 4)} tokens of it)` : words,
  );
}
