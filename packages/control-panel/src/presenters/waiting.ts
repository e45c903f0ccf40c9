import type { WaitingAnswer } from '../protocol/talk.ts';
import type { World } from '../world/world.ts';
import { newestFirst } from './bounties.ts';
import { disputesOf } from './disputes.ts';
import { allMail } from './mail.ts';

const MOST = 100;

/** What residents wait for a person to do, each longest first: answer their mail, decide a dispute, judge or pay handed-in work. */
export function waitingFor(world: World): WaitingAnswer {
  const oldest = <T>(newest: readonly T[]) => newest.slice(-MOST).reverse();
  return {
    success: true,
    letters: oldest(allMail(world).filter(({ response }) => response === undefined)),
    disputes: oldest(disputesOf(world).filter(({ status }) => status === 'open')),
    bounties: oldest(newestFirst(world, 'active').filter(({ teams }) => teams.length > 0)),
  };
}
