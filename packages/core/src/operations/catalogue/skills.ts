import { z } from 'zod';
import { SkillStatus } from '../../domain/skills/lifecycle.ts';
import { SkillNotFoundError } from '../../errors/index.ts';
import type { World } from '../world.ts';
import { operation } from './entry.ts';

const Moved = z.object({ name: z.string(), version: z.string(), status: SkillStatus });
const Move = z.strictObject({ name: z.string(), reason: z.string().max(4000).optional() });
const entry = { lan: 'never', refusals: ['VIV_SKILL_NOT_FOUND', 'VIV_INVALID_INPUT', 'VIV_TASK_CONFLICT'] } as const;

export const skillOperations = {
  skill_add: operation({
    title: 'Copy a skill into the library, as a candidate',
    ...{ lan: 'never', refusals: ['VIV_INVALID_INPUT', 'VIV_TASK_CONFLICT'] },
    input: z.strictObject({ folder: z.string().min(1) }),
    output: Moved,
    run: async (world, { folder }) => (await world.skills()).addSkill(folder),
  }),
  skill_promote: operation({
    title: 'Let a skill be used from now on',
    ...{ ...entry, input: Move, output: Moved },
    run: (world, input) => move(world, input, 'active', 'promote'),
  }),
  skill_quarantine: operation({
    title: 'Use a skill no more, until somebody promotes it',
    ...{ ...entry, input: Move, output: Moved },
    run: (world, input) => move(world, input, 'quarantined', 'quarantine'),
  }),
  skill_retire: operation({
    title: 'Take a skill out for good',
    ...{ ...entry, input: Move, output: Moved },
    run: (world, input) => move(world, input, 'retired', 'retire'),
  }),
};

async function move(world: World, { name, reason }: z.output<typeof Move>, to: SkillStatus, verb: string) {
  const skills = await world.skills();
  if (!skills.show(name)) throw new SkillNotFoundError(name);
  return skills.setStatus(name, to, 'person', reason ?? `a person said ${verb}`);
}
