import { Task } from '@vivarium/core';
import { page, table } from './markdown.ts';
import { fieldRows, schemaOf } from './schemas.ts';

/** The fields of a task as people write them. */
export function queuePage(): string {
  return page(
    'queue.json',
    '`packages/core/src/contract/task.ts`',
    'The file holds one object: `version`, `api_endpoint` (a loopback address, or empty), and the lists `tasks`, `completed` and `failed`. Only `tasks` is read; every other key that you add stays. [architecture](../architecture.md#one-primitive-the-shared-log) says how edits are merged.',
    '## A task',
    'It needs `id`, and one of `prompt`, `command` and `skill`. Keys that are not listed are kept.',
    table(['Field', 'Holds', 'Default', 'Meaning'], fieldRows(schemaOf(Task))),
    '`instruction`, `description`, `atomic_instruction` and `task` are read as `prompt`, `shell` as `command`, `resident_identity` as `identity_id`. `depends_on` may be one text with commas. `null` counts as left out, and `status` is not read: the log decides it.',
  );
}
