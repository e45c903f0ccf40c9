import { type BudgetLedger, chooseModel, estimateUsd, type ModelDecision, type OfferedModel } from '@vivarium/core';
import { BudgetExceededError } from '../../errors/index.ts';
import type { GateCall } from '../call/gate-call.ts';
import type { Profile } from '../client/profile.ts';
import { type Catalogue, type ChosenModel, type Offer, standIns } from '../models/catalogue.ts';
import type { ModelMemory } from '../models/model-memory.ts';
import type { Provider } from '../providers/providers.ts';

/** The model of a call, with its price, what it takes as far as the list says, and why it is that one. */
export interface RoutedModel extends ChosenModel {
  readonly decision: ModelDecision;
  readonly profile: Profile;
  readonly effort?: string | undefined;
  readonly timeout_seconds?: number | undefined;
  /** On a free server, and nobody named this very model. */
  readonly unnamed: boolean;
  /** Such a one, and its server lists others. */
  readonly replaceable: boolean;
}

/** A model as it was decided on, before it is known what it takes. */
type Decided = ChosenModel & { readonly decision: ModelDecision };

export interface ModelRoutingDeps {
  readonly catalogue: Catalogue;
  readonly budget: Pick<BudgetLedger, 'state' | 'spentOn'>;
  readonly memory: Pick<ModelMemory, 'pastOf' | 'failuresOf'>;
  /** A person set DEFAULT_GROQ_MODEL: then that is their choice for every task that names none. */
  readonly defaultIsSet: boolean;
}

const SCRIPTED = { id: 'scripted', price: { input: 0, output: 0 } };

/**
 * Decides which model a call goes to. What a task or a person's setting names is taken as it is (AE.2); the runtime's own
 * questions go to the default; any other call goes where the task's words, budget and past send it. It chooses only among
 * models that may be called, and price and purse are judged after it as for every call.
 */
export class ModelRouting {
  readonly #deps: ModelRoutingDeps;

  constructor(deps: ModelRoutingDeps) {
    this.#deps = deps;
  }

  /** @throws ModelNotAllowedError, PriceUnknownError, BudgetExceededError when only a stronger model helps and money is short */
  async route(call: GateCall, provider: Provider, passedOver: (id: string) => boolean = () => false): Promise<RoutedModel> {
    const decided = await this.#decide(call, provider, { ...provider.offer, passedOver });
    const { listed } = decided;
    const profile: Profile = {
      temperature: listed?.temperature !== false,
      limit: provider.limit,
      schema: 'strict',
      tools: true,
      effort: true,
      stream: provider.name !== 'scripted',
    };
    const named = decided.decision.rule === 'override' && decided.alias === undefined;
    const unnamed = provider.offer.free && !named;
    return {
      ...decided,
      profile,
      effort: listed?.reasoning?.default,
      timeout_seconds: listed?.timeout_seconds,
      unnamed,
      replaceable: unnamed && standIns({ ...provider.offer, passedOver }, decided.id).length > 0,
    };
  }

  async #decide(call: GateCall, provider: Provider, offer: Offer): Promise<Decided> {
    if (provider.name === 'scripted') return recorded(SCRIPTED, call, 'only_one', 'scripted answers; no model is asked');
    const { catalogue, defaultIsSet } = this.#deps;
    if (call.purpose !== 'task' && call.purpose !== 'executor') return this.#ownQuestion(call, offer);
    if (call.model === undefined && !defaultIsSet) return this.#free(call, offer);
    const chosen = catalogue.choose(call.model, offer);
    const by = call.model === undefined ? 'DEFAULT_GROQ_MODEL' : 'the task';
    return recorded(chosen, call, 'override', `${by} names ${chosen.alias?.from ?? chosen.id}`, this.#tier(chosen, offer));
  }

  /** A task's model is a person's word; what the runtime itself asks for (critic, planner) follows the provider there is. */
  #ownQuestion(call: GateCall, offer: Offer): Decided {
    const { catalogue } = this.#deps;
    const foreign = call.model !== undefined && catalogue.isForeign(call.model, offer);
    const named = foreign ? undefined : call.model;
    const chosen = catalogue.choose(named, offer);
    const tier = this.#tier(chosen, offer);
    return named === undefined
      ? recorded(chosen, call, 'default', `the ${call.purpose} asks the default model`, tier)
      : recorded(chosen, call, 'override', `the ${call.purpose} is set to ${named}`, tier);
  }

  async #free(call: GateCall, offer: Offer): Promise<Decided> {
    const { catalogue, memory } = this.#deps;
    const prompt = call.prompt ?? '';
    const answer = chooseModel({
      prompt,
      chars: charsOf(call),
      max_tokens: call.enough_tokens ?? call.max_tokens,
      ...(call.intensity ? { intensity: call.intensity } : {}),
      models: catalogue.offered(offer),
      ...this.#money(call),
      ...memory.pastOf(call.task_id, call.attempt ?? 0),
      pattern_failures: await memory.failuresOf(prompt),
    });
    if (answer.kind === 'call') {
      const { decision } = answer;
      return { ...catalogue.choose(decision.model, offer), decision };
    }
    throw new BudgetExceededError(
      'task',
      answer.reason,
      'Raise the task’s max_budget or give it a model of its own, then retry it',
    );
  }

  /** What is left on the level that has the least. */
  #money({ task_id, cap_usd }: GateCall): { remaining_usd: number; max_budget_usd: number } {
    const { budget } = this.#deps;
    const run = budget.state();
    const left = run.cap_usd - run.spent_usd - run.reserved_usd;
    if (cap_usd === undefined) return { remaining_usd: left, max_budget_usd: left };
    const own = cap_usd - (task_id === undefined ? 0 : budget.spentOn(task_id));
    return { remaining_usd: Math.min(own, left), max_budget_usd: cap_usd };
  }

  #tier({ id }: ChosenModel, offer: Offer): OfferedModel | undefined {
    return this.#deps.catalogue.describe(id, offer);
  }
}

function recorded(
  chosen: ChosenModel,
  call: GateCall,
  rule: ModelDecision['rule'],
  reason: string,
  tier?: OfferedModel,
): Decided {
  const { id, price } = chosen;
  const priced = { input_usd_per_million: price.input, output_usd_per_million: price.output };
  const estimate_usd = estimateUsd({ chars: charsOf(call), max_tokens: call.enough_tokens ?? call.max_tokens }, priced);
  const decision = { model: id, tier: tier?.tier_name ?? 'none', rule, reason, signals: [], estimate_usd };
  return { ...chosen, decision };
}

function charsOf({ messages, tools, schema }: GateCall): number {
  const beside = [tools, schema].reduce<number>((sum, part) => sum + (part ? JSON.stringify(part).length : 0), 0);
  return messages.reduce((sum, { content }) => sum + content.length, beside);
}
