import { asRuntime } from '../../contract/actor.ts';
import type { Identity } from '../../contract/files.ts';
import { isAlready } from '../../contract/refusals.ts';
import type { ActArgs, ActName } from '../../domain/social/index.ts';
import type { TaskRecord, TaskStore } from '../../ports/task-store.ts';
import type { SocietyStore } from '../../stores/society/index.ts';
import { judged, lessonOf, topicsOf } from './lesson.ts';

export interface Memory {
  readonly store: Pick<TaskStore, 'history'>;
  readonly society: Society;
  readonly warn: (details: object, message: string) => void;
}

export type Society = Pick<SocietyStore, 'act' | 'refresh' | 'world'>;

/**
 * Let a resident keep what came of a task: the outcome counts for its trust and expertise, and a short memory is there
 * when something alike comes up; after a failure, memories that led there are worth less. Once per task and identity, however often and by whomever this is called.
 * @throws StorageError when it could not be written; it can be done again
 */
export async function rememberOutcome({ society, store, warn }: Memory, record: TaskRecord, identity: Identity): Promise<void> {
  // Approved at the first attempt, nothing was objected to before: its events would tell no more.
  const simple = record.status === 'approved' && record.attempt === record.first_attempt;
  const events = simple ? [] : store.history(record.task.id);
  const verdict = judged(record, events);
  if (verdict === undefined) return;
  await society.refresh();
  const task_id = record.task.id;
  const identity_id = identity.id;
  const base = { task_id, identity_id };
  const lesson = lessonOf(record, events, verdict, identity_id);
  const outcome = { verdict, topics: topicsOf(record, identity), cost_usd: record.spent_usd };
  const quality = verdict === 'approved' && record.review ? { quality: record.review.confidence } : {};
  for (const { id: memory_id } of verdict === 'failed' ? misleading(society, identity_id, record) : []) {
    const because = `${task_id} was done with it and was not accepted`;
    await act(society, warn, 'doubt_memory', { ...base, memory_id, verdict: 'contradicted', because });
  }
  const acts: Promise<void>[] = [];
  const once = <N extends ActName>(key: string, action: N, args: ActArgs<N>) => {
    if (!society.world.tokens.keys.has(`${key}:${task_id}::${identity_id}`)) acts.push(act(society, warn, action, args));
  };
  once('outcome', 'record_outcome', { ...base, ...outcome, ...quality });
  if (lesson) once('learned', 'learn', { ...base, ...lesson, outcome: verdict === 'approved' ? 'worked' : 'failed' });
  await Promise.all(acts);
}

/** What the resident was shown for a task and what spoke for another outcome. A memory of a failure warned of it. */
function misleading({ world }: Society, identity_id: string, { outcome }: TaskRecord) {
  const held = world.society.memories.get(identity_id) ?? [];
  return held.filter(({ id, provenance }) => outcome?.memories?.includes(id) && provenance.outcome !== 'failed');
}

/** A refusal is an answer: somebody else did it in between, or the resident is gone. */
async function act<N extends ActName>(society: Society, warn: Memory['warn'], action: N, args: ActArgs<N>): Promise<void> {
  const answer = await society.act(asRuntime, action, args);
  if (!answer.ok && !isAlready(answer.reason)) warn({ action, ...answer }, 'an outcome was not kept');
}
