import { z } from 'zod';
import { DOCUMENTS } from '../../contract/names.ts';
import { rewardView, walletView } from '../../domain/economy/views.ts';
import { bountiesView, disputesView, guildsView } from '../../domain/social/index.ts';
import type { StoreParts } from './society.ts';

const Replies = z.record(z.string(), z.looseObject({ response: z.string(), responded_at: z.string() }));

/** The documents that show the society to people and other tools. */
const VIEWS = {
  rewards: DOCUMENTS.rewards,
  wallets: DOCUMENTS.wallets,
  bounties: '.swarm/bounties.json',
  guilds: '.swarm/guilds.json',
  disputes: '.swarm/disputes.json',
  replies: '.swarm/messages_from_human.json',
} as const;

/** Write the documented files from the fold. The log is synced first: a view may lag, it never leads. */
export async function publishViews(store: StoreParts): Promise<void> {
  const { documents, ledger, people } = store;
  await documents.exclusive(VIEWS.wallets, async (guard) => {
    await store.refresh();
    const { tokens, society, identities } = store.world;
    const nameOf = (id: string) => identities.get(id)?.name ?? id;
    const views = [
      [VIEWS.rewards, rewardView(ledger.rewards())],
      [VIEWS.wallets, walletView(tokens)],
      [VIEWS.bounties, bountiesView(society, nameOf)],
      [VIEWS.guilds, guildsView(society, tokens, nameOf)],
      [VIEWS.disputes, disputesView(society, nameOf)],
    ] as const;
    await ledger.sync();
    guard.check();
    for (const [name, view] of views) await documents.put(name, view);
    await people.publish(society);
  });
  await publishReplies(store);
}

/** The person's replies; an answer somebody wrote into the file by hand stays. */
async function publishReplies({ documents, ledger }: StoreParts): Promise<void> {
  const answered = [...ledger.fold.society.mail.sent.values()].flatMap(({ id, answer }) =>
    answer ? [[id, answer] as const] : [],
  );
  if (answered.length === 0) return;
  await documents.update(VIEWS.replies, Replies, (current = {}) => {
    const fresh = answered.filter(([id, { responded_at }]) => current[id]?.responded_at !== responded_at);
    return fresh.length === 0 ? undefined : { ...current, ...Object.fromEntries(fresh) };
  });
}
