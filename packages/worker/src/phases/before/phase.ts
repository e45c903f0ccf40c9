import type { ProjectFinding, WorkerCommand } from '@vivarium/core';
import { next, type Phase, stop } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { rememberBefore } from './before.ts';

/**
 * Keeps what stood where the task is going to write, so that its review can tell what it changed. A task whose project
 * cannot be changed as things are waits for a person.
 */
export const before: Phase<Pick<Runtime, 'paths' | 'artifacts' | 'projects'>> = {
  name: 'before',
  done: (run) => run.record.outcome !== undefined,
  async run(run, deps) {
    const { project } = run.task;
    const [found] = project === undefined ? [] : await deps.projects.check(project);
    if (project !== undefined && found) return stop(unusable(project, found));
    await rememberBefore(run, deps);
    return next();
  },
};

function unusable(project: string, { field, problem, fix }: ProjectFinding): WorkerCommand {
  const reason = `${project} cannot be changed: ${field}: ${problem}. ${fix}; pnpm worker project check ${project} tells everything`;
  return { kind: 'hold', hold: { kind: 'dependencies', reason, action: `pnpm worker project refresh ${project}` } };
}
