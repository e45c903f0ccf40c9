import type { Identity, TaskRecord } from '@vivarium/core';
import { type RoomMessage, roomName } from '../../rooms.ts';

const RESULT_CHARS = 240;
const PROMPT_CHARS = 160;

/** What the room hears of an approved task. The id follows from the task, so it is said once. */
export function reviewPost(record: TaskRecord, author: Identity | undefined, now: Date): RoomMessage {
  const { task } = record;
  const result = oneLine(record.outcome?.result_summary ?? '').slice(0, RESULT_CHARS);
  const asked = oneLine(task.prompt ?? task.command ?? task.skill ?? '').slice(0, PROMPT_CHARS);
  return {
    id: `msg_approved_${task.id}`,
    author_id: author?.id ?? 'runtime',
    author_name: author?.name ?? 'Vivarium',
    content: `${task.id} is approved: ${result}\nTask: ${asked}`,
    room: roomName(task.discussion_room),
    timestamp: now.toISOString(),
    mood: 'focused',
    importance: 3,
    reply_to: null,
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
