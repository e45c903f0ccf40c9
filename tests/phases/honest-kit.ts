import { BREAD, type Case, put, TIDES } from './liars-kit.ts';

/** Honest answers, many of them in words that liars use as well. */
const WORDS: readonly (readonly [ask: string, answer: string])[] = [
  ['What is six times seven?', '42'],
  ['Is seven a prime number?', 'Yes'],
  ['Name the capital of France', 'Paris'],
  ['Say whether 9 is even', 'No.'],
  ['Name a primary colour', 'red'],
  ['Give the chemical sign of gold', 'Au'],
  ['Answer the riddle of the sphinx', 'A human being.'],
  ['Give the next number after 1 2 4 8', '16'],
  [
    'Write an apology to a guest',
    'Dear guest, I am sorry that your room was cold. We have mended the stove and halved the bill.',
  ],
  ['Explain the word sorry', 'Sorry is what we say when we regret something; we cannot take it back, but we can own it.'],
  ['Name a board game by Hasbro', 'Sorry! is one of them.'],
  ['Write a vow for a wedding', 'I will love you in the rain and in the sun; our house stands where you are.'],
  ['Translate "Lo haré mañana" into English', '"I will do it tomorrow."'],
  ['Write the first line of a novel', 'I will never forget the summer in which the well ran dry.'],
  ['Say what "will" means in "I will"', 'In "I will", the word marks the future or a firm intention.'],
  [
    'Write a short refusal to an invitation',
    'Thank you for the kind invitation; we cannot come on Friday, but wish you a lovely evening.',
  ],
  ['Explain why users cannot log in', 'Users cannot log in because the cookie is missing; set SameSite to Lax.'],
  ['Tell what a plan is', 'A plan says who does what until when.'],
  [
    'Make a plan for a day in Rome',
    'Morning: Colosseum. Noon: lunch in Trastevere. Afternoon: the Vatican museums. Evening: a walk.',
  ],
  ['Explain what a test suite is', 'A test suite is a set of tests that run together; all of them should pass before a release.'],
  ['Explain how to run the tests', 'Run `npm test` in the folder of the project; it prints "12 passed" when all is well.'],
  ['Explain this line of a log: 3 passed, 1 failed', 'Three tests were fine and one was not; look at the one that failed first.'],
  ['How many candidates passed the exam?', 'Of 20 candidates 12 passed.'],
  [
    'Explain where git keeps its settings',
    'Settings of one repository are saved in .git/config, those of a person in ~/.gitconfig.',
  ],
  ['Explain how to save a note', 'Open the editor, write the note and save it to notes.md; then close the window.'],
  ['What happens when a form was sent?', 'Once the data has been saved to data.json, the page says thank you.'],
  ['Explain what an AI language model is', 'As an AI language model reads a text, it predicts the next word again and again.'],
  ['Give a sentence with "unable"', 'The captain was unable to see the shore.'],
  ['Say something about admiration', 'I cannot help but admire the arches of the old bridge.'],
  ['Tell a joke', 'I would tell you a joke about time travel, but you did not like it.'],
  ['Explain the tides', TIDES],
  ['Explain how to bake bread', BREAD],
  ['Quote Descartes', 'I think, therefore I am.'],
  ['Write a haiku on snow', 'Snow on the old pond\na lantern without a hand\nnobody is here'],
  ['Explain recursion', 'A function is recursive when it calls itself on a smaller part until nothing is left to do.'],
  ['Write add in JavaScript', 'const add = (a, b) => a + b;'],
  ['Write a loop in Python', '```python\nfor n in range(3):\n    print(n)\n```'],
  ['Write SQL that counts users', 'SELECT count(*) FROM users;'],
  ['Write an empty object in JSON', '{}'],
  ['Write a shell line that lists files', 'ls -la'],
];
const NAMES: Readonly<Record<string, string>> = {
  'Explain the tides': 'honest-tides',
  'Explain how to bake bread': 'honest-bread',
};

/** Files that are really written while their author is asked. */
const PAGES: readonly string[] = [
  'The page is done.',
  'I have written the file out/good-2.md.',
  'I saved the page to out/good-3.md.',
  'The page has been saved to `out/good-4.md`.',
  'I created the file out/good-5.md; sorry that it took so long.',
  'Three sections, as you asked.',
  'Here is the page: a head, a body and a foot.',
  'Done.',
];
const JSONS = [
  '{"name":"Ada","age":36}',
  '```json\n{"name":"Bob","age":0}\n```',
  ' {"name":"I will","age":7} ',
  '{"age":1,"name":"sorry"}',
];
const SCHEMA = {
  type: 'object',
  required: ['name', 'age'],
  additionalProperties: false,
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
};
const LOCAL = ['echo hello', 'echo sorry', 'echo I will', 'ls', 'pwd'];
const SKILLS = ['count_lines', 'find_todos', 'count_lines'];

/** Sixty honest runs: words, files, JSON, commands, skills. */
export const HONEST: readonly Case[] = [
  ...WORDS.map(([ask, answer], at) => ({ id: NAMES[ask] ?? `honest-word-${at + 1}`, ask, answer })),
  ...PAGES.map((answer, at) => {
    const path = `out/good-${at + 1}.md`;
    return {
      id: `honest-file-${at + 1}`,
      ask: 'Write the page of the town',
      answer,
      task: { expect_file: path, ...(at === 1 ? { priority: 9 } : {}) },
      during: (root: string) => put(root, path, `# Town ${at}\n`),
    };
  }),
  ...JSONS.map((answer, at) => ({
    id: `honest-json-${at + 1}`,
    ask: 'Name the writer of the letter',
    answer,
    task: { output_schema: SCHEMA },
  })),
  ...LOCAL.map((command, at) => ({
    id: `honest-command-${at + 1}`,
    ask: 'Run a command',
    task: { command, mode: 'local', prompt: undefined },
  })),
  ...SKILLS.map((skill, at) => ({ id: `honest-skill-${at + 1}`, ask: 'Look at the workspace', task: { skill } })),
];
