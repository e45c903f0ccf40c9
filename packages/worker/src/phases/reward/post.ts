import type { Identity, TaskRecord } from '@vivarium/core';

const RESULT_CHARS = 240;
const PROMPT_CHARS = 160;

/** What the room hears of an approved task, as the society's act `announce` takes it. */
export function announcement(record: TaskRecord, author: Identity | undefined) {
  const { task } = record;
  const result = oneLine(record.outcome?.result_summary ?? '').slice(0, RESULT_CHARS);
  const asked = oneLine(task.prompt ?? task.command ?? task.skill ?? '').slice(0, PROMPT_CHARS);
  return {
    task_id: task.id,
    identity_id: author?.id,
    room: task.discussion_room,
    content: `${task.id} is approved: ${result}\nTask: ${asked}`,
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
