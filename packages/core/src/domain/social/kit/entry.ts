import type { TokenEntry } from '../../economy/record.ts';
import type { Accepted, Context, WorldOf } from './world.ts';

/** The ledger's entry for an accepted act, on the state it was decided on; undefined for an act that is a post only. */
export function entryOf(
  { event, answer }: Accepted,
  { actor, key, task_id }: Context,
  action: string,
  { tokens }: Pick<WorldOf<unknown>, 'tokens'>,
): TokenEntry | undefined {
  if (!event) return undefined;
  const { postings, at_most } = event.booking?.done() ?? { postings: [], at_most: [] };
  const guards = Object.fromEntries(event.subjects.map((subject) => [subject, tokens.touched.get(subject) ?? 0]));
  const head = { key: event.key ?? key, kind: event.kind, memo: event.memo.slice(0, 2_000), actor, action };
  const ofTask = task_id !== undefined && postings.length > 0 && { task_id };
  const conditions = { ...(at_most.length > 0 && { at_most }), ...(event.subjects.length > 0 && { guards }) };
  return { ...head, postings, data: event.data, answer, ...ofTask, ...conditions };
}
