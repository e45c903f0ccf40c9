import type { SkillCounters, SkillRecord } from '@vivarium/core';
import type { TaskRun } from '../../../pipeline/phase.ts';
import type { Runtime } from '../../../pipeline/runtime.ts';

/** So many good uses that a critic saw, before a learned skill's own end is proof; after that one of so many is looked at. */
const FIRST_CHECKED_USES = 2;
const CHECKED_EVERY = 10;

/**
 * Whether the end of the skills that did a task is proof enough. Those that ship are; an active one that was learned or
 * added is, once its first uses were found good, but for every tenth use. What is no proof goes to the critic.
 */
export function isProven({ executed, record, route, task }: TaskRun, { skills }: Pick<Runtime, 'skills'>): boolean {
  const name = (record.outcome ?? executed)?.tool_name ?? task.skill;
  const names = route?.components?.map((part) => part.name) ?? (name === undefined ? [] : [name]);
  const used = names.flatMap((one) => skills.show(one) ?? []).flatMap((skill) => [skill, ...partsOf(skill, skills)]);
  return used.length > 0 && used.every(provenSkill);
}

const partsOf = ({ components = [] }: SkillRecord, skills: Runtime['skills']): SkillRecord[] =>
  components.flatMap((name) => skills.show(name) ?? []);

const provenSkill = ({ shipped, status, counters }: SkillRecord): boolean =>
  shipped || (status === 'active' && !isSpotCheck(counters));

/** Whether the next use of a skill is one that a critic looks at. */
const isSpotCheck = ({ useful, uses }: SkillCounters): boolean =>
  useful < FIRST_CHECKED_USES || uses % CHECKED_EVERY === CHECKED_EVERY - 1;
