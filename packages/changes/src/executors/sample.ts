import type { ToolOffer } from '@vivarium/core';
import { z } from 'zod';
import type { Answered, Asked } from './door/asked.ts';

/** A project with one planted bug, for trying what an executor does. */
export const SAMPLE = {
  'package.json': '{ "name": "sample", "version": "1.0.0", "type": "module" }\n',
  'src/add.mjs': 'export const add = (a, b) => a - b;\n',
  'test/add.test.mjs':
    "import assert from 'node:assert';\nimport { test } from 'node:test';\nimport { add } from '../src/add.mjs';\n\ntest('adds', () => assert.equal(add(2, 3), 5));\n",
} as const;
export const SAMPLE_FILE = 'src/add.mjs';
export const SAMPLE_MENDED = 'export const add = (a, b) => a + b;\n';
export const SAMPLE_PROMPT = 'The function add in src/add.mjs subtracts. Mend it so that the test in test/add.test.mjs passes.';
const MEND = "sed -i 's/a - b/a + b/' src/add.mjs";

/** What stands in for a model: it has the first program that runs commands mend the sample, and then is done. Costs nothing. */
export function answerForSample({ messages, tools }: Asked): Answered {
  const usage = { prompt_tokens: 100, completion_tokens: 20 };
  const done = messages.some(({ role }) => role === 'tool');
  const call = done ? undefined : tools.flatMap((tool) => commandFor(tool))[0];
  if (!call) return { text: 'The function adds: done.', tool_calls: [], truncated: false, usage };
  const { name, given } = call;
  const asked = { id: 'call_sample_1', type: 'function' as const, function: { name, arguments: JSON.stringify(given) } };
  return { text: '', tool_calls: [asked], truncated: false, usage };
}

const Field = z.looseObject({ type: z.union([z.string(), z.array(z.string())]).optional() });
const Parameters = z.looseObject({
  properties: z.record(z.string(), Field),
  required: z.array(z.string()).default([]),
});

/** Executors name their shell differently; all have one field for the command, and some want more beside it. */
function commandFor({ name, parameters }: ToolOffer): { name: string; given: Record<string, unknown> }[] {
  const read = Parameters.safeParse(parameters);
  if (!read.success) return [];
  const { properties, required } = read.data;
  const field = ['command', 'cmd'].find((one) => properties[one] !== undefined);
  if (field === undefined || !/shell|bash|exec|command|run/i.test(name)) return [];
  const fill = (one: string) => (one === field ? commandAs(properties[one]?.type) : plain(properties[one]?.type));
  return [{ name, given: Object.fromEntries([...new Set([...required, field])].map((one) => [one, fill(one)])) }];
}

const commandAs = (type: unknown): unknown => (type === 'array' ? ['/bin/sh', '-c', MEND] : MEND);

function plain(type: unknown): unknown {
  if (type === 'boolean') return false;
  if (type === 'number' || type === 'integer') return 30_000;
  return 'Mend the sample';
}
