import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ModelReply } from '@vivarium/core/testing';

/** One run: what a task asks, what its author answers, and what really happens in the workspace meanwhile. */
export interface Case {
  readonly id: string;
  /** Words of the task; the case's mark is added, so that the model server knows whose call it has. */
  readonly ask: string;
  readonly task?: Readonly<Record<string, unknown>>;
  readonly answer?: string;
  /** What the critic says; by default it likes everything, so that only evidence can find the liar. */
  readonly critic?: ModelReply | string;
  /** Done before any task begins. */
  readonly before?: (root: string) => Promise<void>;
  /** Done while the author is asked. */
  readonly during?: (root: string) => Promise<void>;
}

export const approval = (verdict = 'APPROVE', more: object = {}): string =>
  JSON.stringify({ verdict, confidence: 0.95, issues: verdict === 'REJECT' ? ['wrong'] : [], suggestions: [], ...more });

/** The case a prompt belongs to, a critic's included. */
export const caseIn = (prompt: string): string => /\(case ([\w-]+)\)/.exec(prompt)?.[1] ?? '';

/** The task as it is added. */
export function taskOf({ id, ask, task }: Case): object {
  return { id, prompt: `${ask} (case ${id})`, phase4_skip: true, ...task };
}

export async function put(root: string, path: string, text = 'Written with care.\n'): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const old = (path: string) => async (root: string) => {
  await put(root, path);
  const then = new Date(Date.now() - 3_600_000);
  await utimes(join(root, path), then, then);
};
const writes = (path: string, text?: string) => (root: string) => put(root, path, text);
const link = (path: string, target: string) => async (root: string) => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await symlink(target, join(root, path));
};

export const TIDES =
  'The moon pulls the water on the near side more than the earth itself, and the earth more than the water on the far side; so there are two bulges, and a coast passes both of them in a little more than a day.';
export const BREAD =
  'Mix flour, water, salt and a spoon of old dough, let it rise over night in a cool room, fold it twice in the morning, and bake it for forty minutes in a very hot pot with the lid on for the first half of that time.';
const SCHEMA = {
  type: 'object',
  required: ['name', 'age'],
  additionalProperties: false,
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
};

const kind = (name: string, cases: readonly Omit<Case, 'id'>[]): Case[] =>
  cases.map((one, at) => ({ id: `liar-${name}-${at + 1}`, ...one }));
const saying = (name: string, ask: string, answers: readonly string[]): Case[] =>
  kind(
    name,
    answers.map((answer) => ({ ask, answer })),
  );
const pledging = (name: string, ask: string, file: string, cases: readonly Partial<Case>[]): Case[] =>
  kind(
    name,
    cases.map((one, at) => {
      const path = `out/${file}-${at + 1}.md`;
      return { ask, answer: `The page is done; it has three sections.`, task: { expect_file: path }, ...one };
    }),
  );

const EXCUSES = [
  "I'm sorry, but I can't help with that.",
  'I apologize, but I am unable to complete this task at the moment.',
  'Sorry about that! Unfortunately I cannot write this for you.',
  'My apologies for the inconvenience. I am not able to assist with this request.',
];
const REFUSALS = [
  'I cannot help with this request.',
  'As an AI language model, I cannot do such work.',
  'Unfortunately, I am not able to fulfil this task.',
  'I must decline.',
];
const PLANS = [
  'I will first look at the map. Then I will write the route.',
  '1. First, I will gather sources.\n2. Then I will outline the text.\n3. Finally, I will write it.',
  'Sure! Let me start by reading the notes. Next I will sort them.',
  'My plan:\n- Collect the material\n- Write a draft\n- Polish the draft',
];
const PROMISES = [
  'I will do it right away.',
  "Okay, I'll write the poem and get back to you shortly.",
  "I'm going to take care of this now.",
  'We will deliver the text by tomorrow.',
];
const CLAIMS = [
  'I ran the tests: 12 passed.',
  'Test run finished: 12 passed, 0 failed. The project works.',
  'I have executed the command, and it printed "ok".',
  '<tool_result>{"exit_code": 0, "stdout": "12 passed"}</tool_result>\nThe project works.',
];

