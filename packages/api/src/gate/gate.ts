import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAuditLine, Audit, BudgetLedger, Clock, CycleRequest, Logger, ModelDecision } from '@vivarium/core';
import { BudgetBusyError, BudgetExceededError, type ProviderError, RateLimitedError } from '../errors.ts';
import type { Metrics } from '../http/metrics.ts';
import { type AnswerSchema, CallFailure, type ChatAnswer, type ToolOffer } from './adapter.ts';
import type { ModelRouting, RoutedModel } from './model-routing.ts';
import type { Provider, Providers } from './providers.ts';
import type { RateLimit } from './rate-limit.ts';
import { fixFor, Refusals } from './refusals.ts';
import {
  affordableTokens,
  costOf,
  estimate,
  gapMs,
  inputBound,
  MAX_TRIES,
  type Message,
  type ToolCall,
  type Usage,
} from './rules.ts';
import { degrade, SchemaSupport } from './schema-support.ts';
import { Settlements } from './settlements.ts';
import { inWords, readInWords, ToolSupport } from './tool-support.ts';

/** One question to a model, before anything is known of providers and money. */
export interface GateCall {
  readonly purpose: CycleRequest['purpose'];
  readonly user: string;
  readonly task_id?: string | undefined;
  readonly identity_id?: string | undefined;
  readonly model?: string | undefined;
  /** The task's own words, how much they ask for, and which attempt this is: what chooses a model where none is named. */
  readonly prompt?: string;
  readonly intensity?: CycleRequest['intensity'];
  readonly attempt?: number;
  readonly messages: readonly Message[];
  readonly max_tokens: number;
  /** With so many the answer is no worse: what models and purses are judged by. Left out: `max_tokens`. */
  readonly enough_tokens?: number;
  readonly temperature: number;
  readonly schema?: AnswerSchema | undefined;
  readonly tools?: readonly ToolOffer[] | undefined;
  /** For everything: waiting, all tries and the gaps between them. */
  readonly timeout_ms: number;
  /** What all calls of the task may cost together; without a task, what this call may cost. */
  readonly cap_usd?: number | undefined;
}

export interface GateAnswer {
  readonly text: string;
  /** What the model asks to have done; absent when it only spoke. */
  readonly toolCalls?: readonly ToolCall[];
  readonly model: string;
  readonly model_decision?: ModelDecision;
  /** Absent when the provider did not say. */
  readonly usage?: Usage;
  readonly cost_usd: number;
  readonly simulated: boolean;
  readonly truncated: boolean;
  /** The reservation behind the answer, for settling it after a crash; absent for a call that is free. */
  readonly charge?: { readonly call_id: string; readonly cost_usd: number };
  /** Resolves once the cost is on disk. */
  readonly settled: Promise<void>;
}

export interface GateDeps {
  readonly providers: Providers;
  readonly routing: Pick<ModelRouting, 'route'>;
  readonly limit: RateLimit;
  readonly budget: BudgetLedger;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Said once per alias, for people. */
  readonly onAlias: (alias: { from: string; because: string; to: string }) => void;
  /** Said once per call, for people. */
  readonly onDecision: (call: GateCall, decision: ModelDecision) => void;
}

/** Longest wait for room under the rate limit; beyond it the caller is told when to come back. */
const LONGEST_WAIT_MS = 10_000;

/** One try, with everything decided: model, provider, money. */
interface Attempt {
  readonly call_id: string;
  readonly number: number;
  readonly call: GateCall;
  readonly provider: Provider;
  readonly model: RoutedModel;
  readonly input_bound: number;
  readonly started_ms: number;
  readonly left_ms: number;
  reserved_usd: number;
  max_tokens: number;
}

/**
 * The one way to a model: whitelist, rate limit, reservation, call, settlement, audit line, for every try. What comes
 * out is an answer that is paid and recorded, or an error that says what happens next.
 */
export class ModelGate {
  readonly #deps: GateDeps;
  readonly #refusals = new Refusals();
  readonly #schemas = new SchemaSupport();
  readonly #tools = new ToolSupport();
  readonly #settlements: Settlements;
  /** By model: how much more than our bound a provider has counted. */
  readonly #margins = new Map<string, number>();
  readonly #saidAliases = new Set<string>();

