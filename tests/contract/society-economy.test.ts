import {
  ACTIONS,
  actorOf,
  applyLedger,
  emptyLedger,
  entryOf,
  type Identity,
  idFrom,
  type LedgerFold,
  type SocietyState,
  seeded,
  suspicions,
  type TokenEntry,
} from '@vivarium/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadLedgerFold, saveLedgerFold } from '../../packages/core/src/stores/society/ledger-snapshot.ts';

type Line = TokenEntry & { timestamp: string };

const person = (id: string): Identity => ({
  id,
  name: `Name of ${id}`,
  summary: '',
  attributes: { core: { personality_traits: [], core_values: [], identity_statement: '' } },
});
const peopleOf = (count: number) => new Map(Array.from({ length: count }, (_, n) => [`p${n}`, person(`p${n}`)]));

/** One process: its own fold of the one log, which may lag until it looks. */
class Process {
  readonly #log: Line[];
  readonly #identities: ReadonlyMap<string, Identity>;
  fold: LedgerFold = emptyLedger();
  #at = 0;
  #snapshot: { at: number; bytes: Buffer } | undefined;

  constructor(log: Line[], identities: ReadonlyMap<string, Identity>) {
    this.#log = log;
    this.#identities = identities;
  }

  get world(): SocietyState {
    return { ...this.fold, identities: this.#identities };
  }

  catchUp(): void {
    for (; this.#at < this.#log.length; this.#at++) applyLedger(this.fold, this.#log[this.#at]!, this.#at);
  }

  /** Decide on what this process has seen, append the intent, read back. Returns whether it counts. */
  act(actor: string, action: string, args: unknown, key: string, timestamp: string): boolean {
    if (this.fold.tokens.keys.has(key)) return false;
    const { kind } = actorOf(actor);
    // What a resident does, it does in the course of one of a few tasks.
    const task_id = kind === 'resident' ? `t${key.length}${key.at(-3)}` : undefined;
    const context = { actor, kind, now: timestamp, key, task_id } as const;
    const decision = ACTIONS.get(action)!.run(this.world, args, context);
    if (!decision.ok) return false;
    const entry = entryOf(decision, context, action, this.world)!;
    // Through JSON, as a line of the log would be.
    const place = this.#log.push(JSON.parse(JSON.stringify({ timestamp, ...entry }))) - 1;
    this.catchUp();
    return this.fold.tokens.keys.get(entry.key) === place;
  }

  remember(): void {
    this.#snapshot = { at: this.#at, bytes: saveLedgerFold(this.fold) };
  }

  /** Die and start again, from the snapshot when there is one. */
  crash(): void {
    this.fold = this.#snapshot ? loadLedgerFold(Buffer.from(this.#snapshot.bytes)) : emptyLedger();
    this.#at = this.#snapshot?.at ?? 0;
  }
}

const sumOf = ({ tokens }: LedgerFold) => [...tokens.balances.values()].reduce((sum, balance) => sum + balance, 0);
const overdrawn = ({ tokens }: LedgerFold) =>
  [...tokens.balances].filter(([account, n]) => n < 0 && !account.startsWith('mint:'));
const balancesOf = ({ tokens }: LedgerFold) => [...tokens.balances].filter(([, n]) => n !== 0).sort();

/** The most that one act may bring into the world, by where it comes from: the frozen numbers, for six residents. */
const SOURCES: Readonly<Record<string, number>> = {
  'bounty_created mint:bounty': 1_000_000,
  'bounty_topped_up mint:bounty': 1_000_000,
  'under_budget_reward mint:under_budget': 12,
  'journal_voted mint:journal': 100,
  'sunday_grant mint:sunday': 500,
  'tip mint:tip': 5_000,
  'milestone_reached mint:milestone': 6 * 250,
  'quest_created mint:quest': 10_000,
  'mail_answered mint:human_attention': 20,
  'work_vouched mint:craft': 100,
  'thrift_returned mint:thrift': 100,
  'thrift_shared mint:thrift': 1_000,
};

/** What an entry that counts takes: new tokens only from these sources, and from nobody's wallet but the actor's own. */
function expectFair({ kind, actor, postings }: Line): void {
  for (const { account, amount } of postings) {
    if (account.startsWith('mint:'))
      expect(SOURCES[`${kind} ${account}`] ?? 0, `${kind} from ${account}`).toBeGreaterThanOrEqual(-amount);
    const owner = /^wallet:(.+):/.exec(account)?.[1];
    // A reopened vote takes back what it paid.
    if (amount < 0 && owner !== undefined && kind !== 'dispute_resolved')
      expect(`${kind} by ${actor}`).toBe(`${kind} by ${owner}`);
  }
}

/** What lies in escrow for bounties that are over. */
const leftInEscrow = ({ tokens, society }: LedgerFold) =>
  [...society.bounties.values()]
    .filter(({ status }) => status === 'completed' || status === 'cancelled')
    .map(({ id }) => tokens.balances.get(`escrow:bounty:${id}`) ?? 0)
    .filter((held) => held !== 0);

const AMOUNTS = [1, 2, 3, 5, 10, 25, 50, 50, 100, 0, -7, 0.5, 1e9, Number.NaN, 499];

/** A random act of a random resident, sensible or not. */
function randomAct(
  random: () => number,
  { society }: SocietyState,
  people: readonly string[],
): [actor: string, action: string, args: unknown] {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const recent = (items: Iterable<string>) => pick([...items].slice(-6)) ?? 'none';
  const [who, other, amount] = [pick(people), pick(people), pick(AMOUNTS)];
  const journal_id = () => recent(society.journals.entries.keys());
  const bounty_id = () => recent(society.bounties.keys());
  const task_id = () => (random() < 0.5 ? recent(society.thrift.open.keys()) : `t${Math.floor(random() * 1e6)}`);
  const acts: (() => [string, string, unknown])[] = [
    () => ['human', 'tip', { identity_id: who, amount, reason: 'for fun' }],
    () => ['runtime', 'grant_sunday', { identity_id: who }],
    () => [who, 'gift_tokens', { identity_id: other, amount }],
    () => [who, 'write_journal', { content: 'I learned something' }],
    () => [
      who,
      'vote_journal',
      { journal_id: journal_id(), vote: pick(['accept', 'exceptional', 'reject', 'gaming']), reason: 'because' },
    ],
    () => [who, 'vote_journal', { journal_id: journal_id(), vote: 'exceptional', reason: 'because' }],
    () => [who, 'open_dispute', { target_type: 'journal', target_id: journal_id(), reason: 'no no' }],
    () => [
      'human',
      'resolve_dispute',
      { dispute_id: recent(society.disputes.keys()), outcome: pick(['uphold', 'reopen']), notes: 'so' },
    ],
    () => [who, 'found_guild', { name: `G${Math.floor(random() * 1e6)}` }],
    () => [who, 'request_guild', { guild_id: recent(society.guilds.guilds.keys()), message: 'please' }],
    () => [
      who,
      'vote_guild',
      { request_id: recent(society.guilds.requests.keys()), vote: pick(['accept', 'accept', 'reject']), reason: 'so be it' },
    ],
    () => [who, 'leave_guild', {}],
    () => [who, 'contribute_treasury', { amount }],
    () => [
      who,
      'spend_treasury',
      { guild_id: society.guilds.memberOf.get(who) ?? 'none', amount, purpose: pick(['paper', 'ink!']) },
    ],
    () => [
      pick([who, 'human']),
      'create_bounty',
      { title: 'B', reward: amount, slots: 1 + Math.floor(random() * 3), ...(random() < 0.3 && { bid_hours: 1 }) },
    ],
    () => [who, 'place_bid', { bounty_id: bounty_id(), price: amount }],
    () => ['runtime', 'open_bids', { bounty_id: bounty_id() }],
    () => [who, 'claim_bounty', { bounty_id: bounty_id(), as_guild: random() < 0.3 }],
    () => [
      who,
      'submit_bounty',
      { bounty_id: bounty_id(), description: `A long enough description ${random()}`, members: random() < 0.3 ? [other] : [] },
    ],
    () => {
      const id = bounty_id();
      const handed_in = [
        ...(society.bounties.get(id)?.submissions ?? []).map((one) => one.id),
        'sub_nobody',
        undefined,
        undefined,
      ];
      const choice = { winner_submission_id: pick(handed_in), runner_up_submission_id: pick(handed_in) };
      const rewards = { winner_reward: pick([undefined, undefined, 40, 250, 1_000_000]), runner_up_reward: pick([0, 0, 7, 40]) };
      return [pick([who, 'human', 'human']), 'complete_bounty', { bounty_id: id, ...choice, ...rewards }];
    },
    () => [pick([who, 'human']), 'cancel_bounty', { bounty_id: bounty_id() }],
    () => [pick([who, 'human']), 'top_up_bounty', { bounty_id: bounty_id(), amount }],
    () => {
      const id = bounty_id();
      const submission_id = pick((society.bounties.get(id)?.submissions ?? []).map((one) => one.id)) ?? 'none';
      return [
        'human',
        'review_submission',
        { bounty_id: id, submission_id, verdict: pick(['accepted', 'rejected']), evidence: 'read it' },
      ];
    },
    () => {
      const budget = { tokens: amount, budget_used: 0.01, max_budget: 0.1, review_confidence: 1 };
      return ['runtime', 'reward_task', { task_id: task_id(), identity_id: who, ...budget }];
    },
    () => [who, 'create_pool', { name: `P${Math.floor(random() * 20)}` }],
    () => [who, 'contribute_pool', { pool_id: recent(society.pools.keys()), amount }],
    () => [who, 'draw_pool', { pool_id: recent(society.pools.keys()), amount, purpose: 'ink' }],
    () => [who, 'message_human', { content: 'hello' }],
    () => ['human', 'reply_message', { message_id: recent(society.mail.sent.keys()), response: 'hi' }],
    () => ['human', 'grant_from_commons', { identity_id: who, amount, reason: 'share' }],
    () => [
      'human',
      'create_quest',
      { task_id: `q${Math.floor(random() * 1e6)}`, identity_id: who, upfront_tip: 5, completion_reward: 30 },
    ],
    () => ['human', 'end_quest', { task_id: recent(society.quests.keys()), status: pick(['completed', 'cancelled']) }],
    () => [who, 'edit_self', { changes: { mutable: { current_mood: 'so' } }, reason: 'ten characters' }],
    () => ['runtime', 'record_outcome', { identity_id: who, task_id: task_id(), verdict: 'approved', quality: 0.95 }],
    () => ['runtime', 'return_thrift', { task_id: recent(society.thrift.open.keys()) }],
    () => ['runtime', 'share_thrift', {}],
    () => ['human', 'vouch', { of: pick(['bug', 'test']), identity_id: who, task_id: task_id(), assertions: amount }],
    () => ['runtime', 'check_milestone', {}],
  ];
  return pick(acts)();
}

/** Two processes, `count` acts: stale decisions, crashes, replays. Returns the log and what each saw. */
function live(seed: string, count: number) {
  const random = seeded(seed);
  const identities = peopleOf(6);
  const people = [...identities.keys()];
  const log: Line[] = [];
  const processes = [new Process(log, identities), new Process(log, identities)];
  const done: Parameters<Process['act']>[] = [];
  let counted = 0;
  for (let n = 0; n < count; n++) {
    const own = processes[random() < 0.5 ? 0 : 1]!;
    if (random() < 0.7) own.catchUp();
    if (random() < 0.0005) own.crash();
    if (random() < 0.0005) own.remember();
    const timestamp = new Date(Date.UTC(2026, 10, 22) + n * 600_000).toISOString();
    const replay = random() < 0.05 ? done[Math.floor(random() * done.length)] : undefined;
    const [actor, action, args] = replay ? [replay[0], replay[1], replay[2]] : randomAct(random, own.world, people);
    const key = replay ? replay[3] : `act:${actor}:${seed}.${n}#0`;
    if (replay) own.catchUp();
    const counts = own.act(actor, action, args, key, timestamp);
    if (replay)
      expect(counts && own.fold.tokens.keys.get(key) !== undefined && log.filter((line) => line.key === key).length > 1).toBe(
        false,
      );
    if (counts) {
      expectFair(log.at(-1)!);
      counted += 1;
      done.push([actor, action, args, key, timestamp]);
    }
    if (n % 1000 === 0) expect([sumOf(own.fold), overdrawn(own.fold), leftInEscrow(own.fold)]).toEqual([0, [], []]);
  }
  for (const own of processes) own.catchUp();
  return { log, processes, counted };
}

const OPERATIONS = Number(process.env['VIVARIUM_TEST_OPERATIONS'] ?? 100_000);
const PER_RUN = 5_000;

describe('the economy under random acts', () => {
  it(`keeps every sum, pays only what is there, and recomputes (${OPERATIONS} acts with races, crashes and replays)`, {
    timeout: 3_600_000,
  }, () => {
    let total = 0;
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { log, processes, counted } = live(seed, PER_RUN);
        total += counted;
        const afresh = emptyLedger();
        for (const [at, line] of log.entries()) applyLedger(afresh, line, at);
        for (const { fold } of processes) expect(balancesOf(fold)).toEqual(balancesOf(afresh));
        expect([sumOf(afresh), overdrawn(afresh), leftInEscrow(afresh)]).toEqual([0, [], []]);
        const before = structuredClone(afresh.society);
        for (const [at, line] of log.entries())
          if (afresh.tokens.keys.has(line.key)) expect(applyLedger(afresh, line, at)).toBe('known');
        expect(afresh.society).toEqual(before);
        for (const { fold } of processes) expect(fold.society).toEqual(before);
      }),
      { numRuns: Math.ceil(OPERATIONS / PER_RUN), endOnFailure: true },
    );
    expect(total).toBeGreaterThan(OPERATIONS / 4);
  });
});

