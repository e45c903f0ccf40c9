import { Drilled, Restored, RestorePreview } from '@vivarium/core';
import { z } from 'zod';
import { next_cursor, type Sent, success } from './sent.ts';

/** Ways back to what projects showed. */

const HeldTree = z.object({ project: z.string(), commit: z.string(), tree: z.string() });

export const CheckpointRow = z
  .object({
    checkpoint_id: z.string(),
    at: z.string(),
    note: z.string().exactOptional(),
    automatic: z.boolean().describe('Taken before a landing or a restore'),
    before: z
      .object({ change_id: z.string().exactOptional(), restore_id: z.string().exactOptional(), landed: z.boolean() })
      .exactOptional()
      .describe('What was begun with it'),
    trees: z.array(HeldTree),
    versions: z.record(z.string(), z.string()),
    restores: z.array(z.object({ restore_id: z.string(), at: z.string(), same: z.boolean().exactOptional() })),
  })
  .meta({ id: 'CheckpointRow' });
export type CheckpointRow = Sent<typeof CheckpointRow>;

export const CheckpointPage = z
  .object({ success, checkpoints: z.array(CheckpointRow).describe('The newest first'), next_cursor })
  .meta({ id: 'CheckpointPage' });
export type CheckpointPage = Sent<typeof CheckpointPage>;

export const CheckpointTaken = z
  .object({ success, checkpoint_id: z.string(), at: z.string(), note: z.string().exactOptional(), trees: z.array(HeldTree) })
  .meta({ id: 'CheckpointTaken' });

export const CheckpointPreview = z.object({ success, ...RestorePreview.shape }).meta({ id: 'CheckpointPreview' });
export type CheckpointPreview = Sent<typeof CheckpointPreview>;

export const CheckpointRestored = z
  .object({ success, ...Restored.shape, stopped: z.array(z.string()), left: z.array(z.string()) })
  .meta({ id: 'CheckpointRestored' });
export type CheckpointRestored = Sent<typeof CheckpointRestored>;

export const CheckpointDrill = z
  .object({ success, passed: z.boolean(), drills: z.array(Drilled) })
  .meta({ id: 'CheckpointDrill' });
export type CheckpointDrill = Sent<typeof CheckpointDrill>;
