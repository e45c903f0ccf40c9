import {
  CRITIC_SCHEMA,
  CRITIC_SYSTEM,
  type CriticVerdict,
  type CycleInput,
  criticPrompt,
  executionKey,
  type Hold,
  intentBlock,
  readVerdict,
  type Task,
  type Witness,
  type WorkerCommand,
} from '@vivarium/core';
import { type ApiAnswer, fingerprintNow } from '../../api/ask.ts';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { ownShareUsd } from '../decomposition/rules.ts';
import { untilProvider } from '../execution/rules.ts';

export type CriticAnswer =
  | { readonly kind: 'verdict'; readonly verdict: CriticVerdict }
  /** `ends`: what lets the question be asked again by itself. */
  | { readonly kind: 'down'; readonly reason: string; readonly ends?: Ends }
  /** HALT, shutdown, a provider or an API that went away: the review goes on later. */
  | { readonly kind: 'interrupted'; readonly command: WorkerCommand };

export type CriticDeps = Pick<Runtime, 'api' | 'askApi' | 'clock' | 'config' | 'store'>;

type Ends = Pick<Hold, 'provider_fingerprint' | 'until'>;

/** So long a result waits for a critic that is away before a person may decide; then whoever is there first decides. */
const PATIENCE_MS = 25_000;
/** The second question names what was wrong with the first answer. The API retries a failing provider by itself. */
const QUESTIONS = 2;

/** Ask the critic for its verdict. A critic that cannot be had or understood is `down`, never an approval. */
export async function askCritic(
  run: TaskRun,
  deps: CriticDeps,
  output: string,
  witnesses: readonly Witness[],
): Promise<CriticAnswer> {
  let fault: string | undefined;
  for (let question = 1; question <= QUESTIONS; question += 1) {
    const answer = await deps.askApi(criticRequest(run, deps, output, witnesses, fault), run.signal);
    if (answer.kind === 'interrupted') return waitOrGiveUp(answer, run, deps);
    if (answer.kind === 'problem') {
      const { detail, status } = answer.problem;
      const ends = status === 402 ? {} : untilProvider(answer.problem, await fingerprintNow(deps.api), deps.clock.now());
      return { kind: 'down', reason: `critic unavailable: ${detail}`, ends };
    }
    const read = readVerdict(answer.result.output ?? answer.result.result, output);
    if (read.kind === 'verdict') return read;
    fault = read.fault;
  }
  return { kind: 'down', reason: `the critic answered ${QUESTIONS} times, but not with a verdict that can be read: ${fault}` };
}

/** A result that has waited long enough is shown to a person too; the critic is asked again as soon as it is back. */
async function waitOrGiveUp(
  interrupted: Extract<ApiAnswer, { kind: 'interrupted' }>,
  run: TaskRun,
  deps: CriticDeps,
): Promise<CriticAnswer> {
  const { wait_ms, reason, command } = interrupted;
  const executed = deps.store.history(run.task.id).findLast(({ event }) => event === 'task_executed');
  const age_ms = executed ? deps.clock.now().getTime() - Date.parse(executed.timestamp) : 0;
  if (wait_ms === undefined || age_ms + wait_ms <= PATIENCE_MS) return { kind: 'interrupted', command };
  const ends = untilProvider({ retry_after_ms: wait_ms }, await fingerprintNow(deps.api), deps.clock.now());
  return { kind: 'down', reason: `critic unavailable: ${reason}`, ends };
}

function criticRequest(
  run: TaskRun,
  deps: CriticDeps,
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
    model: task.critic_model ?? deps.config.criticModel,
    temperature: 0,
    ...(deps.config.criticTimeoutSeconds === undefined ? {} : { timeout: deps.config.criticTimeoutSeconds }),
    min_budget: 0,
    max_budget: run.record.children ? ownShareUsd(task, run.record.children.length) : task.max_budget,
    task_id: task.id,
    execution_key: fault === undefined ? key : `${key}-2`,
    answer_schema: { name: 'critic_verdict', schema: { ...CRITIC_SCHEMA } },
  };
}

const taskText = (task: Task): string => task.prompt ?? task.command ?? `the skill ${task.skill ?? ''}`;