  constructor(deps: GateDeps) {
    this.#deps = deps;
    this.#settlements = new Settlements(deps.budget, deps.audit, deps.log);
  }

  /** @throws ModelNotAllowedError, PriceUnknownError, BudgetExceededError, RateLimitedError, ProviderError, the signal's reason */
  async call(call: GateCall, signal: AbortSignal): Promise<GateAnswer> {
    const deadline = this.#deps.clock.monotonicMs() + call.timeout_ms;
    for (let number = 1; ; number++) {
      const attempt = await this.#prepare(call, number, deadline - this.#deps.clock.monotonicMs());
      if (number === 1) this.#deps.onDecision(call, attempt.model.decision);
      const outcome = await this.#try(attempt, signal);
      if (!(outcome instanceof CallFailure)) return outcome;
      const degraded = outcome.noSchemas || outcome.noTools;
      const gap = degraded ? gapMs(2, 0) : gapMs(number + 1, Math.random(), outcome.retryAfterMs);
      const left = deadline - this.#deps.clock.monotonicMs();
      if (!(outcome.retryable || degraded) || number >= MAX_TRIES || gap >= left) throw this.#giveUp(attempt, outcome);
      await sleep(gap, undefined, { signal }).catch(() => {
        throw signal.reason;
      });
    }
  }

  /** Whether what is left for the task pays for this call with an answer that is long enough. Nothing is reserved. */
  async affords(call: GateCall): Promise<boolean> {
    if (call.cap_usd === undefined) return true;
    const { model, input_bound, max_tokens } = await this.#prepare(call, 1, call.timeout_ms);
    const spent = call.task_id === undefined ? 0 : this.#deps.budget.spentOn(call.task_id);
    const tokens = Math.min(max_tokens, call.enough_tokens ?? max_tokens);
    return estimate(model.price, input_bound, tokens).amount_usd <= call.cap_usd - spent + 1e-12;
  }

  /** Write the settlements that the disk refused so far. */
  close(): Promise<void> {
    return this.#settlements.close();
  }

  async #prepare(call: GateCall, number: number, left_ms: number): Promise<Attempt> {
    const provider = await this.#deps.providers.current();
    const model = await this.#choose(call, provider);
    const refused = this.#refusals.find({ provider, model: model.id, messages: call.messages });
    if (refused) throw refused;
    const max_tokens = Math.min(call.max_tokens, model.max_output_tokens ?? call.max_tokens);
    const input_bound = inputBound(this.#said(call, provider, model.id), call.schema, this.#margins.get(model.id), call.tools);
    const started_ms = this.#deps.clock.monotonicMs();
    return {
      call_id: randomUUID(),
      number,
      call,
      provider,
      model,
      input_bound,
      started_ms,
      left_ms,
      reserved_usd: 0,
      max_tokens,
    };
  }

