import { z } from 'zod';

/** A task's id. It also names `task_locks/<id>.lock` and `.swarm/artifacts/<id>/`, so it may never hold a path. */
export const TaskId = z
  .string()
  .regex(/^(?!\.{1,2}$)[\w.-]{1,128}$/, 'use 1 to 128 letters, digits, dots, dashes or underscores')
  .meta({ id: 'TaskId' });

/** Instants are ISO 8601 in UTC with an offset, everywhere; local time exists only on a screen. */
export const Instant = z.iso.datetime({ offset: true });

export const Oid = z.string().regex(/^[0-9a-f]{40,64}$/, 'is not the id of a git object');
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256');
