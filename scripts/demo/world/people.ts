import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '@vivarium/control-panel';
import { actorOf } from '@vivarium/core';

/** What a script needs of an open world. */
export type Stage = Pick<World, 'paths' | 'society' | 'store' | 'now'>;

const PEOPLE = [
  ['wren', 'Wren', 'Toolsmith, keeps the sandbox in order'],
  ['juniper', 'Juniper', 'Critic who asks for one more source'],
  ['moss', 'Moss', 'Librarian of the commons'],
  ['ash', 'Ash', 'Cartographer of code nobody has read'],
  ['sorrel', 'Sorrel', 'Planner of small steps'],
] as const;

/** Do an act of the society that the script relies on. Resolves with the ids it made. */
export async function act(stage: Stage, actor: string, action: string, args: object): Promise<Record<string, string>> {
  const answer = await stage.society.ask(actorOf(actor), action, args);
  if (!answer.ok) throw new Error(`${action}: ${answer.reason}, ${answer.fix}`);
  const made = Object.entries(answer).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(made);
}

/** Decide on a journal by those who are asked to: who was drawn, else anybody but its author. */
export async function voteOnJournal(
  stage: Stage,
  journal_id: string,
  votes: readonly (readonly [vote: 'accept' | 'reject', reason: string])[],
): Promise<void> {
  const journal = stage.society.world.society.journals.entries.get(journal_id);
  const asked = journal?.jurors ?? PEOPLE.map(([id]) => id).filter((id) => id !== journal?.author_id);
  for (const [index, [vote, reason]] of votes.entries())
    await act(stage, asked[index] ?? '', 'vote_journal', { journal_id, vote, reason });
}

/** Five residents with a few tokens. */
export async function settle(stage: Stage): Promise<void> {
  await mkdir(stage.paths.identities, { recursive: true });
  for (const [id, name, summary] of PEOPLE) {
    const core = {
      personality_traits: ['patient', 'curious'],
      core_values: ['clarity'],
      identity_statement: 'I look before I leap.',
    };
    await writeFile(join(stage.paths.identities, `${id}.json`), JSON.stringify({ id, name, summary, attributes: { core } }));
  }
  for (const [id] of PEOPLE) await act(stage, 'human', 'tip', { identity_id: id, amount: 120, reason: 'to begin with' });
}
