import type { SkillStatus } from './lifecycle.ts';

/** As much of a skill as decides whether a task may call it by name. */
interface NamedSkill {
  readonly name: string;
  readonly kind: 'executable' | 'prompt' | 'composed';
  readonly status: SkillStatus;
  readonly components?: readonly string[] | undefined;
  readonly last_reason?: string;
}

/** The skills as they stand, and the files that cannot be read. */
export interface SkillsByName {
  show(name: string): NamedSkill | undefined;
  findings(): readonly { readonly file: string; readonly line?: number; readonly field?: string; readonly reason: string }[];
}

export interface NamedSkillFault {
  readonly reason: string;
  readonly fix: string;
}

/**
 * Why a task cannot have the skill that it names; undefined when it can. A candidate may be named: that is how it is tried.
 * A prompt skill helps a model, so there must be a prompt.
 */
export function namedSkillFault(name: string, prompt: string | undefined, skills: SkillsByName): NamedSkillFault | undefined {
  const skill = skills.show(name);
  if (skill === undefined) return missing(name, skills);
  const standing = stoodDown(skill);
  if (standing !== undefined) return standing;
  if (skill.kind === 'prompt' && !prompt)
    return {
      reason: `the skill ${name} tells a model how to do a task, and there is no prompt that says which`,
      fix: 'Give the task a prompt, or name an executable skill',
    };
  return skill.kind === 'composed' ? brokenPart(skill, skills) : undefined;
}

function missing(name: string, skills: SkillsByName): NamedSkillFault {
  const finding = skills.findings().find(({ file }) => file.split('/').at(-2) === name);
  if (finding === undefined)
    return {
      reason: `there is no skill ${name}`,
      fix: 'List the skills with: pnpm worker skill list; add one with: pnpm worker skill add <folder>',
    };
  const { file, line, field, reason } = finding;
  const where = [file, line, field].filter((part) => part !== undefined).join(': ');
  return {
    reason: `the skill ${name} cannot be read (${where}: ${reason})`,
    fix: `Correct it; see all that is wrong with: pnpm worker skill validate ${name}`,
  };
}

function stoodDown({ name, status, last_reason }: NamedSkill): NamedSkillFault | undefined {
  if (status !== 'quarantined' && status !== 'retired') return undefined;
  const because = last_reason === undefined ? '' : ` (${last_reason})`;
  const fix = status === 'quarantined' ? `Let it be used again with: pnpm worker skill promote ${name}` : 'Name another skill';
  return { reason: `the skill ${name} is ${status}${because}`, fix };
}

/** The parts of a composed skill run one after the other, so each must be there and run by itself. */
function brokenPart({ name, components = [] }: NamedSkill, skills: SkillsByName): NamedSkillFault | undefined {
  for (const part of components) {
    const found = skills.show(part);
    const fault = found === undefined ? missing(part, skills) : stoodDown(found);
    if (fault) return { ...fault, reason: `the skill ${name} cannot run: ${fault.reason}` };
    if (found?.kind !== 'executable')
      return {
        reason: `the skill ${name} cannot run: its part ${part} is not executable`,
        fix: `Name only executable skills in the components of ${name}`,
      };
  }
  return undefined;
}
