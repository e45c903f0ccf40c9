import type { GateVote } from '../../domain/gates/events.ts';
import type { GateState } from '../../domain/gates/state.ts';
import type { GateStore } from './gate-store.ts';

/** An open ballot as a voter meets it: whose work it is stays unsaid. */
export interface OpenBallot {
  readonly ballot_id: string;
  readonly about: 'change' | 'test';
  readonly title: string;
  readonly excerpt: string;
}

/** The ballots on which somebody can still vote: not on work of their own, and once. Oldest first. */
export function ballotsFor(state: GateState, voterId: string): readonly OpenBallot[] {
  return [...state.ballots.values()].flatMap(({ ballot_id, status, author_id, votes, subject }) => {
    const test = state.submissions.get(subject.id);
    const change = state.changes.get(subject.type === 'test' ? (test?.change_id ?? '') : subject.id);
    if (status !== 'pending' || !change || author_id === voterId || change.author_id === voterId) return [];
    if (votes.some(({ voter_id }) => voter_id === voterId)) return [];
    return [{ ballot_id, about: subject.type, title: change.title, excerpt: test ? test.description : change.excerpt }];
  });
}

/** Cast one vote. Casting the same one again changes nothing. @throws GateOrderError when it may not be cast */
export async function castVote(
  gates: GateStore,
  vote: { readonly voter_id: string; readonly ballot_id: string; readonly vote: GateVote; readonly reason: string },
): Promise<void> {
  await gates.catchUp();
  const { voter_id, ballot_id } = vote;
  const standing = gates.state.ballots.get(ballot_id)?.votes.find((one) => one.voter_id === voter_id);
  if (standing?.vote === vote.vote) return;
  await gates.record({ event: 'vote_cast', actor: voter_id, ballot_id, vote: vote.vote, reason: vote.reason });
}
