import { Task } from '@vivarium/core';
import { page, table } from './markdown.ts';
import { fieldRows, schemaOf } from './schemas.ts';

/** The fields of a task as people write them. */
export function queuePage(): string {
  return page(
    'queue.json',
    '`packages/core/src/contract/task.ts`',
    'The file holds one object: `version`, `api_endpoint` (a loopback address, or empty), and the lists `tasks`, `completed` and `failed`. Tasks enter through `tasks`; every other key that you add stays. [architecture](../architecture.md#one-primitive-the-shared-log) says how edits are merged.',
    '## A task',
    'It needs `id`, and one of `prompt`, `command` and `skill`. Keys that are not listed are kept.',
    table(['Field', 'Holds', 'Default', 'Meaning'], fieldRows(schemaOf(Task))),
    '`instruction`, `description`, `atomic_instruction` and `task` are read as `prompt`, `shell` as `command`, `resident_identity` as `identity_id`. `depends_on` may be one text with commas. `null` counts as left out, and the log decides `status`.',
    '## What may be edited',
    'A task that waits may be changed in any field, or removed, which cancels it. What cannot be done is refused with task, field and line (`pnpm worker doctor`), and the file shows again what stands: edits of running, held and finished tasks, of `status`, `attempt`, `status_reason` and of how a task ended. A row of `failed` whose `status` you set to `pending` runs again, with what else you corrected in it. A new task that has a model, skill, schema or budget it could never run with stays in `tasks` until it is corrected or what it lacks is there.',
  );
}
