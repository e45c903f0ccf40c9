import { setTimeout as sleep } from 'node:timers/promises';
import type { Answered, Ask, Asked } from '@vivarium/changes';
import { type Clock, ENOUGH_TOKENS, VivariumError } from '@vivarium/core';
import type { GateAnswer, GateCall } from '../gate/call/gate-call.ts';
import type { ModelGate } from '../gate/gate.ts';
import type { Step, Steps } from '../residents/steps.ts';

/** Waiting happens at the gate's side of the door: an executor that is told to come again comes at once. */
const MOST_WAIT_MS = 15 * 60_000;
const WAIT_MS = 5_000;
/** Lower than any wait that a provider names, so that a mistaken one does not busy us. */
const LEAST_WAIT_MS = 250;

export interface AskGateDeps {
  readonly gate: Pick<ModelGate, 'call'>;
  readonly steps: Pick<Steps, 'of' | 'keep'>;
  readonly clock: Clock;
}

/** Whose calls these are: task, resident, model and cap are the task's, whatever the executor says. */
export interface CallsOf {
  /** As the resident itself would ask. */
  readonly call: GateCall;
  /** The attempt's own, under which answers are kept. */
  readonly key: string;
  /** Hears each answer, bought or kept. */
  readonly onAnswer: (answer: GateAnswer | Step) => void;
}

/**
 * An executor's way to a model: each of its calls is a call of the gate like any other. What it bought is kept before it is
 * told, so that the same question in a second run of the attempt gets the same answer without being paid for again.
 */
export function askGate(deps: AskGateDeps, whose: CallsOf): Ask {
  return async (asked, place, signal) => {
    const cycle = `${whose.key} executor ${place.hash} ${place.occurrence}`;
    const [kept] = deps.steps.of(cycle);
    const answer = kept ?? (await buy(deps, callOf(whose, asked), cycle, signal));
    whose.onAnswer(answer);
    return told(answer);
  };
}

function callOf({ call }: CallsOf, { messages, tools, max_tokens, temperature }: Asked): GateCall {
  const { schema: _, tools: __, onText: ___, timeout_ms: ____, ...own } = call;
  const most = Math.min(max_tokens ?? call.max_tokens, call.max_tokens);
  return {
    ...own,
    purpose: 'executor',
    messages,
    max_tokens: most,
    enough_tokens: Math.min(most, call.enough_tokens ?? ENOUGH_TOKENS),
    temperature: temperature ?? call.temperature,
    ...(tools.length > 0 ? { tools } : {}),
  };
}

async function buy(deps: AskGateDeps, call: GateCall, cycle: string, signal: AbortSignal): Promise<GateAnswer> {
  const answer = await patiently(deps, call, signal);
  const { text, toolCalls = [], model, simulated, usage, cost_usd, charge, settled } = answer;
  const step: Step = { cycle, step: 1, text, tool_calls: [...toolCalls], model, simulated, cost_usd };
  const more = { ...(usage ? { usage } : {}), ...(charge ? { charge } : {}), ...(answer.truncated ? { truncated: true } : {}) };
  await Promise.all([deps.steps.keep({ ...step, ...more }), settled]);
  return answer;
}

/** Asks again what is only busy. @throws what will not change, and the signal's reason */
async function patiently({ gate, clock }: AskGateDeps, call: GateCall, signal: AbortSignal): Promise<GateAnswer> {
  const until = clock.monotonicMs() + MOST_WAIT_MS;
  for (;;) {
    try {
      return await gate.call(call, signal);
    } catch (error) {
      const wait = waitOf(error);
      if (signal.aborted) throw signal.reason;
      if (wait === undefined || clock.monotonicMs() + wait > until) throw error;
      await sleep(wait, undefined, { signal }).catch(() => Promise.reject(signal.reason));
    }
  }
}

/** Rate and money that others hold for the moment. What may have been charged is not bought again by itself. */
const BUSY = new Set(['VIV_RATE_LIMITED', 'VIV_BUDGET_BUSY', 'VIV_PROVIDER_RATE_LIMITED', 'VIV_PROVIDER_UNAVAILABLE']);

function waitOf(error: unknown): number | undefined {
  if (!(error instanceof VivariumError) || !BUSY.has(error.code) || error.disposition !== 'retry_after_backoff') return undefined;
  const { retry_after_ms } = error.data;
  return Math.max(LEAST_WAIT_MS, typeof retry_after_ms === 'number' ? retry_after_ms : WAIT_MS);
}

function told(answer: GateAnswer | Step): Answered {
  const tool_calls = 'tool_calls' in answer ? answer.tool_calls : [...(answer.toolCalls ?? [])];
  return { text: answer.text, tool_calls, truncated: answer.truncated === true, usage: answer.usage };
}
