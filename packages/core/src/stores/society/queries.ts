import type { Identity } from '../../contract/files.ts';
import { walletAccount, walletOf } from '../../domain/economy/accounts.ts';
import { JOURNAL_CAP_TOKENS } from '../../domain/economy/rules.ts';
import { freeCapOf } from '../../domain/economy/views.ts';
import {
  bountiesView,
  oneLine as clip,
  disputesView,
  guildLeaderboard,
  guildOf,
  guildsView,
  isAsked,
  levelOf,
  type Memory,
  mayRead,
  mutableCost,
  NUMBERS,
  type Person,
  PUBLIC_ROOMS,
  readPerson,
  recall,
  respecCost,
  successRate,
  type WakeUpText,
  type SocietyState as World,
} from '../../domain/social/index.ts';
import type { Page } from './line-logs.ts';
import type { StoreParts } from './society.ts';
import { wakeUpOf } from './wake-up.ts';

export interface Wallet {
  readonly identity_id: string;
  readonly name: string;
  readonly tokens: number;
  readonly journal_tokens: number;
  readonly free_time_cap: number;
  readonly journal_cap: number;
}

export interface LedgerLine {
  readonly seq: number;
  readonly timestamp: string;
  readonly kind: string;
  readonly memo: string;
  readonly actor: string;
  readonly free: number;
  readonly journal: number;
}

export interface Profile {
  readonly identity: Identity;
  readonly person: Readonly<Person>;
  readonly level: number;
  readonly success_rate: number;
  readonly respec_cost: number;
  readonly mutable_cost: number;
  readonly guild_id: string | undefined;
}

type Rows<T> = readonly T[];

/** What may be asked. Nothing here changes anything; `refresh` first to see others' newest acts. */
export interface Queries {
  readonly world: World;
  identities(): Rows<Identity>;
  profile(identity_id: string): Profile | undefined;
  /** In which body somebody is awake; cheap enough to ask for each task. */
  awake(identity_id: string): Person['awake'];
  wallets(): Rows<Wallet>;
  wallet(identity_id: string): Wallet;
  /** Newest first; `next` reads on. */
  walletLedger(
    identity_id: string,
    options?: { limit?: number; before?: number },
  ): { readonly lines: Rows<LedgerLine>; readonly next?: number };
  bounties(): ReturnType<typeof bountiesView>;
  guilds(): ReturnType<typeof guildsView>;
  guildLeaderboard: (by?: 'total_earned' | 'bounties_completed' | 'members') => ReturnType<typeof guildLeaderboard>;
  disputes(): Rows<ReturnType<typeof disputesView>['disputes'][string]>;
  /** What a reader may vote on or see. Authors of undecided journals are hidden, private ones are only the author's. */
  journals(reader: string, options?: { limit?: number }): Promise<Rows<Readonly<Record<string, unknown>>>>;
  memories(identity_id: string, subject: string, limit?: number): Rows<Memory>;
  rooms(
    reader: string,
  ): Promise<Rows<{ readonly room: string; readonly message_count: number; readonly last?: Readonly<Record<string, unknown>> }>>;
  room(name: string, reader: string, options?: { limit?: number; before?: number }): Promise<Page | undefined>;
  mailToHuman(): Rows<Readonly<Record<string, unknown>>>;
  unreadMail(identity_id: string): Rows<{ readonly id: string; readonly content: string; readonly about?: string | undefined }>;
  wakeUp(identity_id: string, about: string, budget_tokens?: number): Promise<WakeUpText | undefined>;
}

const DEFAULT_LIMIT = 50;

export function societyQueries(store: StoreParts): Omit<Queries, 'world'> {
  const society = () => store.world.society;
  const nameOf = (id: string) => store.world.identities.get(id)?.name ?? id;
  return {
    identities: () => [...store.world.identities.values()],
    profile: (id) => profileOf(store.world, id),
    awake: (id) => store.ledger.fold.society.people.get(id)?.awake,
    wallets: () => walletsOf(store.world),
    wallet: (id) => walletRow(store.world, id),
    walletLedger: (id, options) => walletLedger(store, id, options),
    bounties: () => bountiesView(society(), nameOf),
    guilds: () => guildsView(society(), store.world.tokens, nameOf),
    guildLeaderboard: (by) => guildLeaderboard(society(), by),
    disputes: () => Object.values(disputesView(society(), nameOf).disputes),
    journals: (reader, { limit = DEFAULT_LIMIT } = {}) => journalsFor(store, reader, limit),
    memories: (id, subject, limit = 5) =>
      recall(society().memories.get(id) ?? [], subject, readPerson(society(), id).days, limit).map(({ memory }) => memory),
    rooms: (reader) => roomsFor(store, reader),
    room: async (name, reader, { limit, before } = {}) =>
      !mayRead(name, reader, store.world.identities.keys()) ? undefined : store.logs.page(`discussions/${name}`, limit, before),
    mailToHuman: () => [...society().mail.sent.values()].map((mail) => ({ ...mail, from_name: nameOf(mail.from_id) })).reverse(),
    unreadMail: (id) => (society().mail.letters.get(id) ?? []).filter(({ read }) => !read),
    wakeUp: (id, about, budget) => wakeUpOf(store, id, about, budget),
  };
}

