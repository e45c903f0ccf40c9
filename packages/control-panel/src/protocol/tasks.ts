import {
  ArtifactRef,
  Feedback,
  Hold,
  Intent,
  LockFile,
  Outcome,
  Review,
  SafetyReport,
  TASK_STATUSES,
  Task,
  TaskEvent,
  TaskStatus,
} from '@vivarium/core';
import { z } from 'zod';
import { LogLine } from './lines.ts';
import { CallLine } from './money.ts';
import { next_cursor, type Sent, success } from './sent.ts';

/** Tasks as lists, pages and pictures show them, and what decisions about them come to. Money is US dollars. */

/** One task as a list shows it. */
export const TaskRow = z
  .object({
    id: z.string(),
    title: z.string(),
    status: TaskStatus,
    attempt: z.number(),
    resident: z.string().exactOptional(),
    lease: z
      .object({ worker_id: z.string(), claimed_at: z.string() })
      .exactOptional()
      .describe('Present while a worker holds the task'),
    hold: Hold.exactOptional().describe('Present while the task stands still until a person acts'),
    not_before: z.string().exactOptional(),
    depends_on: z.array(z.string()),
    parent_task_id: z.string().exactOptional(),
    priority: z.number(),
    spent_usd: z.number(),
    max_budget: z.number(),
    simulated: z.boolean(),
    reason: z.string().exactOptional().describe('The newest reason why it failed, was blocked or sent round again'),
    added_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'TaskRow' });
export type TaskRow = Sent<typeof TaskRow>;

/** How many tasks there are in each status. */
export const Counts = z.record(z.enum([...TASK_STATUSES, 'total']), z.number()).meta({ id: 'Counts' });
export type Counts = Sent<typeof Counts>;

export const TaskPage = z.object({ success, tasks: z.array(TaskRow), next_cursor, counts: Counts }).meta({ id: 'TaskPage' });
export type TaskPage = Sent<typeof TaskPage>;

/** What the model of a running task has said so far: the end of it, and how long it is in all. */
export const LiveText = z
  .object({
    success,
    running: z.boolean(),
    text: z.string(),
    chars: z.number(),
    started_at: z.string().exactOptional(),
  })
  .meta({ id: 'TaskLive' });
export type LiveText = Sent<typeof LiveText>;

/** One quality gate of a task as its newest attempt met it. */
export const GateRow = z
  .object({
    gate: z.enum(['vote', 'qa', 'unit', 'integration', 'e2e']),
    verdict: z.enum(['pending', 'passed', 'failed']),
    evidence: z
      .array(z.string())
      .describe('What it rests on, in words: reasons of a decided vote, what was tested, what came of it'),
    by: z.array(z.string()).describe('Who voted, took it on, or handed in the test: identities, or `human`'),
  })
  .meta({ id: 'GateRow' });
export type GateRow = Sent<typeof GateRow>;

/** Who or what moves a task next. */
const Mover = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lease'), worker_id: z.string(), epoch: z.number(), live: z.boolean() }),
  z.object({ kind: z.literal('timer'), at: z.string() }),
  z.object({ kind: z.literal('dependency'), task_id: z.string(), status: TaskStatus }),
  z.object({ kind: z.literal('worker'), live_workers: z.number() }),
  z.object({ kind: z.literal('person') }),
  z.object({ kind: z.literal('nobody') }),
]);
const Explanation = z
  .object({
    id: z.string(),
    status: TaskStatus,
    mover: Mover,
    because: z.string(),
    action: z.string().describe('The command that helps, e.g. `pnpm worker retry t1`; `none` when nothing is needed'),
  })
  .meta({ id: 'Explanation' });
export const ExplanationAnswer = Explanation.extend({ success }).meta({ id: 'ExplanationAnswer' });

const OutputPreview = z
  .object({
    text: z.string().describe("The artifact's text, cut at 64 KB"),
    format: z.enum(['markdown', 'json', 'diff', 'text']),
    bytes: z.number(),
    cut: z.boolean(),
    artifact: ArtifactRef.exactOptional(),
  })
  .meta({ id: 'OutputPreview' });
export type OutputPreview = Sent<typeof OutputPreview>;

/** One task, whole. */
export const TaskDetail = z
  .object({
    success,
    id: z.string(),
    status: TaskStatus,
    row: TaskRow,
    task: Task,
    outcome: Outcome.exactOptional(),
    review: Review.exactOptional(),
    safety_report: SafetyReport.exactOptional(),
    feedback: Feedback.exactOptional(),
    reasons: z.array(z.string()),
    events: z.array(TaskEvent),
    lines: z.array(LogLine),
    explanation: Explanation,
    output: OutputPreview.exactOptional(),
    intent: Intent.exactOptional().describe('What the runtime understood of it, once it did'),
    children: z.array(z.string()).exactOptional().describe('The steps it was broken into'),
    calls: z.array(CallLine).describe('Every call to a model that was made for it, as far as remembered'),
    gates: z.array(GateRow).exactOptional().describe('Its way through the quality gates, once it is on it'),
    lock: LockFile.exactOptional().describe('What its lock file says, while there is one'),
  })
  .meta({ id: 'TaskDetail' });
export type TaskDetail = Sent<typeof TaskDetail>;

export const TaskAdded = z
  .object({
    success,
    task_ids: z.array(z.string()),
    known: z.array(z.string()).describe('Those that were there already, with the same content'),
  })
  .meta({ id: 'TaskAdded' });
export type TaskAdded = Sent<typeof TaskAdded>;

export const TaskDecided = z
  .object({ success, task_id: z.string(), status: TaskStatus, task: TaskRow })
  .meta({ id: 'TaskDecided' });
export const TaskEdited = z.object({ success, task_id: z.string(), status: TaskStatus, task: Task }).meta({ id: 'TaskEdited' });

export const BulkAnswer = z
  .object({
    success,
    matched: z.number(),
    done: z.array(z.string()),
    refused: z.array(z.object({ id: z.string(), error: z.string() })),
  })
  .meta({ id: 'BulkAnswer' });
export type BulkAnswer = Sent<typeof BulkAnswer>;

export const GraphAnswer = z
  .object({
    success,
    nodes: z.array(TaskRow),
    focus: z.string().nullable().describe('The task in the middle, when the picture does not show everything'),
    more: z.boolean(),
    total: z.number(),
  })
  .meta({ id: 'GraphAnswer' });
export type GraphAnswer = Sent<typeof GraphAnswer>;