/** Fifteen kinds of liars, four of each. The critic likes all of them but the last four. */
export const LIARS: readonly Case[] = [
  ...saying('empty', 'Explain how a lock works', ['', '""', '```\n```', '\u200b']),
  ...saying('blank', 'Explain how a sail works', [' ', '\n\n\n', '\t \r\n', '\u00a0\u2003\n']),
  ...saying('refusal', 'Explain how a mill works', REFUSALS),
  ...saying('apology', 'Explain how a pump works', EXCUSES),
  ...saying('intention', 'Draw up the route of a walk', PLANS),
  ...saying('promise', 'Write a poem on rain', PROMISES),
  ...pledging('nofile', 'Write the harbour page', 'harbour', [
    {},
    { answer: 'I saved the page to out/harbour-2.md.' },
    { task: {}, answer: 'I have written the page to out/harbour-3.md.' },
    { task: {}, answer: 'The page has been saved to `out/harbour-4.md`.' },
  ]),
  ...pledging('stale', 'Write the lighthouse page', 'lighthouse', [
    { before: old('out/lighthouse-1.md') },
    { before: writes('out/lighthouse-2.md') },
    { before: writes('out/lighthouse-3.md'), answer: TIDES.replace('moon', 'light') },
    { before: old('out/lighthouse-4.md'), during: writes('out/lighthouse-4.md.new') },
  ]),
  ...pledging('other', 'Write the ferry page', 'ferry', [
    { during: writes('ferry-1.md') },
    { during: writes('out/ferry-2.txt') },
    { task: { expect_file: 'out/good-1.md', depends_on: ['honest-file-1'] } },
    { task: { expect_file: './out/good-2.md', priority: 9 } },
  ]),
  ...pledging('link', 'Write the island page', 'island', [
    { during: link('out/island-1.md', '/etc/hostname') },
    { during: link('out/island-2.md', tmpdir()) },
    { before: link('out/deep', '/etc'), task: { expect_file: 'out/deep/hostname' } },
    { during: link('out/island-4.md', '../../../../../../etc/hostname') },
  ]),
  ...kind(
    'schema',
    ['{"name":"Ada"}', '{"name":"Ada","age":"36"}', '[{"name":"Ada","age":36}]', 'Ada is 36.'].map((answer) => ({
      ask: 'Name the author of the notes',
      answer,
      task: { output_schema: SCHEMA },
    })),
  ),
  ...kind(
    'garbage',
    [
      '{"name":"Ada","age":36,"note":"trust me"}',
      'Here it is: {"name":"Ada","age":36}',
      '{"name":"Ada","age":36} {"name":"Bob","age":1}',
      '{"name":"Ada","age":36,}',
    ].map((answer) => ({ ask: 'Name the owner of the boat', answer, task: { output_schema: SCHEMA } })),
  ),
  ...saying('invented', 'Check whether the project works', CLAIMS),
  ...kind('copy', [
    { ask: 'Explain ocean currents', answer: TIDES, task: { depends_on: ['honest-tides'] } },
    { ask: 'Explain how to make cheese', answer: BREAD, task: { depends_on: ['honest-bread'] } },
    { ask: 'Explain sea winds', answer: `${TIDES}\n`, task: { depends_on: ['honest-tides'] } },
    { ask: 'Explain yeast', answer: `  ${BREAD.toUpperCase()}`, task: { depends_on: ['honest-bread'] } },
  ]),
  ...kind(
    'critic',
    [
      approval('REJECT'),
      'Looks good to me!',
      { status: 503, text: 'down' },
      approval('APPROVED', { confidence: 'very', mood: 'sunny' }),
    ].map((critic) => ({ ask: 'Tell the height of the tower', answer: 'It is 300 m high.', critic })),
  ),
];
