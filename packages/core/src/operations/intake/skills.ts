import type { Task } from '../../contract/task.ts';
import { namedSkillFault, SHIPPED_SKILLS } from '../../domain/skills/index.ts';
import { isLocal } from '../../domain/task/kind.ts';
import type { Backend } from '../../ports/backend.ts';
import { openSkills } from '../../stores/skills/index.ts';
import type { TaskFault } from './fault.ts';

export interface SkillIntake {
  /** Skills that a task names and cannot have; a worker would hold it. */
  readonly faults: readonly TaskFault[];
  /** A prompt skill only helps the model, so its task is asked of one. */
  readonly needsModel: (task: Task) => boolean;
}

export async function skillIntake(
  { backend, installation }: { readonly backend: Backend; readonly installation: string },
  tasks: readonly Task[],
): Promise<SkillIntake> {
  const naming = tasks.flatMap((task, index) =>
    task.skill === undefined || isLocal(task) ? [] : [{ task, skill: task.skill, index }],
  );
  if (naming.length === 0) return { faults: [], needsModel: (task) => !isLocal(task) };
  const shelf = await openSkills({ backend, installation, shippedNames: new Set(SHIPPED_SKILLS) });
  try {
    const faults = naming.flatMap(({ task, skill, index }): TaskFault[] => {
      const fault = namedSkillFault(skill, task.prompt, shelf);
      return fault ? [{ kind: 'task', index, field: 'skill', message: `${fault.reason}. ${fault.fix}` }] : [];
    });
    const prompts = new Set(shelf.list().flatMap(({ kind, name }) => (kind === 'prompt' ? [name] : [])));
    return { faults, needsModel: (task) => !isLocal(task) && (task.skill === undefined || prompts.has(task.skill)) };
  } finally {
    await shelf.close();
  }
}
