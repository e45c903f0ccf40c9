import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { shuffled } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import { CRAFT_MINT, type CraftSlice, noteTester } from '../crafts/crafts.ts';
import { BUG_CAUGHT_REWARD } from '../crafts/rules.ts';
import { type GuildSlice, guildOf } from '../guilds/state.ts';
import { Ballot, Id, IdentityId, KEEPERS, RESIDENT, Reason, Standing, subjectOn, type WorldOf } from '../kit/index.ts';
import { type PeopleSlice, type Person, personOf, readPerson, TRUST_FOR_GOOD } from '../people/people.ts';

/** What says who may judge. */
type Ties = PanelSlice & PeopleSlice & GuildSlice;
type World = WorldOf<Ties>;
const { action, on, subject } = subjectOn<Ties & CraftSlice>({ mints: { panel_verified: CRAFT_MINT } });

/** How often two have to have met before they may not judge each other, and how far beyond the usual. */
const FREQUENT_MEETINGS = 5;
const FREQUENT_FACTOR = 2;
const JURY = 3;
/** Share of its trust that a juror keeps after a verdict that a check proved wrong. */
const KEPT_WHEN_WRONG = 0.75;
const FOND_BALLOTS = 3;
/** Below this a resident judges nobody until verified work has earned the trust back. */
const TRUSTED = 40;

/** Those with whom a resident has much more to do than with the others. */
function frequentPartners({ society, identities }: World, one: string): ReadonlySet<string> {
  const { relations } = readPerson(society, one);
  const met = [...identities.keys()].filter((id) => id !== one).map((id) => [id, relations.get(id) ?? 0] as const);
  const usual = met.reduce((sum, [, count]) => sum + count, 0) / Math.max(1, met.length);
  const frequent = met.filter(([, count]) => count >= FREQUENT_MEETINGS && count > usual * FREQUENT_FACTOR);
  return new Set(frequent.map(([id]) => id));
}

/**
 * Who may judge what concerns some residents: none of them, nobody of their guilds, none of their frequent partners, nobody
 * who lost all trust.
 */
export function eligibleValidators(world: World, ...parties: readonly string[]): readonly string[] {
  const near = new Set(parties.flatMap((id) => [id, ...frequentPartners(world, id)]));
  const guilds = new Set(parties.flatMap((id) => guildOf(world.society, id)?.id ?? []));
  return [...world.identities.keys()]
    .filter((id) => !near.has(id) && !guilds.has(guildOf(world.society, id)?.id ?? ''))
    .filter((id) => readPerson(world.society, id).trust >= TRUSTED)
    .sort();
}

/**
 * Who may test a resident's work: whoever may judge it. Where nobody may, whoever is not of its guild, since what a test shows is
 * seen by the runtime.
 */
export function eligibleTesters(world: World, author_id: string): readonly string[] {
  const impartial = eligibleValidators(world, author_id);
  if (impartial.length > 0) return impartial;
  const guild = guildOf(world.society, author_id)?.id;
  const others = [...world.identities.keys()].filter((id) => id !== author_id);
  return others.filter((id) => guild === undefined || guildOf(world.society, id)?.id !== guild).sort();
}

/** Whether two have each approved everything they saw of the other: then others judge first. */
function areFond({ panels }: PanelSlice, one: string, other: string): boolean {
  return [`${one} ${other}`, `${other} ${one}`].every((pair) => {
    const seen = panels.seen.get(pair);
    return seen !== undefined && seen.all >= FOND_BALLOTS && seen.good === seen.all;
  });
}

/**
 * Draw validators: the seed decides, each eligible one is as likely as the next. Those who always approve each other are
 * drawn only when nobody else is left.
 */
export function drawValidators(world: World, author_id: string, seed: string, count = JURY): readonly string[] {
  const drawn = shuffled(eligibleValidators(world, author_id), seed);
  const fond = new Set(drawn.filter((id) => areFond(world.society, author_id, id)));
  return [...drawn.filter((id) => !fond.has(id)), ...fond].slice(0, count);
}

/** A panel for one task: who was drawn, and how each voted. Opened together when all have spoken. */
export interface Panel {
  readonly author_id: string;
  readonly jurors: readonly string[];
  readonly votes: Map<string, 'accept' | 'reject'>;
  /** What a check that nobody could sway said later. */
  verified?: 'good' | 'bad' | undefined;
}

export interface PanelState {
  readonly bySubject: Map<string, Panel>;
  /** `<juror> <author>` → how often the one judged the other's work, and approved it. */
  readonly seen: Map<string, { good: number; all: number }>;
}

export interface PanelSlice {
  readonly panels: PanelState;
}

const emptyPanels = (): PanelSlice => ({ panels: { bySubject: new Map(), seen: new Map() } });

