import type { Identity } from '../../contract/files.ts';
import { applyToken, emptyTokenFold, type TokenFold } from '../economy/fold.ts';
import type { TokenRecord } from '../economy/record.ts';
import { type Auctions, bidEvents } from './bids.ts';
import { type Bounties, bountyEvents } from './bounties.ts';
import { payoutEvents } from './bounty-payout.ts';
import { submissionEvents } from './bounty-submissions.ts';
import { type Crafts, craftEvents, type Testers } from './crafts.ts';
import { creationEvents } from './creation.ts';
import { type Disputes, disputeEvents } from './disputes.ts';
import { emptyFreeTime, type FreeTime, freeTimeEvents } from './free-time.ts';
import { emptyGifts, type GiftState, giftEvents } from './gifts.ts';
import { grantEvents } from './grants.ts';
import { emptyGuilds, type GuildState, guildEvents } from './guilds.ts';
import { emptyHats, type Hats, hatEvents } from './hats.ts';
import { type Invites, inviteEvents } from './invites.ts';
import { emptyJournals, type JournalState, journalEvents } from './journals.ts';
import type { Evolve } from './kit.ts';
import { emptyMail, type MailState, mailEvents } from './mail.ts';
import { type Memories, memoryEvents } from './memories.ts';
import { type People, peopleEvents } from './people.ts';
import { type Pools, poolEvents } from './pools.ts';
import { type Quests, questEvents } from './quests.ts';
import { type Collective, emptyCollective } from './recognition.ts';
import { selfEditEvents } from './self-edit.ts';
import { emptyThrift, noteSpending, type Thrift } from './task-fees.ts';
import { thriftEvents } from './thrift.ts';
import { type Treasuries, treasuryEvents } from './treasury.ts';
import { emptyPanels, type PanelState, validatorEvents } from './validators.ts';
import { type Works, workEvents } from './works.ts';

/** Everything about residents that follows from the ledger, one slice a concern. Mutable: one owner folds into it. */
export interface Society {
  readonly people: People;
  readonly created: Map<string, Identity>;
  readonly mail: MailState;
  readonly memories: Memories;
  readonly journals: JournalState;
  readonly guilds: GuildState;
  readonly treasuries: Treasuries;
  readonly disputes: Disputes;
  readonly hats: Hats;
  readonly bounties: Bounties;
  readonly gifts: GiftState;
  readonly pools: Pools;
  readonly invites: Invites;
  readonly collective: Collective;
  readonly works: Works;
  readonly quests: Quests;
  readonly auctions: Auctions;
  readonly panels: PanelState;
  readonly free_time: FreeTime;
  readonly crafts: Crafts;
  readonly testers: Testers;
  readonly thrift: Thrift;
}

/** Tokens and society: one log, one fold. */
export interface LedgerFold {
  readonly tokens: TokenFold;
  readonly society: Society;
}

export function emptySociety(): Society {
  const people = { people: new Map(), created: new Map(), mail: emptyMail(), memories: new Map(), journals: emptyJournals() };
  const groups = { guilds: emptyGuilds(), treasuries: new Map(), disputes: new Map(), hats: emptyHats(), bounties: new Map() };
  const giving = { gifts: emptyGifts(), pools: new Map(), invites: new Map(), collective: emptyCollective() };
  const judging = { auctions: new Map(), panels: emptyPanels(), crafts: new Map(), testers: new Map(), thrift: emptyThrift() };
  return { ...people, ...groups, ...giving, ...judging, works: new Map(), quests: new Map(), free_time: emptyFreeTime() };
}

export function emptyLedger(): LedgerFold {
  return { tokens: emptyTokenFold(), society: emptySociety() };
}

const EVENTS: ReadonlyMap<string, Evolve> = new Map(
  Object.entries({
    ...{ ...peopleEvents, ...creationEvents, ...selfEditEvents, ...memoryEvents, ...mailEvents, ...journalEvents },
    ...{ ...guildEvents, ...treasuryEvents, ...disputeEvents, ...hatEvents, ...bountyEvents, ...submissionEvents },
    ...{ ...payoutEvents, ...giftEvents, ...poolEvents, ...inviteEvents, ...grantEvents, ...workEvents, ...questEvents },
    ...{ ...bidEvents, ...validatorEvents, ...freeTimeEvents, ...craftEvents, ...thriftEvents },
  }),
);

/**
 * Fold one record: it counts when its key is new, what it rested on still stands, and the tokens are there. Only then does
 * it change the society, so a rule that held when it was decided holds when it counts.
 */
export function applyLedger(fold: LedgerFold, record: TokenRecord, position: number): 'counted' | 'known' | 'void' {
  const verdict = applyToken(fold.tokens, record, position);
  if (verdict !== 'counted') return verdict;
  noteSpending(fold.society.thrift, record);
  EVENTS.get(record.kind)?.(fold.society, record);
  return verdict;
}
