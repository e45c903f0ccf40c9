import { z } from 'zod';
import { type Refused, refuse } from '../../../contract/refusals.ts';
import { ANYONE, IdentityId, Nothing, RESIDENT, subjectOn, Text } from '../kit/index.ts';
import { type PeopleSlice, personOf } from './people.ts';

const { action, on, subject } = subjectOn<HatSlice & PeopleSlice>();

/** A way of working that is put on over an identity and taken off again. */
const Hat = z.object({
  name: Text(60),
  description: Text(300),
  prompt: Text(1_200),
  category: Text(40).default('general'),
  tags: z.array(Text(40)).max(8).default([]),
});
export type Hat = Readonly<z.infer<typeof Hat>> & { readonly made_by?: string | undefined };
export interface HatSlice {
  readonly hats: Map<string, Hat>;
}

export const MEDIATOR_HAT = 'Hat of Objectivity';

const hat = (name: string, category: string, description: string, prompt: string): Hat => ({
  name,
  category,
  description,
  prompt,
  tags: [category],
});

const BUILT_IN: readonly Hat[] = [
  hat(
    'Strategist',
    'workflow',
    'Turns a wish into a few steps.',
    'Cut the work into three to five steps, each with what would show that it is done. Nobody has to take one.',
  ),
  hat(
    'Builder',
    'workflow',
    'Makes the smallest change that works.',
    'Change little and in one place. Say which files you touched and what the tests say.',
  ),
  hat(
    'Reviewer',
    'workflow',
    'Looks for what breaks.',
    'Look for faults, weak spots and things that worked before. Ask for concrete repairs, kindly.',
  ),
  hat('Documenter', 'workflow', 'Writes down what and why.', 'Record what was done and why, what was learned, and what is left.'),
  hat('Hatter', 'maker', 'Makes new hats.', 'Design a hat that adds a way of working: specific, short, inviting.'),
  hat(
    MEDIATOR_HAT,
    'moderation',
    'Mediates between others.',
    'Hear both sides, keep to what the record shows, and say what it rests on. Your own liking has no weight here.',
  ),
];

/** Words that would put a hat in an identity's place. */
const OVERREACH = [
  'you are now',
  'you are no longer',
  'your new identity',
  'new personality',
  'forget who you',
  'forget your',
  'replace your',
  'override your',
] as const;

const keyOf = (name: string): string => name.trim().toLowerCase();
const isAscii = (text: string): boolean => /^[\x20-\x7e\s]*$/.test(text);

export const emptyHats = (): Map<string, Hat> => new Map(BUILT_IN.map((item) => [keyOf(item.name), item]));

export function findHat(hats: ReadonlyMap<string, Hat>, name: string): Hat | undefined {
  return hats.get(keyOf(name));
}

/** Why a hat may not be added; undefined when it may. */
export function hatProblem(hats: ReadonlyMap<string, Hat>, { name, description, prompt, category }: Hat): Refused | undefined {
  if (hats.has(keyOf(name))) return refuse('hat_exists', `There is a hat ${name}; choose another name`);
  const foreign = Object.entries({ name, description, prompt, category }).find(([, text]) => !isAscii(text));
  if (foreign) return refuse('hat_not_ascii', `Write its ${foreign[0]} in plain ASCII`);
  const text = `${description} ${prompt}`.toLowerCase().replace(/\s+/g, ' ');
  const phrase = OVERREACH.find((words) => text.includes(words));
  return phrase === undefined ? undefined : refuse('hat_overreaches', `A hat adds to an identity; leave out "${phrase}"`);
}

const OfHat = z.object({ hat: z.string() });

const acts = {
  wear_hat: action(
    RESIDENT,
    z.strictObject({ hat: Text(60) }),
    OfHat.extend({ prompt: z.string() }),
    (world, { hat: wanted }, { actor }) => {
      const found = findHat(world.society.hats, wanted);
      if (!found)
        return refuse('hat_not_found', `Hats here: ${[...world.society.hats.values()].map(({ name }) => name).join(', ')}`);
      const data = { identity_id: actor, hat: found.name };
      return {
        ok: true,
        event: { kind: 'hat_worn', memo: found.name, data, subjects: [] },
        answer: { hat: found.name, prompt: found.prompt },
      };
    },
  ),
  take_off_hat: action(RESIDENT, z.strictObject({}), Nothing, (_world, _args, { actor }) => {
    const event = { kind: 'hat_worn', memo: 'took the hat off', data: { identity_id: actor }, subjects: [] };
    return { ok: true, event, answer: {} };
  }),
  make_hat: action(ANYONE, Hat, OfHat, (world, made) => {
    const problem = hatProblem(world.society.hats, made);
    if (problem) return problem;
    return { ok: true, event: { kind: 'hat_made', memo: made.name, data: made, subjects: ['hats'] }, answer: { hat: made.name } };
  }),
};

const events = {
  hat_worn: on(z.object({ identity_id: IdentityId, hat: z.string().optional() }), (society, { identity_id, hat: worn }) => {
    personOf(society, identity_id).hat = worn;
  }),
  hat_made: on(Hat, ({ hats }, made, { actor }) => void hats.set(keyOf(made.name), { ...made, made_by: actor })),
};

export const HATS = subject({ name: 'hats', empty: (): HatSlice => ({ hats: emptyHats() }), acts, events });
