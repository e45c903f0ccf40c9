import { expect, it } from 'vitest';
import { z } from 'zod';
import { fieldProblemLines, fieldProblemsOf, type Whereabouts } from './field-problems.ts';

const Order = z.strictObject({
  name: z.string(),
  lines: z.array(z.strictObject({ count: z.number().int('must be a whole number') })).default([]),
  tags: z.record(z.string().regex(/^[a-z]+$/, 'a tag is written in small letters'), z.boolean()).default({}),
});

function problems(value: unknown, where: Whereabouts) {
  const read = Order.safeParse(value);
  return read.success ? [] : fieldProblemsOf(read.error, where);
}

it.each<readonly [string, unknown, Whereabouts, string | RegExp]>([
  ['a field', { name: 1 }, { at: 'body' }, 'name: Invalid input: expected string, received number'],
  ['a field in a list', { name: '', lines: [{ count: 1.5 }] }, { at: 'body' }, 'lines.0.count: must be a whole number'],
  ['the whole by its label', [], { at: 'body' }, 'body: Invalid input: expected object, received array'],
  ['a key that is not known', { name: '', more: 1 }, { at: 'arguments' }, 'arguments: Unrecognized key: "more"'],
  ['what a key should be', { name: '', tags: { Red: true } }, { at: 'body' }, 'tags.Red: a tag is written in small letters'],
  ['what the field stands under', { name: 1 }, { at: 'task', under: 'tasks[3]' }, /^tasks\[3\]\.name: /],
  ['the whole under a name', 7, { at: 'task', under: 'tasks[3]' }, /^tasks\[3\]: /],
  ['the line', { name: 1 }, { at: 'file', lineOf: (path) => (path[0] === 'name' ? 4 : undefined) }, /^line 4: name: /],
  ['no line where none is known', [], { at: 'file', lineOf: (path) => (path[0] === 'name' ? 4 : undefined) }, /^file: /],
  ['several', { name: 1, lines: 2 }, { at: 'body' }, /^name: .*; lines: /],
])('names %s', (_name, value, where, said) => {
  const line = fieldProblemLines(problems(value, where));
  if (typeof said === 'string') expect(line).toBe(said);
  else expect(line).toMatch(said);
});
