import type { Change } from '../../domain/gates/state.ts';
import { GateOrderError } from '../../errors/index.ts';
import type { TaskRecord } from '../../ports/task-store.ts';
import { type GateStore, gateId, type NewGateEvent } from './gate-store.ts';

const TITLE_CHARS = 240;
const EXCERPT_CHARS = 500;
const DESCRIPTION_CHARS = 4_000;

/** What a change to a project is, where the words of its task are not enough. */
export type SubmittedPatch = Pick<
  Extract<NewGateEvent, { event: 'change_submitted' }>,
  'project' | 'stages' | 'tree' | 'entries_sha256' | 'title' | 'excerpt'
>;

/** The change of a task's present attempt; submitted to the vote when it is not yet. `author` is who did the work. */
export async function submitChange(
  gates: GateStore,
  { task, attempt, outcome }: TaskRecord,
  author: string,
  patch?: SubmittedPatch,
): Promise<Change> {
  const standing = gates.change(task.id);
  if (standing && standing.attempt >= attempt) return standing;
  const text = task.prompt ?? task.command ?? task.skill ?? task.id;
  await gates.tryRecord({
    event: 'change_submitted',
    actor: 'runtime',
    change_id: task.id,
    attempt,
    title: (task.title ?? text).slice(0, TITLE_CHARS),
    description: text.slice(0, DESCRIPTION_CHARS),
    author_id: author,
    excerpt: (outcome?.result_summary ?? '').slice(0, EXCERPT_CHARS),
    ballot_id: gateId('vote'),
    ...patch,
  });
  const made = gates.change(task.id);
  if (!made) throw new GateOrderError('the change could not be submitted', 'change_submitted');
  return made;
}
