import type { ActionEntry, TaskEvent } from '@vivarium/core';
import { about, text } from '../files/rooms.ts';
import type { LogLine } from '../protocol/lines.ts';
import { spaced, wordsOfAct } from '../world/words.ts';

/** A task's event as a sentence a person reads. */
export function lineOf(event: TaskEvent): LogLine {
  return {
    at: event.timestamp,
    source: 'task',
    kind: event.event,
    actor: actorOf(event),
    text: sentence(event),
    task_id: event.task_id,
  };
}

/** An act as a sentence a person reads. `nameOf` turns a resident's id into its name. */
export function lineOfAction(entry: ActionEntry, nameOf: (id: string) => string): LogLine {
  const taskId = entry.metadata['task_id'];
  return {
    at: entry.timestamp,
    source: 'action',
    kind: entry.action_type,
    actor: entry.actor,
    text: actSentence(entry, nameOf),
    ...(typeof taskId === 'string' ? { task_id: taskId } : {}),
  };
}

/** What was done and how it went, without who did it. */
export function actSentence({ action, detail, metadata }: ActionEntry, nameOf: (id: string) => string): string {
  const room = text(metadata, 'room');
  const said = wordsOfAct(action, room === '' ? metadata : { ...metadata, room: about(room).name }, nameOf);
  if (metadata['ok'] === false) return `${said}, refused: ${cut(text(metadata, 'fix') || spaced(text(metadata, 'reason')))}`;
  return detail === '' ? said : `${said}: ${cut(detail.replace(/^queue\.json: /, ''))}`;
}

function actorOf(event: TaskEvent): string {
  const names: readonly unknown[] = [event['actor'], event['identity_id'], event['resident_id'], event['worker_id']];
  return names.find((name) => typeof name === 'string') ?? 'runtime';
}

function sentence(event: TaskEvent): string {
  switch (event.event) {
    case 'task_added':
      return event.hold ? `Added, held: ${cut(event.hold.reason)}` : 'Added to the queue';
    case 'task_edited':
      return 'Edited';
    case 'task_claimed':
      return `Started, attempt ${event.attempt}`;
    case 'task_executed':
      return `Executed${cost(event.outcome.budget_used)}${event.outcome.simulated ? ', simulated' : ''}`;
    case 'task_reviewed':
      return `Reviewed: ${words(event.review.verdict)}`;
    case 'task_blocked':
      return `Blocked by safety: ${cut(event.reason)}`;
    case 'task_held':
      return `Held: ${cut(event.hold.reason)}`;
    case 'task_gated':
      return event.hold ? `At a quality gate: ${cut(event.hold.reason)}` : 'Through all quality gates';
    case 'task_approved':
      return `Approved by ${event.review.by}`;
    case 'task_requeued':
      return `Is tried again in ${seconds(event.delay_ms)}: ${cut(event.reason)}`;
    case 'task_failed':
      return `Failed: ${cut(event.errors)}`;
    default:
      return personSentence(event);
  }
}

function personSentence(event: TaskEvent): string {
  switch (event.event) {
    case 'task_expanded':
      return `Broken into ${event.children.length} steps, which go first`;
    case 'task_collapsed':
      return 'Its breakdown was taken back';
    case 'task_released':
      return `Given back: ${cut(event.reason)}`;
    case 'task_accepted':
      return 'Approved by a person';
    case 'task_rejected':
      return `Rejected by a person: ${cut(event.reason)}`;
    case 'task_retried':
      return `Queued again, attempt ${event.next_attempt}`;
    case 'task_unheld':
      return `Released from its hold: ${cut(event.reason)}`;
    case 'task_cancelled':
      return `Cancelled: ${cut(event.reason)}`;
    default:
      return spaced(event.event);
  }
}

function words(verdict: string): string {
  return spaced(verdict.toLowerCase());
}

function cost(usd: number): string {
  return usd > 0 ? ` for $${usd.toFixed(4)}` : '';
}

function seconds(ms: number): string {
  return `${Math.max(0, ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 240 ? `${line.slice(0, 239)}…` : line;
}
