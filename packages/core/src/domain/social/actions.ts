import type { z } from 'zod';
import { bidActions } from './bids.ts';
import { bountyActions } from './bounties.ts';
import { payoutActions } from './bounty-payout.ts';
import { submissionActions } from './bounty-submissions.ts';
import { craftActions } from './crafts.ts';
import { creationActions } from './creation.ts';
import { disputeActions } from './disputes.ts';
import { freeTimeActions } from './free-time.ts';
import { giftActions } from './gifts.ts';
import { grantActions } from './grants.ts';
import { guildActions } from './guilds.ts';
import { hatActions } from './hats.ts';
import { inviteActions } from './invites.ts';
import { journalActions } from './journals.ts';
import type { Action, Given } from './kit.ts';
import { mailActions } from './mail.ts';
import { memoryActions } from './memories.ts';
import { peopleActions } from './people.ts';
import { poolActions } from './pools.ts';
import { questActions } from './quests.ts';
import { roomActions } from './rooms.ts';
import { selfEditActions } from './self-edit.ts';
import { thriftActions } from './thrift.ts';
import { treasuryActions } from './treasury.ts';
import { validatorActions } from './validators.ts';
import { workActions } from './works.ts';

/** Every act of the society, by name: who may do it, what it takes, what it comes to. */
export const ACTS = {
  ...{ ...peopleActions, ...creationActions, ...selfEditActions, ...memoryActions, ...roomActions, ...mailActions },
  ...{ ...journalActions, ...guildActions, ...treasuryActions, ...disputeActions, ...hatActions, ...bountyActions },
  ...{ ...submissionActions, ...payoutActions, ...giftActions, ...poolActions, ...inviteActions, ...grantActions },
  ...{ ...workActions, ...questActions, ...bidActions, ...validatorActions, ...freeTimeActions, ...craftActions },
  ...thriftActions,
};

export type ActName = keyof typeof ACTS;
/** What an act takes, before defaults are filled in. */
export type ActArgs<N extends ActName> = Given<z.input<(typeof ACTS)[N]['schema']>>;
/** What an act answers when it was done. */
export type ActOutput<N extends ActName> = Given<z.output<(typeof ACTS)[N]['answer']>>;

/** The same by any name that somebody may ask for. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(Object.entries(ACTS));