function profileOf({ identities, society }: World, id: string): Profile | undefined {
  const identity = identities.get(id);
  if (!identity) return undefined;
  const person = readPerson(society, id);
  const { sessions } = person;
  const costs = { respec_cost: respecCost(sessions), mutable_cost: mutableCost(sessions) };
  return {
    identity,
    person,
    level: levelOf(sessions),
    success_rate: successRate(person),
    ...costs,
    guild_id: guildOf(society, id)?.id,
  };
}

function walletsOf(world: World): readonly Wallet[] {
  const ids = new Set(world.identities.keys());
  for (const account of world.tokens.balances.keys()) {
    const owner = walletOf(account)?.identity_id;
    if (owner !== undefined) ids.add(owner);
  }
  return [...ids].sort().map((id) => walletRow(world, id));
}

function walletRow({ tokens, identities }: World, identity_id: string): Wallet {
  const balance = (pool: 'free' | 'journal') => tokens.balances.get(walletAccount(identity_id, pool)) ?? 0;
  const name = identities.get(identity_id)?.name ?? identity_id;
  const caps = { free_time_cap: freeCapOf(tokens, identity_id), journal_cap: JOURNAL_CAP_TOKENS };
  return { identity_id, name, tokens: balance('free'), journal_tokens: balance('journal'), ...caps };
}

function walletLedger(
  { ledger }: StoreParts,
  id: string,
  { limit = DEFAULT_LIMIT, before }: { limit?: number; before?: number } = {},
) {
  const trail = ledger.fold.tokens.trails.get(id);
  const length = trail?.length ?? 0;
  const end = Math.min(before ?? length, length);
  const start = Math.max(0, end - Math.max(1, limit));
  const change = (postings: readonly { account: string; amount: number }[], pool: 'free' | 'journal') =>
    postings.reduce((sum, { account, amount }) => sum + (account === walletAccount(id, pool) ? amount : 0), 0);
  const lines = ledger.read(trail?.slice(start, end) ?? []).map(({ timestamp, kind, memo, actor, postings }, at) => ({
    ...{ seq: start + at, timestamp, kind, memo, actor: actor ?? 'runtime' },
    ...{ free: change(postings, 'free'), journal: change(postings, 'journal') },
  }));
  return { lines: lines.reverse(), ...(start > 0 ? { next: start } : {}) };
}

async function journalsFor({ world, logs }: StoreParts, reader: string, limit: number) {
  const all = [...world.society.journals.entries.values()].reverse();
  const visible = all.filter(({ status, author_id }) => status !== 'private' || author_id === reader).slice(0, limit);
  return Promise.all(
    visible.map(async ({ votes, author_id, jurors, paid: _, ...journal }) => {
      const own = author_id === reader;
      const pending = journal.status === 'pending';
      const asked = pending && isAsked({ author_id, jurors }, reader);
      const content = own || asked ? await diaryText(logs, author_id, journal.id) : undefined;
      const text = own ? { content } : asked ? { review_excerpt: clip(content ?? '', NUMBERS.journal_excerpt_chars) } : {};
      const author = own || !pending ? { author_id, author_name: world.identities.get(author_id)?.name ?? author_id } : {};
      const ballots = { votes: votes.length, voted: votes.some(({ voter_id }) => voter_id === reader) };
      return { ...journal, journal_id: journal.id, ...author, ...text, ...ballots, own, asked };
    }),
  );
}

async function diaryText(logs: StoreParts['logs'], author_id: string, journal_id: string): Promise<string> {
  const [line] = await logs.find(`journals/${author_id}`, ({ id }) => id === journal_id);
  const content = line?.['content'];
  return typeof content === 'string' ? content : '';
}

async function roomsFor({ logs, world }: StoreParts, reader: string) {
  const begun = new Set(await logs.names('discussions'));
  const names = [...new Set([...PUBLIC_ROOMS, ...begun])];
  const readable = names.filter((name) => mayRead(name, reader, world.identities.keys()));
  return Promise.all(
    readable.map(async (room) => {
      if (!begun.has(room)) return { room, message_count: 0 };
      const last = (await logs.page(`discussions/${room}`, 1)).lines[0];
      return { room, message_count: await logs.count(`discussions/${room}`), ...(last ? { last } : {}) };
    }),
  );
}
