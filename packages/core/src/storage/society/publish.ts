import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { rewardView, walletView } from '../../domain/economy/views.ts';
import { bountiesView, disputesView, guildsView } from '../../domain/social/views.ts';
import { codeOf } from '../../files/index.ts';
import { updateDocument, writeDocument } from '../documents/document.ts';
import { withLock } from '../documents/lock.ts';
import type { WorkspacePaths } from '../workspace.ts';
import type { StoreParts } from './society.ts';

const Replies = z.record(z.string(), z.looseObject({ response: z.string(), responded_at: z.string() }));

/** Write the documented files from the fold. The log is synced first: a view may lag, it never leads. */
export async function publishViews(store: StoreParts, paths: WorkspacePaths): Promise<void> {
  await withLock(paths.walletView, async (guard) => {
    await store.refresh();
    const { tokens, society, identities } = store.world;
    const nameOf = (id: string) => identities.get(id)?.name ?? id;
    const views = [
      [paths.rewardView, rewardView(store.ledger.rewards())],
      [paths.walletView, walletView(tokens)],
      [join(paths.swarm, 'bounties.json'), bountiesView(society, nameOf)],
      [join(paths.swarm, 'guilds.json'), guildsView(society, tokens, nameOf)],
      [join(paths.swarm, 'disputes.json'), disputesView(society, nameOf)],
    ] as const;
    await syncFile(paths.tokenLedger);
    guard.check();
    for (const [file, view] of views) await writeDocument(file, view);
    await store.people.publish(society);
  });
  await publishReplies(store, paths);
}

/** The person's replies; an answer somebody wrote into the file by hand stays. */
async function publishReplies({ ledger }: StoreParts, paths: WorkspacePaths): Promise<void> {
  const answered = [...ledger.fold.society.mail.sent.values()].flatMap(({ id, answer }) =>
    answer ? [[id, answer] as const] : [],
  );
  if (answered.length === 0) return;
  await updateDocument(join(paths.swarm, 'messages_from_human.json'), Replies, (current = {}) => {
    const fresh = answered.filter(([id, { responded_at }]) => current[id]?.responded_at !== responded_at);
    return fresh.length === 0 ? undefined : { ...current, ...Object.fromEntries(fresh) };
  });
}

async function syncFile(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r');
    await handle.datasync().finally(() => handle.close());
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
