import { useMemo } from 'react';
import type { TaskRow } from '../../../../src/protocol.ts';
import { call } from '../../state/api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { useWorld } from '../../state/world.ts';

/** A resident's message to the person, as the server lists them. */
export interface Letter {
  readonly id: string;
  readonly from_id: string;
  readonly from_name: string;
  readonly content: string;
  readonly type: string;
  readonly timestamp: string;
  readonly response: { readonly response: string } | null;
}

/** One thing that waits for a person. */
export type Item =
  | { readonly kind: 'task'; readonly key: string; readonly at: string; readonly row: TaskRow }
  | { readonly kind: 'letter'; readonly key: string; readonly at: string; readonly letter: Letter };

const LOOK_AGAIN_MS = 15_000;

/** Everything that waits: what is held, longest first, then residents' questions and mail. */
export function useItems(): { readonly items: readonly Item[] | undefined; readonly again: () => void } {
  const rows = useWorld((world) => world.picture?.needsYou);
  const { data: letters, again } = useAnswer(
    'messages',
    (signal) => call<readonly Letter[]>('GET', '/api/messages', undefined, signal),
    LOOK_AGAIN_MS,
  );
  const items = useMemo(() => {
    if (!rows) return undefined;
    const tasks = Object.values(rows).map((row): Item => ({ kind: 'task', key: `task:${row.id}`, at: row.updated_at, row }));
    const mail = (Array.isArray(letters) ? letters : [])
      .filter(({ response }) => !response)
      .map((letter): Item => ({ kind: 'letter', key: `letter:${letter.id}`, at: letter.timestamp, letter }));
    const byAge = (a: Item, b: Item) => a.at.localeCompare(b.at);
    return [...tasks.sort(byAge), ...mail.sort(byAge)];
  }, [rows, letters]);
  return { items, again };
}

export function respond(message_id: string, response: string): Promise<object> {
  return call('POST', '/api/messages/respond', { message_id, response });
}

/** What kind of answer an item asks for. */
export type Ask = 'review' | 'proposal' | 'budget' | 'provider' | 'clarify' | 'letter';

export function askOf(item: Item): Ask {
  return item.kind === 'letter' ? 'letter' : (item.row.hold?.kind ?? 'review');
}

export const ASK_WORDS: Readonly<Record<Ask, string>> = {
  review: 'Review',
  proposal: 'Proposal',
  budget: 'Budget',
  provider: 'Model',
  clarify: 'Question',
  letter: 'Mail',
};
