import type { Task } from '@vivarium/core';
import { aTaskNamed } from './world/tasks.ts';

/** What the three processes find in the queue when they start. `script.ts` has the answers. */
export const QUEUE: readonly Task[] = [
  aTaskNamed('deep-read', {
    title: 'Read the whole shared log and retell it',
    prompt: 'Retell the shared log from its first line, at length.',
    identity_id: 'ash',
    timeout: 3600,
    priority: 9,
  }),
  aTaskNamed('explain-log', {
    title: 'Explain how the log decides who holds a task',
    prompt: 'Explain how the shared log decides who holds a task, for a reader who knows files.',
    identity_id: 'wren',
    priority: 8,
  }),
  aTaskNamed('release-note', {
    title: 'Write the release note',
    prompt: 'Write the release note of this week in at most six lines.',
    identity_id: 'sorrel',
    priority: 8,
  }),
  aTaskNamed('shelf-guide', {
    title: 'Write the guide to the shelf',
    prompt: 'Write the guide to the shelf of documents and tell the others where it stands.',
    identity_id: 'moss',
    priority: 8,
  }),
  aTaskNamed('next-steps', {
    title: 'Propose what to do next',
    prompt: 'Propose what to do next week with propose_task, and ask with message_human what is unclear.',
    phase4_skip: true,
    identity_id: 'juniper',
    priority: 7,
  }),
  aTaskNamed('fix-timer', {
    title: 'Patch the timer that fires twice',
    prompt: 'Give a unified diff for the timer that fires twice.',
    priority: 6,
  }),
  aTaskNamed('health-json', {
    title: 'Report the health of the world as JSON',
    prompt: 'Report the health of the world as JSON.',
    output_schema: {
      type: 'object',
      required: ['state', 'open'],
      properties: { state: { type: 'string' }, open: { type: 'integer' } },
    },
    priority: 6,
  }),
  aTaskNamed('house-rules', {
    title: 'Draft the rules of the house',
    prompt: 'Draft the rules of the house in three sentences.',
    priority: 6,
  }),
  aTaskNamed('tea-plan', { title: 'Plan the tea break', prompt: 'Plan the tea break so that nobody minds.', priority: 5 }),
  aTaskNamed('risk-report', {
    title: 'A report on the risks',
    prompt: 'Read docs/architecture.md, then list the risks it names, then rank them by how bad they are.',
    decompose: true,
    priority: 5,
  }),
  aTaskNamed('list-library', { title: 'List the library', command: 'ls -R library', mode: 'local', priority: 5 }),
  aTaskNamed('clean-up', { title: 'Clean up everything', command: 'rm -rf /', mode: 'local', priority: 5 }),
  aTaskNamed('count', {
    title: 'Count the lines of the library',
    prompt: 'Count the lines of all files by language.',
    skill: 'count_lines',
  }),
  aTaskNamed('too-dear', { prompt: 'Translate the whole library into verse', max_budget: 0.000001 }),
  aTaskNamed('summary', {
    title: 'Sum up the retelling',
    prompt: 'Sum up the retelling in one page.',
    depends_on: ['deep-read'],
  }),
  aTaskNamed('poster', {
    title: 'Make a poster of the summary',
    prompt: 'Make a poster of the summary.',
    depends_on: ['summary'],
  }),
];
