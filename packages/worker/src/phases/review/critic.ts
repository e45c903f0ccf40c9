import {
  CRITIC_SCHEMA,
  CRITIC_SYSTEM,
  type CriticVerdict,
  type CycleInput,
  criticPrompt,
  intentBlock,
  readVerdict,
  type Task,
  type Witness,
} from '@vivarium/core';
import type { Runtime } from '../../runtime/runtime.ts';
import { ownShareUsd } from '../decomposition/rules.ts';
import { executionKey } from '../execution/rules.ts';
import type { TaskRun } from '../phase.ts';

export type CriticAnswer =
  | { readonly kind: 'verdict'; readonly verdict: CriticVerdict }
  | { readonly kind: 'down'; readonly reason: string }
  /** HALT, shutdown, or an API that went away: the review goes on later. */
  | { readonly kind: 'interrupted'; readonly reason: string };

/** A critic has this long for everything it is asked about one result. */
const PATIENCE_MS = 28_000;
/** The second question names what was wrong with the first answer. The API retries a failing provider by itself. */
const QUESTIONS = 2;
const CALL_TIMEOUT_S = 25;

/** Ask the critic for its verdict. A critic that cannot be had or understood is `down`, never an approval. */
export async function askCritic(
  run: TaskRun,
  runtime: Runtime,
  output: string,
  witnesses: readonly Witness[],
): Promise<CriticAnswer> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let fault: string | undefined;
  for (let question = 1; question <= QUESTIONS; question += 1) {
    const body = criticRequest(run, runtime, output, witnesses, fault);
    const answer = await runtime.api.cycle(body, AbortSignal.any([run.signal, patience]));
    if (answer.kind === 'aborted') {
      if (run.signal.aborted) return { kind: 'interrupted', reason: runtime.stopReason() };
      return { kind: 'down', reason: `the critic gave no verdict within ${PATIENCE_MS / 1_000} s` };
    }
    if (answer.kind === 'busy') {
      runtime.modelsBusy(answer.retry_after_ms);
      return { kind: 'interrupted', reason: answer.reason };
    }
    if (answer.kind === 'away' || answer.kind === 'closed') {
      runtime.apiAway(answer.reason);
      return { kind: 'interrupted', reason: answer.reason };
    }
    if (answer.kind === 'problem') return { kind: 'down', reason: `the critic is not to be had: ${answer.problem.detail}` };
    const read = readVerdict(answer.result.output ?? answer.result.result, output);
    if (read.kind === 'verdict') return read;
    fault = read.fault;
  }
  return { kind: 'down', reason: `the critic answered ${QUESTIONS} times, but not with a verdict that can be read: ${fault}` };
}

function criticRequest(
  run: TaskRun,
  runtime: Runtime,
  output: string,
  witnesses: readonly Witness[],
  fault: string | undefined,
): CycleInput {
  const { task } = run;
  const key = `${executionKey(task.id, run.record.attempt)}#critic`;
  return {
    mode: 'llm',
    purpose: 'critic',
    prompt: criticPrompt({
      task: run.intent ? intentBlock(run.intent, taskText(task)) : taskText(task),
      output,
      witnesses,
      fault,
    }),
    system: CRITIC_SYSTEM,
    model: task.critic_model ?? runtime.config.criticModel,
    temperature: 0,
    timeout: CALL_TIMEOUT_S,
    min_budget: 0,
    max_budget: run.record.children ? ownShareUsd(task, run.record.children.length) : task.max_budget,
    task_id: task.id,
    execution_key: fault === undefined ? key : `${key}-2`,
    answer_schema: { name: 'critic_verdict', schema: { ...CRITIC_SCHEMA } },
  };
}

const taskText = (task: Task): string => task.prompt ?? task.command ?? `the skill ${task.skill ?? ''}`;
