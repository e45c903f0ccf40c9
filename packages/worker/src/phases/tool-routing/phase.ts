import {
  isLocal,
  type NamedSkillFault,
  namedSkillFault,
  type RouteDecision,
  type TaskEvent,
  type WorkerCommand,
} from '@vivarium/core';
import { next, type Phase, type PhaseEnd, stop, type TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

type Deps = Pick<Runtime, 'config' | 'skills' | 'store'>;

/**
 * Finds the skill that does the task, or helps with it, from the task's own words and intent. A skill whose answer to this
 * task was rejected is not used for it again: the model does the next attempt.
 */
export const toolRouting: Phase<Deps> = {
  name: 'tool-routing',
  done: (run) => run.record.outcome !== undefined,
  async run(run, deps) {
    const { task, intent, results } = run;
    if (task.project !== undefined) {
      run.route = generate('it changes a project');
      return next();
    }
    if (!isLocal(task) && task.skill !== undefined) return named(run, deps, task.skill);
    if (isLocal(task) || task.prompt === undefined) return next();
    if (deps.config.docsOnly) run.route = generate('only documentation is written (VIVARIUM_DOCS_ONLY)');
    else if (results) run.route = generate('its steps are done; their results are put together');
    else run.route = unlessRejected(deps.skills.route(task.prompt, intent), deps.store.history(task.id));
    return next();
  },
};

/** A task that names its skill has that one or waits for its person: another way would not be what was asked for. */
function named(run: TaskRun, { skills }: Deps, name: string): PhaseEnd {
  const fault = namedSkillFault(name, run.task.prompt, skills.registry);
  if (fault) return stop(withoutSkill(run.task.id, fault));
  const skill = skills.show(name);
  const known = skill ? { tool_version: skill.version, kind: skill.kind } : {};
  run.route = { route: 'exact', tool_name: name, tool_confidence: 1, ...known, reason: 'the task names it' };
  return next();
}

function withoutSkill(taskId: string, { reason, fix }: NamedSkillFault): WorkerCommand {
  const action = `pnpm worker retry ${taskId}`;
  return {
    kind: 'hold',
    hold: { kind: 'clarify', reason: `${reason}. ${fix}, or change skill in queue.json; then let it run`, action },
  };
}

const generate = (reason: string): RouteDecision => ({ route: 'generate', tool_confidence: 0, reason });

function unlessRejected(route: RouteDecision, history: readonly TaskEvent[]): RouteDecision {
  const used = history.some((event) => event.event === 'task_executed' && event.outcome.tool_name === route.tool_name);
  if (route.tool_name === undefined || !used) return route;
  return generate(`${route.tool_name} was tried in an earlier attempt`);
}
