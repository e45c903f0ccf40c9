import { z } from 'zod';
import { ProjectName } from '../../contract/projects-file.ts';
import { errand, PERSON } from './entry.ts';

const person = { who: PERSON, lan: 'never', reach: 'private' } as const;
const nothing = z.strictObject({});

/** What takes means that one program alone has: processes of its own, the key's file, the way to a model, the library. */
export const errands = {
  run_worker: errand({
    ...{ ...person, by: 'worker', title: 'Work on tasks until stopped' },
    input: z.object({ max_tasks: z.int().positive().optional(), concurrency: z.int().min(1).max(64).optional() }),
  }),
  init_project: errand({
    ...{ ...person, by: 'worker', title: 'Write a first entry for a project from what its folder holds' },
    input: z.strictObject({ path: z.string().optional(), name: ProjectName.optional(), sample: z.boolean().default(false) }),
  }),
  start_workers: errand({
    ...{ ...person, by: 'panel', title: 'Start workers; they end with the panel' },
    input: z.strictObject({
      count: z.number().int().min(1).max(16).default(1),
      concurrency: z.number().int().min(1).max(64).default(4).describe('Tasks at once, per worker'),
    }),
  }),
  stop_worker: errand({
    ...{ ...person, by: 'panel', title: 'Stop a worker that the panel started; it gives its tasks back', input: nothing },
  }),
  test_provider: errand({ ...person, by: 'panel', title: 'Ask the model one tiny question through the gate', input: nothing }),
  save_groq_key: errand({
    ...{ ...person, by: 'panel', title: 'Store a Groq key; it is never read back' },
    input: z.strictObject({ api_key: z.string({ error: 'api_key is required' }) }),
  }),
  remove_groq_key: errand({ ...person, by: 'panel', title: 'Remove the stored Groq key', input: nothing }),
  accept_suggestion: errand({
    ...{ ...person, by: 'panel', title: 'Take a suggestion into the community documents' },
    input: z.object({ path: z.string({ error: 'path is required' }).min(1, 'path is required').max(4096) }),
  }),
  write_document: errand({
    ...{ who: ['resident'], lan: 'never', reach: 'public', by: 'api', title: 'Write a Markdown document for the library' },
    input: z.strictObject({
      path: z.string().min(1).max(300),
      content: z.string().min(1).max(100_000),
      mode: z.enum(['create', 'overwrite', 'append']).default('create'),
    }),
  }),
};
