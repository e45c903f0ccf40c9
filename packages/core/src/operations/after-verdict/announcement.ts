import type { TaskRecord } from '../../ports/task-store.ts';

const RESULT_CHARS = 240;
const PROMPT_CHARS = 160;

/** What the room hears of an approved task, as the society's act `announce` takes it. */
export function announcement(record: TaskRecord, identity_id: string | undefined) {
  const { task } = record;
  const result = oneLine(record.outcome?.result_summary ?? '').slice(0, RESULT_CHARS);
  const asked = oneLine(task.prompt ?? task.command ?? task.skill ?? '').slice(0, PROMPT_CHARS);
  return {
    task_id: task.id,
    identity_id,
    room: task.discussion_room,
    content: `${task.id} is approved: ${result}\nTask: ${asked}`,
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
