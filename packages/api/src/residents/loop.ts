import { type Clock, jsonIn, refuse, type TokenUsage } from '@vivarium/core';
import { BudgetExceededError } from '../errors/index.ts';
import type { GateAnswer, GateCall } from '../gate/call/gate-call.ts';
import type { Message, ToolCall } from '../gate/call/message.ts';
import type { ModelGate } from '../gate/gate.ts';
import type { Acting } from './acting.ts';
import type { Hands } from './hands.ts';
import type { Offer } from './offer.ts';
import { shrunk } from './shrink.ts';
import type { Spent, Step, StepEnd, Steps } from './steps.ts';
import { TOOLS } from './tools.ts';

const MAX_STEPS = 12;
/** Calls of one message that are carried out; the rest is told to come again. */
const MAX_CALLS = 128;
/** The whole cycle may take this many times what one call may; with hands-on work, as much for each twelve steps. */
const PATIENCE = 4;
/** Steps after hands-on work was handed in: words about it, and acts. */
const AFTERWARDS = 3;

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
  readonly acting: Pick<Acting, 'call' | 'declined' | 'read' | 'originOf'>;
  readonly hands?: Hands | undefined;
  readonly offer: Pick<Offer, 'names' | 'tools'>;
  readonly call: GateCall;
  readonly signal: AbortSignal;
}

/** What a step of an earlier version was offered, which kept no list. */
const ANYTHING: readonly string[] = [...TOOLS.keys()];

type Ended = NonNullable<LoopAnswer['ended']>;

/** Ask, do what is asked for, tell what came of it, and ask again, until the model only speaks. */
export async function runLoop(deps: LoopDeps, cycle: Cycle): Promise<LoopAnswer> {
  const { hands, acting } = cycle;
  const messages: Message[] = [...cycle.call.messages];
  const known = deps.steps.of(cycle.id);
  const ends = hands ? await takenUp(deps, cycle, hands) : [];
  let most = hands?.max_steps ?? MAX_STEPS;
  const told = new Tally(most, ends[0]?.spent);
  for (const said of ends[0]?.messages ?? []) {
    messages.push(said);
    acting.read('an executor', said.content);
  }
  const time = timeOf(deps, cycle, most);
  for (let step = 1; step <= most; step++) {
    const left = time();
    if (step > 1 && left <= 0) return told.end('time');
    const { names } = cycle.offer;
    const answer = known[step - 1] ?? (await ask(deps, callOf(cycle, messages, left), AbortSignal.any([cycle.signal]), told));
    if (answer === 'budget') return told.end('budget');
    const calls = 'tool_calls' in answer ? answer.tool_calls : (answer.toolCalls ?? []);
    told.add(answer);
    const end = ends[step];
    const reminder = calls.length === 0 && !end ? await hands?.remind() : undefined;
    if (calls.length === 0 && !end && reminder === undefined) return told.done();
    if (!('tool_calls' in answer)) await keep(deps.steps, { cycle: cycle.id, step, offered: [...names] }, answer);
    messages.push({ role: 'assistant', content: answer.text, ...(calls.length > 0 ? { tool_calls: [...calls] } : {}) });
    const offered = 'tool_calls' in answer ? (answer.offered ?? ANYTHING) : names;
    const results = end ? replayed(cycle, end) : await carryOut(cycle, { calls, step, offered, reminder });
    messages.push(...results.messages);
    if (acting.declined !== undefined) return told.done();
    if (hands && !end) await keepEnd(deps, cycle, hands, { step, ...results });
    if (hands?.state === 'over') return told.done();
    if (hands?.state === 'handed_in' && !end) most = told.mostAfter(step);
  }
  return hands?.state === 'handed_in' ? told.done() : told.end('steps');
}

/** What is left of the cycle's time at each moment, in milliseconds. */
function timeOf({ clock }: LoopDeps, { call }: Cycle, most: number): () => number {
  const whole = (call.timeout_ms ?? Number.POSITIVE_INFINITY) * PATIENCE * Math.ceil(most / MAX_STEPS);
  const deadline = clock.monotonicMs() + whole;
  return () => deadline - clock.monotonicMs();
}

function callOf({ call, offer, hands }: Cycle, messages: readonly Message[], left: number): GateCall {
  const timeout_ms = call.timeout_ms === undefined ? undefined : Math.min(call.timeout_ms, Math.max(1, left));
  return { ...call, messages: hands ? shrunk(messages) : [...messages], tools: offer.tools, timeout_ms };
}

interface Results {
  readonly messages: StepEnd['messages'];
  readonly origins: StepEnd['origins'];
}

/** What came of the steps of an earlier run, the beginning included; nothing of it is done again. */
async function takenUp({ steps }: LoopDeps, { id, call }: Cycle, hands: Hands): Promise<readonly StepEnd[]> {
  const ends = steps.endsOf(id);
  const begun = await hands.begin(ends, call);
  if (ends.length > 0) return ends;
  const begin: StepEnd = { ended: id, step: 0, origins: [], ...begun, ...(await hands.save()) };
  await steps.keep(begin);
  return [begin];
}

/** Files first, then the line that says so: a crash between the two does the step's own work once more on the files before it. */
async function keepEnd({ steps }: LoopDeps, { id }: Cycle, hands: Hands, end: Results & { step: number }): Promise<void> {
  await steps.keep({ ended: id, ...end, ...(await hands.save()) });
}

function replayed({ acting }: Cycle, end: StepEnd): Results {
  for (const [at, origin] of end.origins) {
    const read = jsonIn(end.messages[at]?.content ?? '');
    if (read.found) acting.read(origin, read.value);
  }
  return end;
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

interface Asked {
  readonly calls: readonly ToolCall[];
  readonly step: number;
  readonly offered: readonly string[];
  /** What the model is told when it only spoke. */
  readonly reminder: string | undefined;
}

async function carryOut({ acting, key, signal }: Cycle, { calls, step, offered, reminder }: Asked): Promise<Results> {
  const messages: StepEnd['messages'] = reminder === undefined ? [] : [{ role: 'user', content: reminder }];
  const origins: StepEnd['origins'] = [];
  for (const [index, call] of calls.entries()) {
    if (signal.aborted) throw signal.reason;
    const after = acting.declined !== undefined;
    const answer = after
      ? refuse('task_declined', 'You gave this task back; nothing more is done in it')
      : index < MAX_CALLS
        ? await acting.call(call, `${key}/${step}.${index}`, offered)
        : refuse('too_many_calls', `At most ${MAX_CALLS} calls at once; ask again for the rest`);
    const origin = acting.originOf(answer);
    if (origin !== undefined) origins.push([messages.length, origin]);
    messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.stringify(answer) });
  }
  return { messages, origins };
}

/** What all steps said and cost together. */
class Tally {
  steps = 0;
  #most: number;
  #handedIn = false;
  #last: Step | GateAnswer | undefined;
  #words = '';
  #cost_usd = 0;
  #usage: TokenUsage | undefined;

  constructor(most: number, spent?: Spent) {
    this.#most = most;
    if (!spent) return;
    this.#cost_usd = spent.cost_usd;
    this.#usage = spent.usage;
  }

  /** Hands-on work was handed in by this step: how many there may be, all in all. */
  mostAfter(step: number): number {
    if (!this.#handedIn) this.#most = Math.min(this.#most, step + AFTERWARDS);
    this.#handedIn = true;
    return this.#most;
  }

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
    const why = { steps: `its ${this.#most} steps were used up`, budget: 'its budget was used up', time: 'its time was over' }[
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
