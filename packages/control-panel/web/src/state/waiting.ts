import { useEffect, useMemo } from 'react';
import { create } from 'zustand';
import type { BountyView } from '../../../src/protocol/bounties.ts';
import type { DisputeView } from '../../../src/protocol/community.ts';
import type { MailRow, WaitingAnswer } from '../../../src/protocol/talk.ts';
import type { TaskRow } from '../../../src/protocol/tasks.ts';
import { inAddress } from './address.ts';
import { useRead } from './society.ts';
import { society } from './society-api.ts';
import { type RowsById, useWorld } from './world.ts';

interface Common {
  /** The same for as long as the same thing waits. */
  readonly key: string;
  /** Since when. */
  readonly at: string;
  readonly title: string;
  /** Whose mark stands beside it. */
  readonly who: string;
  /** The page on which it stands whole. */
  readonly href: string;
}

/** One thing that waits for a person. */
export type Item = Common &
  (
    | { readonly kind: 'task'; readonly row: TaskRow }
    | { readonly kind: 'letter'; readonly letter: MailRow }
    | { readonly kind: 'dispute'; readonly dispute: DisputeView }
    | { readonly kind: 'bounty'; readonly bounty: BountyView }
  );

/** What residents wait for, read again whenever the feed tells of it; undefined until the first answer. */
const useResidentsWait = create<{ readonly answer: WaitingAnswer | undefined; readonly again: () => void }>(() => ({
  answer: undefined,
  again: () => undefined,
}));

/** Keep what residents wait for up to date. Used once, by the shell. */
export function useFollowWaiting(): void {
  const { data, again } = useRead('waiting', (signal) => society.waiting(signal), ['mail', 'disputes', 'bounties']);
  useEffect(() => useResidentsWait.setState({ answer: data, again }), [data, again]);
}

export function readWaitingAgain(): void {
  useResidentsWait.getState().again();
}

/** Everything that waits: what is held, then what residents wait for, each longest first. Undefined until all is known. */
export function useItems(): readonly Item[] | undefined {
  const rows = useWorld((world) => world.picture?.needsYou);
  const answer = useResidentsWait((state) => state.answer);
  return useMemo(() => (rows && answer ? [...heldItems(rows), ...residentsItems(answer)] : undefined), [rows, answer]);
}

function heldItems(rows: RowsById): readonly Item[] {
  const items = [...rows.values()].map((row): Item => {
    const href = `/${row.hold?.kind === 'land' ? 'changes' : 'tasks'}/${inAddress(row.id)}`;
    return { kind: 'task', key: `task:${row.id}`, at: row.updated_at, title: row.title, who: row.resident ?? row.id, href, row };
  });
  return items.sort((a, b) => a.at.localeCompare(b.at));
}

/** A list shows two lines of it. */
const TITLE_CHARS = 200;

function residentsItems({ letters, disputes, bounties }: WaitingAnswer): readonly Item[] {
  return [
    ...letters.map((letter): Item => {
      const href = `/mail/${inAddress(letter.from_id)}`;
      const title = `${letter.from_name}: ${letter.content.slice(0, TITLE_CHARS)}`;
      return { kind: 'letter', key: `letter:${letter.id}`, at: letter.timestamp, title, who: letter.from_id, href, letter };
    }),
    ...disputes.map((dispute): Item => {
      const { dispute_id, created_at: at, reason: title, requester_id: who } = dispute;
      return { kind: 'dispute', key: `dispute:${dispute_id}`, at, title, who, href: '/disputes', dispute };
    }),
    ...bounties.map((bounty): Item => {
      const { id, teams, created_at, title } = bounty;
      const [first] = teams;
      const at = first?.submitted_at ?? created_at;
      const href = `/bounties/${inAddress(id)}`;
      return { kind: 'bounty', key: `bounty:${id}`, at, title, who: first?.identity_id ?? id, href, bounty };
    }),
  ];
}

/** What kind of answer an item asks for. */
export type Ask = NonNullable<TaskRow['hold']>['kind'] | 'letter' | 'dispute' | 'bounty';

export function askOf(item: Item): Ask {
  return item.kind === 'task' ? (item.row.hold?.kind ?? 'review') : item.kind;
}

export const ASK_WORDS: Readonly<Record<Ask, string>> = {
  review: 'Review',
  proposal: 'Proposal',
  budget: 'Budget',
  provider: 'Model',
  clarify: 'Question',
  gates: 'Quality gate',
  land: 'Change to land',
  dependencies: 'Dependencies',
  letter: 'Mail',
  dispute: 'Dispute',
  bounty: 'Bounty',
};
