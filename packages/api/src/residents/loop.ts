import { type Clock, refuse, type TokenUsage } from '@vivarium/core';
import { BudgetExceededError } from '../errors/index.ts';
import type { GateAnswer, GateCall } from '../gate/call/gate-call.ts';
import type { Message, ToolCall } from '../gate/call/message.ts';
import type { ModelGate } from '../gate/gate.ts';
import type { Acting } from './acting.ts';
import type { Offer } from './offer.ts';
import type { Step, Steps } from './steps.ts';
import { TOOLS } from './tools.ts';

const MAX_STEPS = 12;
/** Calls of one message that are carried out; the rest is told to come again. */
const MAX_CALLS = 128;
/** The whole cycle may take this many times what one call may. */
const PATIENCE = 4;

/** The cycle's answer: the last words, everything summed up, and why it ended early if it did. */
export interface LoopAnswer extends GateAnswer {
  readonly steps: number;
  readonly ended?: 'steps' | 'budget' | 'time';
}

export interface LoopDeps {
  readonly gate: Pick<ModelGate, 'call' | 'affords'>;
  readonly steps: Steps;
  readonly clock: Clock;
}

interface Cycle {
  /** Under this the steps are kept. */
  readonly id: string;
  /** Acts are named after it. */
  readonly key: string;
  readonly acting: Pick<Acting, 'call' | 'declined'>;
  readonly offer: Pick<Offer, 'names' | 'tools'>;
  readonly call: GateCall;
  readonly signal: AbortSignal;
}

/** What a step of an earlier version was offered, which kept no list. */
const ANYTHING: readonly string[] = [...TOOLS.keys()];

type Ended = NonNullable<LoopAnswer['ended']>;

/** Ask, do what is asked for, tell what came of it, and ask again, until the model only speaks. */
export async function runLoop(deps: LoopDeps, cycle: Cycle): Promise<LoopAnswer> {
  const messages: Message[] = [...cycle.call.messages];
  const told = new Tally();
  const known = deps.steps.of(cycle.id);
  const { timeout_ms: named } = cycle.call;
  const deadline = deps.clock.monotonicMs() + (named ?? Number.POSITIVE_INFINITY) * PATIENCE;
  for (let step = 1; step <= MAX_STEPS; step++) {
    const left = deadline - deps.clock.monotonicMs();
    if (step > 1 && left <= 0) return told.end('time');
    const timeout_ms = named === undefined ? undefined : Math.min(named, Math.max(1, left));
    const { names, tools } = cycle.offer;
    const call = { ...cycle.call, messages, tools, timeout_ms };
    const answer = known[step - 1] ?? (await ask(deps, call, AbortSignal.any([cycle.signal]), told));
    if (answer === 'budget') return told.end('budget');
    const calls = 'tool_calls' in answer ? answer.tool_calls : (answer.toolCalls ?? []);
    told.add(answer);
    if (calls.length === 0) return told.done();
    if (!('tool_calls' in answer)) await keep(deps.steps, { cycle: cycle.id, step, offered: [...names] }, answer);
    messages.push({ role: 'assistant', content: answer.text, tool_calls: [...calls] });
    const offered = 'tool_calls' in answer ? (answer.offered ?? ANYTHING) : names;
    messages.push(...(await carryOut(cycle, { calls, step, offered })));
    if (cycle.acting.declined !== undefined) return told.done();
  }
  return told.end('steps');
}

/** The first call that money does not reach for is an error of the task; a later one ends the cycle with what is there. */
async function ask(deps: LoopDeps, call: GateCall, signal: AbortSignal, told: Tally): Promise<GateAnswer | 'budget'> {
  try {
    return await deps.gate.call(call, signal);
  } catch (error) {
    if (told.steps > 0 && error instanceof BudgetExceededError) return 'budget';
    throw error;
  }
}

async function keep(steps: Steps, at: Pick<Step, 'cycle' | 'step' | 'offered'>, answer: GateAnswer): Promise<void> {
  const { text, toolCalls = [], model, simulated, usage, cost_usd, charge, settled } = answer;
  const line: Step = { ...at, text, tool_calls: [...toolCalls], model, simulated, cost_usd };
  await Promise.all([steps.keep({ ...line, ...(usage ? { usage } : {}), ...(charge ? { charge } : {}) }), settled]);
}

async function carryOut(
  { acting, key, signal }: Cycle,
  { calls, step, offered }: { calls: readonly ToolCall[]; step: number; offered: readonly string[] },
): Promise<Message[]> {
  const results: Message[] = [];
  for (const [index, call] of calls.entries()) {
    if (signal.aborted) throw signal.reason;
    const after = acting.declined !== undefined;
    const answer = after
      ? refuse('task_declined', 'You gave this task back; nothing more is done in it')
      : index < MAX_CALLS
        ? await acting.call(call, `${key}/${step}.${index}`, offered)
        : refuse('too_many_calls', `At most ${MAX_CALLS} calls at once; ask again for the rest`);
    results.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(answer) });
  }
  return results;
}

/** What all steps said and cost together. */
class Tally {
  steps = 0;
  #last: Step | GateAnswer | undefined;
  #words = '';
  #cost_usd = 0;
  #usage: TokenUsage | undefined;

  add(answer: Step | GateAnswer): void {
    this.steps += 1;
    this.#last = answer;
    if (answer.text.trim() !== '') this.#words = answer.text;
    this.#cost_usd += answer.cost_usd;
    if (!answer.usage) return;
    const { prompt_tokens, completion_tokens } = answer.usage;
    const sum = this.#usage ?? { prompt_tokens: 0, completion_tokens: 0 };
    this.#usage = {
      prompt_tokens: sum.prompt_tokens + prompt_tokens,
      completion_tokens: sum.completion_tokens + completion_tokens,
    };
  }

  done(): LoopAnswer {
    return this.#answer(this.#last?.text ?? '');
  }

  end(ended: Ended): LoopAnswer {
    const why = { steps: `its ${MAX_STEPS} steps were used up`, budget: 'its budget was used up', time: 'its time was over' }[
      ended
    ];
    const text = [this.#words, `[The work ended after ${this.steps} steps because ${why}.]`].filter(Boolean).join('\n\n');
    return { ...this.#answer(text), ended };
  }

  #answer(text: string): LoopAnswer {
    const last = this.#last;
    const fresh = last && 'settled' in last ? last : undefined;
    return {
      text,
      steps: this.steps,
      model: last?.model ?? '',
      ...(fresh?.model_decision ? { model_decision: fresh.model_decision } : {}),
      simulated: last?.simulated ?? false,
      truncated: fresh?.truncated ?? false,
      cost_usd: this.#cost_usd,
      settled: fresh?.settled ?? Promise.resolve(),
      ...(this.#usage ? { usage: this.#usage } : {}),
      ...(fresh?.charge ? { charge: fresh.charge } : {}),
    };
  }
}