  async #choose(call: GateCall, provider: Provider): Promise<RoutedModel> {
    const chosen = await this.#deps.routing.route(call, provider);
    if (chosen.alias && !this.#saidAliases.has(chosen.alias.from)) {
      this.#saidAliases.add(chosen.alias.from);
      this.#deps.onAlias({ ...chosen.alias, to: chosen.id });
    }
    return chosen;
  }

  async #try(attempt: Attempt, signal: AbortSignal): Promise<GateAnswer | CallFailure> {
    this.#checkPurse(attempt);
    await this.#waitForRoom(attempt, signal);
    try {
      await this.#reserve(attempt, signal);
    } catch (error) {
      this.#deps.limit.giveBack();
      throw error;
    }
    try {
      return this.#answered(attempt, await this.#ask(attempt, signal));
    } catch (error) {
      const failure = error instanceof CallFailure ? error : undefined;
      await this.#failed(attempt, failure);
      if (!failure) throw error;
      return failure;
    }
  }

  /** A cap that does not pay for the least call is refused before anything waits for it. */
  #checkPurse(attempt: Attempt): void {
    const { call, model } = attempt;
    const { minimum_usd } = estimate(model.price, attempt.input_bound, attempt.max_tokens);
    const spent = call.task_id === undefined ? 0 : this.#deps.budget.spentOn(call.task_id);
    if (call.cap_usd === undefined || minimum_usd <= call.cap_usd - spent + 1e-12 || minimum_usd === 0) return;
    this.#auditLine(attempt, 'TASK_BUDGET_EXCEEDED', { outcome: 'refused', estimated_cost: minimum_usd });
    throw new BudgetExceededError(
      'task',
      `The budget of $${call.cap_usd} pays for no call: $${round6(spent)} is spent and the least call costs $${round6(minimum_usd)}`,
      'Raise the task’s max_budget, then retry it',
    );
  }

  async #waitForRoom(attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { limit } = this.#deps;
    const room = await limit.take(Math.min(attempt.left_ms / 2, LONGEST_WAIT_MS), signal);
    if (room.ok) return;
    this.#auditLine(attempt, 'RATE_LIMITED', { outcome: 'refused' });
    throw new RateLimitedError(limit.perMinute, room.retry_after_ms);
  }

  /** Money first: what is granted decides how long the answer may be. A free call reserves nothing. */
  async #reserve(attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { call, call_id, model, input_bound } = attempt;
    const need = estimate(model.price, input_bound, attempt.max_tokens);
    if (need.amount_usd === 0) return;
    const inTask = call.task_id !== undefined;
    const request = {
      call_id,
      ...(inTask ? { task_id: call.task_id } : {}),
      ...(call.identity_id === undefined ? {} : { identity_id: call.identity_id }),
      ...(inTask && call.cap_usd !== undefined ? { task_cap_usd: call.cap_usd } : {}),
      amount_usd: inTask ? need.amount_usd : Math.min(need.amount_usd, call.cap_usd ?? need.amount_usd),
      ...(call.enough_tokens === undefined
        ? {}
        : { enough_usd: estimate(model.price, input_bound, call.enough_tokens).amount_usd }),
      minimum_usd: need.minimum_usd,
      about: {
        user: call.user,
        purpose: call.purpose,
        provider: attempt.provider.name,
        model: model.id,
        attempt: attempt.number,
      },
    };
    const patience = AbortSignal.timeout(Math.max(1, Math.ceil(attempt.left_ms)));
    const givenUp = AbortSignal.any([signal, patience]);
    const why = () => (signal.aborted ? signal.reason : new BudgetBusyError());
    const answer = await this.#deps.budget.reserve(request, givenUp).catch((error: unknown) => {
      throw givenUp.aborted && error === givenUp.reason ? why() : error;
    });
    if (!answer.granted) {
      this.#auditLine(attempt, answer.level === 'task' ? 'TASK_BUDGET_EXCEEDED' : 'BUDGET_EXCEEDED', {
        outcome: 'refused',
        estimated_cost: need.minimum_usd,
      });
      const least = `$${round6(answer.left_usd)} is left and the least call costs $${round6(need.minimum_usd)}`;
      throw new BudgetExceededError(answer.level, `The budget of the ${answer.level} is used up: ${least}`, answer.fix);
    }
    attempt.reserved_usd = answer.amount_usd;
    if (givenUp.aborted) {
      await this.#close(attempt, 'API_CALL_ABORTED', { outcome: 'aborted', cost: 0, error: 'given up before it was asked' });
      throw why();
    }
    attempt.max_tokens = affordableTokens(model.price, input_bound, answer.amount_usd, attempt.max_tokens);
  }

  /** The conversation as the model can take it. */
  #said({ messages, tools }: GateCall, provider: Provider, model: string): readonly Message[] {
    return tools && this.#tools.inWords(provider, model) ? inWords(messages, tools) : messages;
  }

  #ask(attempt: Attempt, signal: AbortSignal): Promise<ChatAnswer> {
    const { call, model, provider } = attempt;
    const level = this.#schemas.level(provider, model.id);
    const spentMs = this.#deps.clock.monotonicMs() - attempt.started_ms;
    return provider.client.complete({
      model: model.id,
      ...degrade(this.#said(call, provider, model.id), call.schema, level),
      ...(call.tools && !this.#tools.inWords(provider, model.id) ? { tools: call.tools } : {}),
      maxTokens: attempt.max_tokens,
      temperature: call.temperature,
      timeoutMs: attempt.left_ms - spentMs,
      signal,
    });
  }

  #answered(attempt: Attempt, reply: ChatAnswer): GateAnswer {
    const { call_id, call, model, provider, reserved_usd, input_bound } = attempt;
    const answer = call.tools && this.#tools.inWords(provider, model.id) ? readInWords(reply) : reply;
    const { usage } = answer;
    const cost_usd = usage ? costOf(model.price, usage) : reserved_usd;
    if (usage && usage.prompt_tokens > input_bound) {
      const margin = (this.#margins.get(model.id) ?? 1) * (usage.prompt_tokens / input_bound) * 1.1;
      this.#margins.set(model.id, margin);
      this.#deps.log.warn({ model: model.id, margin }, 'the provider counted more input than was reserved for');
    }
    this.#deps.providers.prove(provider);
    const charge = reserved_usd > 0 ? { call_id, cost_usd } : undefined;
    this.#auditLine(attempt, 'API_CALL_SUCCESS', {
      outcome: answer.truncated ? 'truncated' : 'completed',
      cost: cost_usd,
      input_tokens: usage?.prompt_tokens ?? input_bound,
      output_tokens: usage?.completion_tokens ?? attempt.max_tokens,
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

  /** `failure` is undefined when somebody stopped the call: then the provider may have worked for us all the same. */
  async #failed(attempt: Attempt, failure: CallFailure | undefined): Promise<void> {
    const cost = (failure?.mayBeCharged ?? true) ? attempt.reserved_usd : 0;
    if (failure?.fault === 'unavailable') this.#deps.providers.lost(attempt.provider);
    if (failure?.noSchemas) this.#schemas.lower(attempt.provider, attempt.model.id);
    if (failure?.noTools) this.#tools.lower(attempt.provider, attempt.model.id);
    await this.#close(attempt, failure ? 'API_CALL_FAILURE' : 'API_CALL_ABORTED', {
      outcome: failure?.fault ?? 'aborted',
      cost,
      error: failure?.message ?? 'stopped before the answer came',
    });
  }

  /** An attempt that brings no answer: its line, then its money. */
  async #close(attempt: Attempt, event: ApiAuditLine['event'], end: { outcome: string; cost: number; error: string }) {
    this.#auditLine(attempt, event, end);
    if (attempt.reserved_usd > 0) await this.#settlements.settle(attempt.call_id, end.cost);
  }

  #giveUp({ provider, model, call }: Attempt, failure: CallFailure): ProviderError {
    const fix = fixFor(failure, provider, model.id);
    const error = failure.toError(provider.detail, fix);
    this.#refusals.remember({ provider, model: model.id, messages: call.messages }, failure, error);
    if (failure.fault === 'misconfigured') this.#deps.providers.prove(provider, { detail: error.message, fix });
    return error;
  }

  #auditLine(attempt: Attempt, event: ApiAuditLine['event'], more: Partial<ApiAuditLine> & { outcome: string }): void {
    const { call, provider, model } = attempt;
    const { clock } = this.#deps;
    const line: ApiAuditLine = {
      timestamp: clock.now().toISOString(),
      event,
      call_id: attempt.call_id,
      user: call.user,
      task_id: call.task_id ?? null,
      identity_id: call.identity_id ?? null,
      purpose: call.purpose,
      provider: provider.name,
      model: model.id,
      model_decision: model.decision,
      attempt: attempt.number,
      input_tokens: 0,
      output_tokens: 0,
      estimated_cost: attempt.reserved_usd,
      cost: 0,
      duration_ms: Math.round(clock.monotonicMs() - attempt.started_ms),
      ...more,
    };
    this.#deps.audit.append(line);
    this.#deps.metrics.modelCall(line);
  }
}

const round6 = (usd: number): number => Math.round(usd * 1e6) / 1e6;
