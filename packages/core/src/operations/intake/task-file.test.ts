import { describe, expect, it } from 'vitest';
import { fieldProblemLines, InvalidInputError } from '../../errors/index.ts';
import { tasksOfBytes, tasksOfText } from './task-file.ts';

const a = { id: 'a', prompt: 'x' };
const b = { id: 'b', prompt: 'y' };
const text = (value: unknown) => JSON.stringify(value);
const lines = (...values: unknown[]) => values.map(text).join('\n');

describe('a file of tasks', () => {
  it.each([
    ['an array', text([a, b])],
    ['an object with tasks, such as queue.json', text({ version: '1.0', tasks: [a, b], completed: [] })],
    ['one object a line', lines(a, b)],
    ['the same with blank lines and ends of other systems', `\r\n${text(a)}\r\n\r\n  \r\n${text(b)}\r\n`],
  ])('may be %s', (_form, content) => {
    expect(tasksOfText(content, 'f').map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('may be one object, and be in UTF-8 with a mark', () => {
    expect(tasksOfText(text(a), 'f')).toMatchObject([a]);
    expect(tasksOfBytes(Buffer.from(`\uFEFF${text(a)}`), 'f')).toMatchObject([a]);
  });

  it.each([
    [
      'each field of each task',
      text([a, { id: 'b', prompt: 'x', max_budget: -1 }, { id: '/', prompt: 'x' }]),
      /^tasks\[1\]\.max_budget: .*; tasks\[2\]\.id: /,
    ],
    ['the field alone when there is one task', text([{ ...a, timeout: 0 }]), /^timeout: /],
    ['the field alone in an object', text({ ...a, timeout: 0 }), /^timeout: /],
    [
      'the line in JSON lines',
      `${lines(a)}\n\n${lines({ ...b, timeout: 0 }, { id: 'c' })}`,
      /^line 3: timeout: .*; line 4: prompt: /,
    ],
    ['what is no task', text([1, a]), /^tasks\[0\]: /],
    ['the line that is no JSON among others', `${lines(a, b)}\n{"id":`, /^line 3: task: is not valid JSON at column \d+: /],
    ['where it stops being JSON', '[\n{"id":"a",]', /^line 2: file: is not valid JSON at column \d+: /],
    ['that it is empty', ' \n', /^line 1: file: is not valid JSON at column 1: the file is empty$/],
    ['that there is no task', '{"tasks":[]}', /^tasks: there is no task in it$/],
    ['that tasks are no list', '{"tasks":{"a":1}}', /^tasks: must be an array of tasks$/],
  ])('is refused whole and names %s', (_what, content, said) => {
    expect(fieldProblemLines(problemsIn(() => tasksOfText(content, 'f')))).toMatch(said);
  });

  it('is refused in another encoding, with a command that converts the file by the name it has', () => {
    const refused = refusal(() =>
      tasksOfBytes(Buffer.from(text([{ ...a, prompt: 'café' }]), 'latin1'), 'stdin', 'my tasks.json'),
    );
    expect([refused.problems[0]?.message, refused.fix]).toEqual([
      expect.stringContaining('Windows-1252'),
      expect.stringContaining("iconv -f WINDOWS-1252 -t UTF-8 'my tasks.json'"),
    ]);
  });
});

const problemsIn = (read: () => unknown) => refusal(read).problems;

function refusal(read: () => unknown): InvalidInputError {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