const Draw = z.strictObject({ subject_id: Id, author_id: IdentityId, count: z.int().min(1).max(9).default(JURY) });
const Drawn = z.object({ subject_id: Id, author_id: IdentityId, jurors: z.array(IdentityId) });
const Verify = z.strictObject({ subject_id: Id, truth: z.enum(['good', 'bad']), evidence: z.string().trim().min(3).max(2_000) });
const Judge = z.strictObject({
  subject_id: Id,
  vote: Ballot,
  reason: Reason,
});

const Jury = z.object({ jurors: z.array(IdentityId) });
const Judged = z.object({ subject_id: Id, status: Standing });
const Verified = z.object({ subject_id: Id, caught: z.array(IdentityId) });

/** Tell how a juror judged somebody's work: who always approves each other is drawn last. */
export function noteJudgement({ seen }: PanelState, juror: string, author: string, good: boolean): void {
  const pair = `${juror} ${author}`;
  const count = seen.get(pair) ?? { good: 0, all: 0 };
  seen.set(pair, count);
  count.all += 1;
  if (good) count.good += 1;
}

const acts = {
  draw_validators: action(KEEPERS, Draw, Jury, (world, { subject_id, author_id, count }, { key }) => {
    if (world.society.panels.bySubject.has(subject_id)) return refuse('already_drawn', 'A panel judges this already');
    const jurors = drawValidators(world, author_id, key, count);
    if (jurors.length === 0) return refuse('no_validators', 'Nobody impartial is there; the person decides');
    const data = { subject_id, author_id, jurors };
    return {
      ok: true,
      event: { kind: 'validators_drawn', memo: subject_id, data, subjects: [`panel:${subject_id}`] },
      answer: { jurors },
    };
  }),
  judge: action(RESIDENT, Judge, Judged, (world, { subject_id, vote, reason }, { actor }) => {
    const panel = world.society.panels.bySubject.get(subject_id);
    if (!panel?.jurors.includes(actor)) return refuse('not_drawn', 'You were not drawn for this');
    if (panel.votes.has(actor)) return refuse('already_voted', 'Your vote stands');
    const data = { subject_id, vote, reason, identity_id: actor };
    const decided = panel.votes.size + 1 === panel.jurors.length;
    const event = { kind: 'panel_voted', memo: subject_id, data, subjects: [`panel:${subject_id}`] };
    return { ok: true, event, answer: { subject_id, status: decided ? panelVerdict(panel, vote) : 'pending' } };
  }),
  verify_panel: action(KEEPERS, Verify, Verified, (world, args) => {
    const panel = world.society.panels.bySubject.get(args.subject_id);
    if (!panel || panel.votes.size === 0) return refuse('not_judged', 'No juror has spoken');
    if (panel.verified) return refuse('already_verified', `It was found ${panel.verified}`);
    const booking = new Postings(world.tokens);
    const caught = args.truth === 'bad' ? [...panel.votes].flatMap(([juror, vote]) => (vote === 'reject' ? [juror] : [])) : [];
    for (const juror of caught) booking.credit(CRAFT_MINT, juror, BUG_CAUGHT_REWARD);
    const event = { kind: 'panel_verified', memo: args.evidence, data: args, subjects: [`panel:${args.subject_id}`], booking };
    return { ok: true, event, answer: { subject_id: args.subject_id, caught } };
  }),
};

/** A juror who approved what turned out bad loses more than one who was right gains. */
function weigh(person: Person, vote: 'accept' | 'reject', truth: 'good' | 'bad'): void {
  const right = (vote === 'accept') === (truth === 'good');
  person.trust = right ? Math.min(100, person.trust + TRUST_FOR_GOOD) : Math.floor(person.trust * KEPT_WHEN_WRONG);
}

/** Strict majority of all jurors. `last` is the vote about to be cast. */
function panelVerdict({ votes, jurors }: Panel, last?: 'accept' | 'reject'): 'accepted' | 'rejected' | 'pending' {
  const all = last ? [...votes.values(), last] : [...votes.values()];
  if (all.length < jurors.length) return 'pending';
  return all.filter((vote) => vote === 'accept').length * 2 > jurors.length ? 'accepted' : 'rejected';
}

const events = {
  validators_drawn: on(Drawn, ({ panels }, { subject_id, author_id, jurors }) => {
    panels.bySubject.set(subject_id, { author_id, jurors, votes: new Map() });
  }),
  panel_voted: on(Judge.extend({ identity_id: IdentityId }), ({ panels }, { subject_id, vote, identity_id }) => {
    const panel = panels.bySubject.get(subject_id);
    if (!panel) return;
    panel.votes.set(identity_id, vote);
    noteJudgement(panels, identity_id, panel.author_id, vote === 'accept');
  }),
  panel_verified: on(Verify, (society, { subject_id, truth }) => {
    const panel = society.panels.bySubject.get(subject_id);
    if (!panel) return;
    panel.verified = truth;
    for (const [juror, vote] of panel.votes) {
      weigh(personOf(society, juror), vote, truth);
      if (truth === 'bad' && vote === 'reject') noteTester(society, juror, 'bugs');
    }
  }),
};

export const VALIDATORS = subject({ name: 'validators', empty: emptyPanels, acts, events });
