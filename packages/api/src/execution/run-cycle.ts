import { randomUUID } from 'node:crypto';
import {
  type Artifacts,
  type Audit,
  attemptOf,
  type Clock,
  type CycleRequest,
  type CycleResult,
  DEFAULT_MAX_BUDGET_USD,
  DEFAULT_MAX_TOKENS,
  ENOUGH_TOKENS,
  InvalidInputError,
  jsonIn,
  type SafetyGate,
  type SafetyReport,
  unfence,
  type WorkspacePaths,
} from '@vivarium/core';
import { BlockedError, SkillUnusableError } from '../errors/index.ts';
import type { GateCall } from '../gate/call/gate-call.ts';
import type { Message } from '../gate/call/message.ts';
import type { ModelGate } from '../gate/gate.ts';
import type { Metrics } from '../http/metrics.ts';
import type { LocalRunner, Ran, Refusal, SkillResult } from '../local/index.ts';
import type { Hands } from '../residents/hands.ts';
import type { ResidentAnswer, Residents } from '../residents/residents.ts';
import type { Answer, Executions } from './executions.ts';
import { cut, roundUsd, type Work, workOf } from './rules.ts';
import type { Running } from './running.ts';

export interface RunCycleDeps {
  readonly gate: ModelGate;
  readonly residents: Pick<Residents, 'run'>;
  /** Hands-on work that a request is for, where its task changes a project. */
  readonly hands: (request: CycleRequest, signal: AbortSignal) => Promise<OpenHands | undefined>;
  readonly local: LocalRunner;
  readonly safety: SafetyGate;
  readonly safetyAudit: Audit;
  readonly executions: Executions;
  readonly artifacts: Pick<Artifacts, 'put'>;
  readonly running: Running;
  readonly paths: WorkspacePaths;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** What a command or skill may take when nobody says otherwise. */
const LOCAL_SECONDS = 30;

type OpenHands = Hands & { close(): Promise<void> };

export type RunCycle = (request: CycleRequest) => Promise<CycleResult>;

/** Hears the answer as it grows. */
type Listen = (text: string) => void;
type ClearWork = Exclude<Work, { kind: 'unclear' }>;
type Job = { readonly request: CycleRequest; readonly work: ClearWork; readonly report: SafetyReport };
type Part = Pick<CycleResult, 'status' | 'result' | 'model' | 'budget_used' | 'simulated'> & Partial<CycleResult>;

/** Builds what `POST /cycle` does: judge the very text that will run, run it once per key, keep the answer, then tell it. */
export function buildRunCycle(deps: RunCycleDeps): RunCycle {
  return async (request) => {
    const started = deps.clock.monotonicMs();
    const work = workOf(request);
    if (work.kind === 'unclear') throw new InvalidInputError('The request names nothing to run', [work]);
    deps.running.checkOpen();
    const job: Job = { request, work, report: judge(deps, request, work) };
    const run = () => running(deps, job);
    const timed = deps.metrics.cycle(work.kind);
    try {
      const done = await once(deps, request, run, started);
      timed(done.replayed ? 'replayed' : done.status);
      return done;
    } catch (error) {
      timed('refused');
      throw error;
    }
  };
}

/** Run it where it can be stopped and watched. What a model had said when it was cut off is kept beside the answers. */
function running(deps: RunCycleDeps, job: Job): Promise<Answer> {
  const { task_id, execution_key, purpose } = job.request;
  return deps.running.run({ task_id, mode: job.work.kind }, async (signal, hear) => {
    let said = '';
    const listen = (text: string) => {
      said = text;
      hear(text);
    };
    try {
      return await execute(deps, job, signal, listen);
    } catch (error) {
      if (said !== '' && task_id !== undefined && purpose === 'task') {
        const place = { task_id, attempt: attemptOf(execution_key, task_id), name: 'partial.md' };
        await deps.artifacts.put({ ...place, bytes: said, durable: false }).catch(() => undefined);
      }
      throw error;
    }
  });
}

async function once(
  deps: RunCycleDeps,
  request: CycleRequest,
  run: () => Promise<Answer>,
  started: number,
): Promise<CycleResult> {
  const duration = () => Math.round(deps.clock.monotonicMs() - started);
  if (request.execution_key === undefined) return { ...(await deps.executions.keep(await run())), duration_ms: duration() };
  const { result, ran } = await deps.executions.once(request.execution_key, request, run);
  return { ...result, replayed: !ran, duration_ms: ran ? duration() : result.duration_ms };
}

/** @throws BlockedError with the report; a judge that fails blocks too */
function judge(deps: RunCycleDeps, request: CycleRequest, work: ClearWork): SafetyReport {
  const { own, fenced } = wordsOf(request, work);
  const { report } = deps.safety.ask({
    text: own,
    ...(fenced.length > 0 ? { untrusted: fenced } : {}),
    kind: work.kind === 'local' ? 'command' : 'prompt',
    task: { min_budget: request.min_budget ?? 0, max_budget: request.max_budget ?? DEFAULT_MAX_BUDGET_USD },
    origin: request.resident_id === undefined ? 'queue' : `resident:${request.resident_id}`,
    ...(request.task_id === undefined ? {} : { task_id: request.task_id }),
  });
  deps.safetyAudit.append(report);
  if (report.passed) return report;
  const fix = report.checks.find((check) => !check.passed)?.fix;
  throw new BlockedError('VIV_SAFETY_BLOCKED', `Safety refused: ${report.blocked_reason ?? 'a check failed'}`, report, fix);
}

/** The runtime's own questions (critic, planner) quote others within fences: those are judged as quotations. */
function wordsOf(request: CycleRequest, work: ClearWork) {
  const text = work.kind === 'local' ? work.command : work.prompt;
  return request.purpose === 'task' ? { own: text, fenced: [] } : unfence(text);
}

async function execute(deps: RunCycleDeps, job: Job, signal: AbortSignal, listen: Listen): Promise<Answer> {
  const { work } = job;
  if (work.kind === 'llm') return runModel(deps, job, work.prompt, { signal, listen });
  const timeoutMs = (job.request.timeout ?? LOCAL_SECONDS) * 1000;
  const common = { timeoutMs, paths: deps.paths, signal };
  if (work.kind === 'local') {
    const ran = await deps.local.runLocal({ command: work.command, ...common });
    const sentence = (done: Ran) => `Command ended with exit code ${done.exit_code} after ${seconds(done)}`;
    return runHere(deps, job, ran, signal, { model: 'local', sentence });
  }
  const ran = await deps.local.runSkill({ name: work.skill, prompt: work.prompt, ...common });
  const skill = ran.kind === 'ran' ? { skill: { name: ran.name, version: ran.version } } : {};
  const sentence = (done: Ran) => (done.exit_code === 0 ? done.output : `Skill ${work.skill} failed after ${seconds(done)}`);
  return runHere(deps, job, ran, signal, { model: `skill:${work.skill}`, sentence, ...skill });
}

async function runModel(
  deps: RunCycleDeps,
  job: Job,
  prompt: string,
  { signal, listen }: { readonly signal: AbortSignal; readonly listen: Listen },
): Promise<Answer> {
  const { request } = job;
  const call: GateCall = {
    purpose: request.purpose,
    user: request.resident_id ?? request.identity_id ?? 'api',
    task_id: request.task_id,
    identity_id: request.identity_id,
    model: request.model,
    prompt,
    intensity: request.intensity,
    attempt: attemptOf(request.execution_key, request.task_id),
    messages: messagesOf(request, prompt),
    max_tokens: request.max_tokens ?? DEFAULT_MAX_TOKENS,
    ...(request.max_tokens === undefined ? { enough_tokens: ENOUGH_TOKENS } : {}),
    temperature: request.temperature,
    schema: request.answer_schema,
    timeout_ms: request.timeout === undefined ? undefined : request.timeout * 1000,
    cap_usd: request.max_budget,
    onText: listen,
  };
  const hands = await deps.hands(request, signal);
  const done = await deps.residents.run(request, prompt, call, deps.gate, signal, hands).finally(() => hands?.close());
  const answer = bare(done, request);
  const part = partOf(answer);
  const kept = finish(job, part, answer.declined ? part.result : answer.text);
  const { settled, charge, declined } = answer;
  return { ...kept, settled, ...(charge ? { charge } : {}), ...(declined ? { passing: true } : {}) };
}

/** Data is kept as it is read: without the code fence that stood around it. */
function bare(answer: ResidentAnswer, { answer_schema }: CycleRequest): ResidentAnswer {
  const json = answer_schema ? jsonIn(answer.text) : undefined;
  return json?.found ? { ...answer, text: json.text } : answer;
}

/** A declined task is no work, so it never looks completed. */
function partOf(answer: ResidentAnswer): Part {
  const { declined } = answer;
  const { text, truncated } = cut(declined ? `Declined by ${declined.identity_id}: ${declined.reason}` : answer.text);
  return {
    status: declined ? 'failed' : 'completed',
    result: text,
    model: answer.model,
    ...(answer.model_decision ? { model_decision: answer.model_decision } : {}),
    ...(answer.usage ? { usage: answer.usage } : {}),
    budget_used: roundUsd(answer.cost_usd),
    simulated: answer.simulated,
    ...(truncated || answer.truncated ? { truncated: true } : {}),
    ...('steps' in answer ? { steps: answer.steps } : {}),
    ...(answer.wrote ? { wrote: [...answer.wrote] } : {}),
    ...(answer.memories?.length ? { memories: [...answer.memories] } : {}),
    ...('ended' in answer && answer.ended ? { ended: answer.ended } : {}),
    ...(declined ? { declined } : {}),
    ...(answer.change ? { change: answer.change } : {}),
  };
}

/** The task's own prompt is the last message; context stands before it. */
function messagesOf({ system }: CycleRequest, prompt: string): Message[] {
  const user: Message = { role: 'user', content: prompt };
  return system === undefined || system === '' ? [user] : [{ role: 'system', content: system }, user];
}

/** A command or skill that ran has a result, failed or not; a refused one is blocked; a halted one has none. */
function runHere(
  deps: RunCycleDeps,
  job: Job,
  ran: Ran | SkillResult,
  signal: AbortSignal,
  about: Pick<Part, 'model' | 'skill'> & { readonly sentence: (done: Ran) => string },
): Answer {
  const { sentence, ...rest } = about;
  if (ran.kind === 'refused')
    throw NO_SUCH_SKILL.has(ran.rule) ? new SkillUnusableError(ran.reason, ran.fix) : refused(deps, job, ran);
  if (ran.aborted) throw signal.reason;
  const { text, truncated } = cut(ran.output);
  const part: Part = {
    status: ran.exit_code === 0 ? 'completed' : 'failed',
    result: cut(ran.timed_out ? `Stopped after ${seconds(ran)}: the time allowed was over` : sentence(ran)).text,
    ...rest,
    output: text,
    exit_code: ran.exit_code,
    budget_used: 0,
    simulated: false,
    ...(ran.truncated || truncated ? { truncated: true } : {}),
    ...('files' in ran && ran.files.length > 0 ? { wrote: [...ran.files] } : {}),
  };
  return finish(job, part, ran.output);
}

function refused(deps: RunCycleDeps, { report }: Job, { rule, reason, fix }: Refusal): BlockedError {
  const check = { check: 'command', passed: false, rule, reason, fix } as const;
  const blocked: SafetyReport = { ...report, passed: false, blocked_reason: reason, checks: [...report.checks, check] };
  deps.safetyAudit.append(blocked);
  return new BlockedError('VIV_COMMAND_BLOCKED', `Local command blocked: ${reason}`, blocked, fix);
}

/** Refusals that say nothing of safety: there is nothing to run. */
const NO_SUCH_SKILL: ReadonlySet<string> = new Set(['skill.unknown', 'skill.not_executable']);

/** What is no data is read by people. */
const ARTIFACTS: Partial<Record<CycleRequest['purpose'], string>> = { task: 'output.md', tests: 'tests.txt' };

/** The answer, and its whole output as an artifact under the name people will look for. */
function finish({ request, report }: Job, part: Part, output: string): Pick<Answer, 'result' | 'artifact'> {
  const { task_id, purpose, execution_key } = request;
  const place =
    task_id === undefined
      ? { task_id: 'adhoc', attempt: 0, name: `${randomUUID()}.md` }
      : { task_id, attempt: attemptOf(execution_key, task_id), name: ARTIFACTS[purpose] ?? `${purpose}.json` };
  const result: CycleResult = {
    ...part,
    ...(task_id === undefined ? {} : { task_id }),
    safety_report: report,
    artifact_id: `${place.task_id}/${place.attempt}/${place.name}`,
    replayed: false,
    duration_ms: 0,
  };
  // A record holds the output too, and brings it back after a power cut; without one the file is all there is.
  const recorded = execution_key !== undefined && part.declined === undefined && part.truncated !== true;
  return { result, artifact: { ...place, bytes: output, durable: !recorded } };
}

const seconds = ({ duration_ms }: Ran): string => `${(duration_ms / 1000).toFixed(2)} s`;
