import { type CycleInput, type CycleResult, executionKey, type RouteDecision, type SkillRecord } from '@vivarium/core';
import { type PhaseEnd, stop, type TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { noteUse } from '../tool-routing/uses.ts';
import { commandFor, failureOf } from './rules.ts';

/** One skill's part of the work. `after` makes its prompt of what came before it. */
interface Step {
  readonly skill: SkillRecord;
  readonly prompt: (former: string | undefined) => string;
}

export type SkillDeps = Pick<Runtime, 'askApi' | 'clock' | 'log' | 'skills'>;

export type SkillWork =
  | { readonly kind: 'done'; readonly result: CycleResult; readonly output: string }
  /** It did not run to its end; the model does the work. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'end'; readonly end: PhaseEnd };

/**
 * Have the skills of a route do the work, in order, without a model. Undefined when the route has none that can. What a skill
 * cannot do, the model does, except for a task that names its skill: that one ends with it.
 */
export async function bySkill(run: TaskRun, deps: SkillDeps): Promise<SkillWork | undefined> {
  const { route } = run;
  const steps = route ? stepsOf(route, run.task.prompt ?? '', deps) : undefined;
  if (!route || !steps) return undefined;
  const outputs: string[] = [];
  let last: CycleResult | undefined;
  for (const [index, step] of steps.entries()) {
    const answer = await deps.askApi(request(run, step, index, outputs.at(-1)), run.signal);
    if (answer.kind === 'interrupted') return { kind: 'end', end: stop(answer.command) };
    if (answer.kind === 'problem' && run.task.skill !== undefined) {
      const around = { task_id: run.task.id, fingerprint: undefined, now: deps.clock.now() };
      return { kind: 'end', end: stop(commandFor(answer.problem, around)) };
    }
    const output = answer.kind === 'result' ? (answer.result.output ?? answer.result.result) : '';
    const reason = answer.kind === 'problem' ? answer.problem.detail : failureOf(answer.result, output);
    if (reason !== undefined || output.trim() === '') return failed(run, deps, route, step, reason ?? 'it left no output');
    if (answer.kind === 'result') last = answer.result;
    outputs.push(output);
  }
  if (!last) return undefined;
  const output = route.route === 'composed' ? outputs.map((text) => text.trim()).join('\n\n') : (outputs.at(-1) ?? '');
  return { kind: 'done', result: last, output };
}

async function failed(run: TaskRun, deps: SkillDeps, route: RouteDecision, step: Step, reason: string): Promise<SkillWork> {
  const { name, version } = step.skill;
  const base = { name, version, task_id: run.task.id, attempt: run.lease.attempt, route: route.route };
  const outcome = {
    confidence: route.tool_confidence,
    model_call_avoided: false,
    outcome: 'failed',
    detail: reason.slice(0, 500),
  } as const;
  await noteUse(deps, { ...base, ...outcome });
  return run.task.skill === undefined ? { kind: 'failed', reason } : { kind: 'end', end: stop({ kind: 'fail', reason }) };
}

const REFERS_BACK = /\b(?:it|its|them|that|this|these|those|result|results|output)\b/i;

function stepsOf(route: RouteDecision, prompt: string, deps: SkillDeps): Step[] | undefined {
  if (route.route === 'generate') return undefined;
  const skill = route.tool_name === undefined ? undefined : deps.skills.show(route.tool_name);
  if (route.components) {
    const parts = route.components.map(({ name, prompt: part }) => ({ skill: deps.skills.show(name), part }));
    const steps = parts.flatMap(({ skill: one, part }) => (one && canRun(one) ? [{ skill: one, prompt: handedOn(part) }] : []));
    return steps.length === parts.length ? steps : undefined;
  }
  if (skill?.kind === 'composed') {
    const parts = (skill.components ?? []).map((name) => deps.skills.show(name));
    const steps = parts.flatMap((one) =>
      one && canRun(one) ? [{ skill: one, prompt: (former?: string) => former ?? prompt }] : [],
    );
    return steps.length > 1 && steps.length === parts.length ? steps : undefined;
  }
  return skill && canRun(skill) ? [{ skill, prompt: () => prompt }] : undefined;
}

const canRun = ({ kind, entry, command, status }: SkillRecord): boolean =>
  kind === 'executable' && (entry !== undefined || command !== undefined) && status !== 'quarantined' && status !== 'retired';

/** A part that speaks of what came before it gets that as well. */
const handedOn = (part: string) => (former: string | undefined) =>
  former !== undefined && REFERS_BACK.test(part) ? `${part}\n\n${former}` : part;

function request(run: TaskRun, { skill, prompt }: Step, index: number, former: string | undefined): CycleInput {
  const { task, record } = run;
  const words = prompt(former);
  const common = {
    ...(task.timeout === undefined ? {} : { timeout: task.timeout }),
    min_budget: 0,
    max_budget: task.max_budget,
    task_id: task.id,
    execution_key: `${executionKey(task.id, record.attempt)}#skill-${index + 1}`,
    purpose: 'task',
  } as const;
  if (skill.entry === undefined && skill.command)
    return { mode: 'local', task: skill.command.map((word) => quoted(word.replaceAll('{prompt}', words))).join(' '), ...common };
  return { mode: 'llm', skill: skill.name, prompt: words, ...common };
}

const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
