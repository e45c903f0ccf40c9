import type { TaskEvent } from '../../contract/event.ts';
import type { Identity } from '../../contract/files.ts';
import { affinities } from '../../domain/social/index.ts';
import { isLocal } from '../../domain/task/kind.ts';
import type { TaskRecord } from '../../ports/task-store.ts';

/** How a task's work was judged in the end. */
export type Judged = 'approved' | 'failed';

export interface Lesson {
  readonly content: string;
  readonly about?: string;
  readonly skill?: string;
}

const CONTENT_CHARS = 600;
const SUBJECT_CHARS = 200;
const OBJECTIONS_CHARS = 240;
/** Stands among the feedback of a rejection and says no more than that it was one. */
const CRITIC_SAYS = 'critic: says ';
const TOPICS = 8;
const TOPIC_CHARS = 64;

/** The final verdict on somebody's work; undefined when there is none: a provider that is down is no resident's failure. */
export function judged(record: TaskRecord, history: readonly TaskEvent[]): Judged | undefined {
  if (!record.outcome || record.outcome.simulated) return undefined;
  if (record.status === 'approved') return 'approved';
  if (record.status !== 'failed') return undefined;
  const refused = record.review?.verdict === 'REJECT' || history.at(-1)?.event === 'task_rejected';
  return refused ? 'failed' : undefined;
}

/**
 * What a judged task teaches, in words that rest on the log alone: what was asked, how it was judged, what was objected
 * to, which skill did it. A command teaches nothing. The words of a task that another resident proposed are left out, so
 * that nobody's words become another one's memory.
 */
export function lessonOf(
  record: TaskRecord,
  history: readonly TaskEvent[],
  verdict: Judged,
  identity_id: string,
): Lesson | undefined {
  const { task, review } = record;
  if (isLocal(task)) return undefined;
  const own = task.author_id === undefined || task.author_id === identity_id;
  const subject = own ? clip(task.title ?? task.prompt ?? task.skill ?? task.id, SUBJECT_CHARS) : '';
  const skill = skillOf(record);
  const attempts = record.attempt - record.first_attempt + 1;
  const tries = attempts === 1 ? 'at the first attempt' : `after ${attempts} attempts`;
  const by = { evidence: ' on evidence', critic: ' by the critic', person: ' by the person', nobody: '' }[review?.by ?? 'nobody'];
  const objections = clip(objectionsTo(record, history).join('; '), OBJECTIONS_CHARS);
  const parts = [
    subject ? `Task ${task.id}, "${subject}":` : `Task ${task.id}:`,
    verdict === 'approved' ? `my work was approved${by} ${tries}.` : `my work was not accepted ${tries}.`,
    ...(skill ? [`The skill ${skill} was used.`] : []),
    ...(objections ? [`Objections: ${objections}`] : []),
  ];
  return {
    content: clip(parts.join(' '), CONTENT_CHARS),
    ...(subject ? { about: subject } : {}),
    ...(skill ? { skill } : {}),
  };
}

/** What a resident shows to be good at when such a task is approved: kind of task, skill, and its traits that were named. */
export function topicsOf(record: TaskRecord, identity: Identity): readonly string[] {
  const { task } = record;
  const topics = [...(task.type === 'cycle' ? [] : [task.type]), record.outcome?.tool_name ?? '', ...affinities(identity, task)];
  return [...new Set(topics.map((topic) => topic.trim().slice(0, TOPIC_CHARS)).filter(Boolean))].slice(0, TOPICS);
}

function skillOf({ outcome }: TaskRecord): string | undefined {
  if (outcome?.tool_name === undefined) return undefined;
  return clip(outcome.tool_version ? `${outcome.tool_name}@${outcome.tool_version}` : outcome.tool_name, SUBJECT_CHARS);
}

/** What reviews and people objected to, in order, each once. */
function objectionsTo({ review }: TaskRecord, history: readonly TaskEvent[]): readonly string[] {
  const earlier = history.flatMap((event) => {
    if (event.event === 'task_requeued') return event.feedback?.issues ?? [];
    return event.event === 'task_rejected' ? event.feedback.issues : [];
  });
  return [...new Set([...earlier, ...(review?.issues ?? [])])].filter((issue) => !issue.startsWith(CRITIC_SAYS));
}

/** One line, at most so many characters. */
function clip(text: string, chars: number): string {
  const letters = [...text.replace(/\s+/g, ' ').trim()];
  return letters.length <= chars ? letters.join('') : `${letters.slice(0, chars - 1).join('')}…`;
}