describe('a ring of five among twenty', () => {
  /** 500 tasks judged by drawn jurors; the ring says yes to its own whatever the work is. A third is audited later. */
  const judge = (seed: string, ring: ReadonlySet<string>) => {
    const random = seeded(seed);
    const identities = peopleOf(20);
    const people = [...identities.keys()];
    const own = new Process([], identities);
    const earned = new Map<string, number>();
    const act = (actor: string, action: string, args: object, n: string) =>
      own.act(actor, action, args, `${seed} ${action} ${n} ${actor}`, '2026-11-24T12:00:00.000Z');
    for (let n = 0; n < 500; n++) {
      const author = people[n % people.length]!;
      const subject_id = idFrom('task', `${seed}${n}`);
      const good = random() < 0.65;
      act('runtime', 'draw_validators', { subject_id, author_id: author }, `${n}`);
      const panel = own.fold.society.panels.bySubject.get(subject_id)!;
      for (const juror of panel.jurors) {
        const favour = ring.has(author) && ring.has(juror);
        const vote = favour || good ? 'accept' : 'reject';
        act(juror, 'judge', { subject_id, vote, reason: `looked at it: ${n}` }, `${n}`);
      }
      const accepted = [...panel.votes.values()].filter((vote) => vote === 'accept').length * 2 > panel.jurors.length;
      if (accepted) earned.set(author, (earned.get(author) ?? 0) + 10);
      if (random() < 0.33)
        act('runtime', 'verify_panel', { subject_id, truth: good ? 'good' : 'bad', evidence: 'ran it' }, `${n}`);
    }
    return { earned, findings: suspicions(own.fold.society) };
  };
  const shareOf = (earned: Map<string, number>, ring: ReadonlySet<string>) =>
    [...earned].reduce((sum, [id, n]) => sum + (ring.has(id) ? n : 0), 0) / [...earned.values()].reduce((sum, n) => sum + n, 0);

  it('earns at most 5 % over its honest share, is flagged, and nobody honest is', () => {
    const ring = new Set(['p1', 'p4', 'p9', 'p13', 'p17']);
    const worlds = [...'abcdefghijkl'].map((seed) => ({ honest: judge(seed, new Set()), rigged: judge(seed, ring) }));
    const shares = (which: 'honest' | 'rigged') => worlds.reduce((sum, world) => sum + shareOf(world[which].earned, ring), 0);
    expect(shares('rigged')).toBeLessThanOrEqual(shares('honest') * 1.05);
    for (const { honest, rigged } of worlds) {
      expect(honest.findings.filter(({ kind }) => kind === 'collusion')).toEqual([]);
      const flagged = new Set(rigged.findings.filter(({ kind }) => kind === 'collusion').flatMap(({ members }) => members));
      expect(flagged.size).toBeGreaterThan(2);
      for (const member of flagged) expect(ring.has(member), `${member} is honest`).toBe(true);
    }
  });
});
