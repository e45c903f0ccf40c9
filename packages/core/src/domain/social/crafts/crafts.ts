import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { Postings } from '../../economy/postings.ts';
import { Id, IdentityId, PERSON, RUNTIME, subjectOn, unknownIdentity } from '../kit/index.ts';
import { shares } from '../kit/shares.ts';
import { OfIdentity, outcomeKey } from '../people/people.ts';
import { BUG_CAUGHT_REWARD, coverageReward, skillReward, skillUseReward, testReward } from './rules.ts';

export const CRAFT_MINT = 'mint:craft';
const { action, on, subject } = subjectOn<CraftSlice>({
  mints: { skill_made: CRAFT_MINT, skill_use: CRAFT_MINT, work_vouched: CRAFT_MINT },
});

/** A skill that was made from residents' verified work: who made it, and who used it since. */
export interface Craft {
  readonly makers: readonly string[];
  readonly users: Set<string>;
  uses: number;
}

export interface CraftSlice {
  /** By the skill's name. */
  readonly crafts: Map<string, Craft>;
  /** By resident: tests that the person vouched for, and faults it found. */
  readonly testers: Map<string, { tests: number; bugs: number }>;
}

const Made = z.strictObject({
  skill: Id,
  makers: z.array(IdentityId).min(1).max(50),
  described: z.boolean(),
  tested: z.boolean(),
});
const Used = z.strictObject({ skill: Id, task_id: Id, identity_id: IdentityId });

const OfWork = z.strictObject({ identity_id: IdentityId, task_id: Id });
const Vouched = z.discriminatedUnion('of', [
  OfWork.extend({
    of: z.literal('test'),
    assertions: z.int().min(0).max(10_000),
    critical: z.boolean().default(false),
    described: z.boolean().default(false),
  }),
  OfWork.extend({ of: z.literal('bug') }),
  OfWork.extend({ of: z.literal('coverage'), points: z.number().positive().max(100) }),
]);

function vouchedReward(work: z.output<typeof Vouched>): number {
  if (work.of === 'test') return testReward(work);
  return work.of === 'bug' ? BUG_CAUGHT_REWARD : coverageReward(work.points);
}

const Shared = z.object({ paid: z.array(z.object({ identity: IdentityId, amount: z.int() })) });

export function noteTester({ testers }: CraftSlice, identity_id: string, of: 'tests' | 'bugs'): void {
  const known = testers.get(identity_id) ?? { tests: 0, bugs: 0 };
  testers.set(identity_id, { ...known, [of]: known[of] + 1 });
}

export const skillMadeKey = (skill: string): string => `skill_made:${skill}`;

/** What one more use by somebody brings those who made a skill; nothing by themselves, and none for one that nobody here made. */
export function useReward(craft: Craft | undefined, identity_id: string): number {
  if (!craft || craft.makers.includes(identity_id)) return 0;
  return skillUseReward(!craft.users.has(identity_id), craft.uses);
}

const acts = {
  /** Once for each skill, shared by those from whose work it was made. */
  reward_skill: action(RUNTIME, Made, Shared, (world, args) => {
    const makers = args.makers.filter((id) => world.identities.has(id));
    if (makers.length === 0) return unknownIdentity(args.makers[0] ?? '');
    const key = skillMadeKey(args.skill);
    if (world.tokens.keys.has(key)) return refuse('already_rewarded', 'Once for each skill');
    const booking = new Postings(world.tokens);
    const paid = shares(skillReward(args), makers);
    for (const { identity, amount } of paid) booking.credit(CRAFT_MINT, identity, amount);
    const data = { skill: args.skill, makers };
    return {
      ok: true,
      event: { kind: 'skill_made', memo: `made ${args.skill}`, data, subjects: [], booking, key },
      answer: { paid },
    };
  }),
  /** A person vouches for what nobody's own word is good for. Tests and coverage belong to work that is on record as the resident's. */
  vouch: action(PERSON, Vouched, OfIdentity.extend({ amount: z.int() }), (world, args) => {
    const { of, identity_id, task_id } = args;
    if (!world.identities.has(identity_id)) return unknownIdentity(identity_id);
    if (of !== 'bug' && !world.tokens.keys.has(outcomeKey(task_id, identity_id)))
      return refuse('no_such_work', `No task ${task_id} is on record as work of ${identity_id}`);
    const key = `vouched:${of}:${task_id}::${identity_id}`;
    if (world.tokens.keys.has(key)) return refuse('already_rewarded', 'Once for each task and kind of work');
    const booking = new Postings(world.tokens);
    const amount = booking.credit(CRAFT_MINT, identity_id, vouchedReward(args));
    const event = { kind: 'work_vouched', memo: `${of} in ${task_id}`, data: args, subjects: [], booking, key };
    return { ok: true, event, answer: { identity_id, amount } };
  }),
  /** Approved work that another resident's skill did. */
  reward_skill_use: action(RUNTIME, Used, Shared, ({ society, tokens }, args) => {
    const craft = society.crafts.get(args.skill);
    const reward = useReward(craft, args.identity_id);
    if (!craft || reward === 0) return refuse('nothing_due', 'It was made by nobody else here, or was used often enough');
    const key = `skill_use:${args.task_id}::${args.skill}`;
    if (tokens.keys.has(key)) return refuse('already_rewarded', 'Once for each task');
    const booking = new Postings(tokens);
    const paid = shares(reward, craft.makers);
    for (const { identity, amount } of paid) if (amount > 0) booking.credit(CRAFT_MINT, identity, amount);
    const subjects = [`craft:${args.skill}`];
    const event = { kind: 'skill_use', memo: `${args.skill} did ${args.task_id}`, data: args, subjects, booking, key };
    return { ok: true, event, answer: { paid } };
  }),
};

const events = {
  work_vouched: on(OfWork.extend({ of: z.string() }).loose(), (society, { of, identity_id }) => {
    if (of === 'test') noteTester(society, identity_id, 'tests');
    if (of === 'bug') noteTester(society, identity_id, 'bugs');
  }),
  skill_made: on(Made.pick({ skill: true, makers: true }), ({ crafts }, { skill, makers }) => {
    crafts.set(skill, { makers, users: new Set(), uses: 0 });
  }),
  skill_use: on(Used, ({ crafts }, { skill, identity_id }) => {
    const craft = crafts.get(skill);
    if (!craft) return;
    craft.users.add(identity_id);
    craft.uses += 1;
  }),
};

export const CRAFTS = subject({
  name: 'crafts',
  empty: (): CraftSlice => ({ crafts: new Map(), testers: new Map() }),
  acts,
  events,
});
