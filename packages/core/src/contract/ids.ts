import { z } from 'zod';

/** A task's id. It also names `task_locks/<id>.lock` and `.swarm/artifacts/<id>/`, so it may never hold a path. */
export const TaskId = z
  .string()
  .regex(/^(?!\.{1,2}$)[\w.-]{1,128}$/, 'use 1 to 128 letters, digits, dots, dashes or underscores')
  .meta({ id: 'TaskId' });

/** Instants are ISO 8601 in UTC with an offset, everywhere; local time exists only on a screen. */
export const Instant = z.iso.datetime({ offset: true });
