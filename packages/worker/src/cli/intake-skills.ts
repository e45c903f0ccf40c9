import { type FieldProblem, isLocal, namedSkillFault, type Task } from '@vivarium/core';
import { onShelf } from './shelf.ts';
import type { World } from './world.ts';

export interface SkillIntake {
  readonly problems: readonly FieldProblem[];
  /** A prompt skill only helps the model, so its task is asked of one. */
  readonly needsModel: (task: Task) => boolean;
}

/** What is wrong with the skills that tasks name, by field; a worker would hold those tasks. */
export async function checkSkills(world: World, tasks: readonly Task[]): Promise<SkillIntake> {
  const naming = tasks.flatMap((task, index) =>
    task.skill === undefined || isLocal(task) ? [] : [{ task, skill: task.skill, index }],
  );
  if (naming.length === 0) return { problems: [], needsModel: (task) => !isLocal(task) };
  return onShelf(world, async (shelf) => {
    const problems = naming.flatMap(({ task, skill, index }) => {
      const fault = namedSkillFault(skill, task.prompt, shelf);
      const field = tasks.length === 1 ? 'skill' : `tasks[${index}].skill`;
      return fault ? [{ field, message: `${fault.reason}. ${fault.fix}` }] : [];
    });
    const prompts = new Set(shelf.list().flatMap(({ kind, name }) => (kind === 'prompt' ? [name] : [])));
    return { problems, needsModel: (task) => !isLocal(task) && (task.skill === undefined || prompts.has(task.skill)) };
  });
}
