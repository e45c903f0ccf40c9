import { type FieldProblem, namedSkillFault, type Task } from '@vivarium/core';
import type { World } from '../world.ts';

/** What is wrong with the skills that tasks name, by field; a worker would hold those tasks. */
export function unusableSkills({ skills }: Pick<World, 'skills'>, tasks: readonly Task[]): FieldProblem[] {
  if (tasks.some(({ skill }) => skill !== undefined)) skills.refresh();
  return tasks.flatMap(({ skill, prompt, command }, index) => {
    const fault = skill === undefined || command !== undefined ? undefined : namedSkillFault(skill, prompt, skills);
    const field = tasks.length === 1 ? 'skill' : `tasks[${index}].skill`;
    return fault ? [{ field, message: `${fault.reason}. ${fault.fix}` }] : [];
  });
}
