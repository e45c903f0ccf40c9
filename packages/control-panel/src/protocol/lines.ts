import { z } from 'zod';
import { type Sent, success } from './sent.ts';

/** A finished sentence about something that happened, with the names to link it. */
export const LogLine = z
  .object({
    at: z.string(),
    source: z.enum(['task', 'action']),
    kind: z.string().describe("`task_approved`, or the action's type"),
    actor: z.string(),
    text: z.string(),
    task_id: z.string().exactOptional(),
  })
  .meta({ id: 'LogLine' });
export type LogLine = Sent<typeof LogLine>;

/** One page of the written logs, newest first. */
export const LogPage = z
  .object({
    success,
    lines: z.array(LogLine),
    next: z.string().nullable().describe('Goes on to older lines; null at the beginning'),
  })
  .meta({ id: 'LogPage' });
export type LogPage = Sent<typeof LogPage>;
