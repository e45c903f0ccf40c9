import { z } from 'zod';
import { shuffled } from '../economy/hash.ts';
import { guildOf } from './guilds.ts';
import { type Action, action, type Evolve, Id, IdentityId, KEEPERS, on, refuse, type World } from './kit.ts';
import { readPerson } from './people.ts';

/** How often two have to have met before they may not judge each other, and how far beyond the usual. */
const FREQUENT_MEETINGS = 5;
const FREQUENT_FACTOR = 2;
const JURY = 3;

/** Somebody with whom a resident has much more to do than with the others. */
export function isFrequentPartner({ society, identities }: World, one: string, other: string): boolean {
  const { relations } = readPerson(society, one);
  const met = relations.get(other) ?? 0;
  if (met < FREQUENT_MEETINGS) return false;
  const all = [...identities.keys()].filter((id) => id !== one).map((id) => relations.get(id) ?? 0);
  const usual = all.reduce((sum, count) => sum + count, 0) / Math.max(1, all.length);
  return met > usual * FREQUENT_FACTOR;
}

/** Who may judge a resident's work: not itself, nobody of its guild, no frequent partner. */
export function eligibleValidators(world: World, author_id: string): readonly string[] {
  const guild = guildOf(world.society, author_id)?.id;
  return [...world.identities.keys()]
    .filter((id) => id !== author_id)
    .filter((id) => guild === undefined || guildOf(world.society, id)?.id !== guild)
    .filter((id) => !isFrequentPartner(world, author_id, id))
    .sort();
}

/** Draw validators: the seed decides, each eligible one is as likely as the next. */
export function drawValidators(world: World, author_id: string, seed: string, count = JURY): readonly string[] {
  return shuffled(eligibleValidators(world, author_id), seed).slice(0, count);
}

/** A panel for one task: who was drawn, and how each voted. Opened together when all have spoken. */
export interface Panel {
  readonly author_id: string;
  readonly jurors: readonly string[];
  readonly votes: Map<string, 'accept' | 'reject'>;
}

export type Panels = Map<string, Panel>;

const Draw = z.strictObject({ subject_id: Id, author_id: IdentityId, count: z.int().min(1).max(9).default(JURY) });
const Drawn = z.object({ subject_id: Id, author_id: IdentityId, jurors: z.array(IdentityId) });
const Judge = z.strictObject({
  subject_id: Id,
  vote: z.enum(['accept', 'reject']),
  reason: z.string().trim().min(10).max(2_000),
});

export const validatorActions: Readonly<Record<string, Action>> = {
  draw_validators: action(KEEPERS, Draw, (world, { subject_id, author_id, count }, { key }) => {
    if (world.society.panels.has(subject_id)) return refuse('already_drawn', 'A panel judges this already');
    const jurors = drawValidators(world, author_id, key, count);
    if (jurors.length === 0) return refuse('no_validators', 'Nobody impartial is there; the person decides');
    const data = { subject_id, author_id, jurors };
    return {
      ok: true,
      event: { kind: 'validators_drawn', memo: subject_id, data, subjects: [`panel:${subject_id}`] },
      answer: { jurors },
    };
  }),
  judge: action(['resident'], Judge, (world, { subject_id, vote, reason }, { actor }) => {
    const panel = world.society.panels.get(subject_id);
    if (!panel?.jurors.includes(actor)) return refuse('not_drawn', 'You were not drawn for this');
    if (panel.votes.has(actor)) return refuse('already_voted', 'Your vote stands');
    const data = { subject_id, vote, reason, identity_id: actor };
    const decided = panel.votes.size + 1 === panel.jurors.length;
    const event = { kind: 'panel_voted', memo: subject_id, data, subjects: [`panel:${subject_id}`] };
    return { ok: true, event, answer: { subject_id, status: decided ? panelVerdict(panel, vote) : 'pending' } };
  }),
};

/** Strict majority of all jurors. `last` is the vote about to be cast. */
export function panelVerdict({ votes, jurors }: Panel, last?: 'accept' | 'reject'): 'accepted' | 'rejected' | 'pending' {
  const all = last ? [...votes.values(), last] : [...votes.values()];
  if (all.length < jurors.length) return 'pending';
  return all.filter((vote) => vote === 'accept').length * 2 > jurors.length ? 'accepted' : 'rejected';
}

export const validatorEvents: Readonly<Record<string, Evolve>> = {
  validators_drawn: on(Drawn, ({ panels }, { subject_id, author_id, jurors }) => {
    panels.set(subject_id, { author_id, jurors, votes: new Map() });
  }),
  panel_voted: on(Judge.extend({ identity_id: IdentityId }), ({ panels }, { subject_id, vote, identity_id }) => {
    panels.get(subject_id)?.votes.set(identity_id, vote);
  }),
};
