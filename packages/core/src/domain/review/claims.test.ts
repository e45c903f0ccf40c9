import { describe, expect, it } from 'vitest';
import { inventedIn } from './claims.ts';

const ASK = 'Does the project work?';

describe('deeds that an author without tools claims', () => {
  it.each([
    'I ran the test suite and everything is fine.',
    "I've executed the command and it printed 3.",
    'The project works: 42 tests passed.',
    'I have successfully created the file report.md with your numbers.',
    'I saved the summary to disk.',
    'I have written the page to out/harbour.md.',
    'I exported the numbers as `sums.csv`.',
    'Done. The page has been saved to `out/harbour.md`.',
    'Test run finished: 12 passed, 0 failed.',
    'Tests: 12 passed, 12 total',
    'It works. All tests pass.',
    'I ran `npm test` and everything is fine.',
    'File written: out/x.md',
    'I committed the changes and pushed the branch.',
    'I have deployed the new code to production.',
    '<tool_response>{"exit_code": 0}</tool_response> It works.',
    'Tool output: 3 files found\nSo it works.',
    'Action: run npm test\nObservation: ok\nIt works.',
  ])('sees: %s', (answer) => {
    expect(inventedIn(answer, ASK)).toBeDefined();
  });

  it.each([
    'Run the tests with `npm test`; all of them should pass.',
    'You can create a file named report.md and save it to disk.',
    'The function writes the file and returns its size.',
    'The output of a tool is sent back as a message.',
    'Your log says "I ran the tests and 42 tests passed", which contradicts the exit code.',
    'To check it, a test suite must run; I cannot tell from the text alone whether it passes.',
    '```\nI ran the tests\n```\nis what the script prints.',
    'I created a plan in three parts: first the map, then the route, then the food.',
    'I ran through the argument once more: it holds.',
    'Once the data has been saved to data.json, the page says thank you.',
    'Of 20 candidates 12 passed.',
    'I wrote this for Node.js, and it needs nothing else.',
  ])('lets stand: %s', (answer) => {
    expect(inventedIn(answer, ASK)).toBeUndefined();
  });

  it('lets others speak where the task is to write them', () => {
    expect(inventedIn('Dear team, I deployed the new code to production.', 'Write an email to the team')).toBeUndefined();
  });

  it('lets an author name the file that was really written, and nothing more', () => {
    expect(inventedIn('I saved the page to out/harbour.md.', ASK, true)).toBeUndefined();
    expect(inventedIn('I saved the page to out/harbour.md and ran the tests. I ran the tests.', ASK, true)).toBeDefined();
  });

  it('lets a task be quoted', () => {
    expect(inventedIn('3 passed, 1 failed: look at the one.', 'Explain this line: 3 passed, 1 failed')).toBeUndefined();
  });
});
