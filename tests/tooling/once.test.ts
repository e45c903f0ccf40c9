/** Rules that every door shares stand in one file each: whoever writes one again is told where it is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

interface Rule {
  readonly rule: string;
  /** Where it stands. */
  readonly home: string;
  /** How it looks when it is written: in its home, and nowhere else. */
  readonly looks: readonly RegExp[];
  /** What must be found. */
  readonly planted: readonly string[];
  /** What looks like it and is none. */
  readonly innocent?: readonly string[];
}

const RULES: readonly Rule[] = [
  {
    rule: 'is this address of this machine?',
    home: 'packages/core/src/contract/loopback.ts',
    looks: [
      /(?:[!=]==|\bcase) *['"`](?:localhost|127\.|\[?::1)/,
      /\b(?:startsWith|endsWith|includes|has)\(['"`](?:\.?localhost|127\.|\[?::1)/,
      /127(?:\(\?:)?\\|\|localhost\b|\blocalhost\|/,
    ],
    planted: [
      "host === 'localhost'",
      "host !== '[::1]'",
      "host.startsWith('127.')",
      "hostname.endsWith('.localhost')",
      "case '127.0.0.1':",
      'const LOCAL = /^(?:127(?:\\.\\d{1,3}){3}|::1)$/;',
      'const LOCAL = /^(?:127\\.0\\.0\\.1|localhost)$/;',
    ],
    innocent: ["host: '127.0.0.1'", "listen(port, '127.0.0.1')", "fetch('http://127.0.0.1:8420')"],
  },
  {
    rule: 'what a schema found wrong, field by field',
    home: 'packages/core/src/errors/field-problems.ts',
    looks: [
      /\.error\.issues\b|\bissue\??\.path\.(?:join|map|filter)\b|\bpath\.join\('\.'\) \|\||prettifyError|flattenError|treeifyError/,
    ],
    planted: [
      "read.error.issues.map(({ path, message }) => path.join('.'))",
      "const field = issue?.path.join('.')",
      'z.prettifyError(error)',
    ],
    innocent: ['feedback.issues.map((issue) => issue.trim())', "review.issues.join('; ')", 'String(issue.path?.at(-1))'],
  },
  {
    rule: 'the list of models',
    home: 'packages/core/src/contract/models-file.ts',
    looks: [/price_usd_per_million: *(?:z\.|ModelPrice)/],
    planted: ['price_usd_per_million: z.object({ input: z.number() })'],
    innocent: ['file.models[id]?.price_usd_per_million ?? price'],
  },
  {
    rule: 'what a model costs by its provider',
    home: 'packages/core/src/operations/models/published-price.ts',
    looks: [/@pydantic\/genai-prices/],
    planted: ["await import('@pydantic/genai-prices')"],
  },
  {
    rule: 'the least call to a model',
    home: 'packages/core/src/domain/models/cost.ts',
    looks: [/const (?:LEAST_OUTPUT|FRAME|TEMPLATE)_TOKENS\b/],
    planted: ['const FRAME_TOKENS = 104;'],
  },
  {
    rule: 'how often one may act within a minute',
    home: 'packages/core/src/domain/social/kit/rate-limit.ts',
    looks: [/\bclass \w*RateLimit\b/],
    planted: ['export class RateLimit {', 'class ActRateLimit {'],
    innocent: ['export class RateLimitedError extends VivariumError {'],
  },
  {
    rule: 'what it means when the execution API does not answer a task',
    home: 'packages/worker/src/api/ask.ts',
    looks: [/\bapi\.cycle\(/],
    planted: ['const answer = await this.#options.api.cycle(body, signal);', 'return runtime.api.cycle(body, run.signal);'],
    innocent: ['const cycle_id = this.#options.cycle();', "deps.metrics.cycle('llm')", 'await runtime.askApi(body, signal)'],
  },
  {
    rule: 'the events of a task',
    home: 'packages/core/src/contract/event.ts',
    looks: [/\btask_requeued: *\{|literal\('task_requeued'\)/],
    planted: ['task_requeued: { ...underLease, reason: text },', "event: z.literal('task_requeued'),"],
    innocent: ["event === 'task_requeued'"],
  },
  {
    rule: 'the tasks of a file',
    home: 'packages/core/src/operations/intake/task-file.ts',
    looks: [/function (?:jsonLines|rawTasks|tasksOfText|tasksOfBytes)\b/],
    planted: ['function jsonLines(content: string, name: string) {'],
  },
];

function* sources(folder = 'packages'): Generator<string> {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!['node_modules', 'build', 'dist', 'testing'].includes(entry.name)) yield* sources(file);
    } else if (/\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file)) yield file;
  }
}

const files = [...sources()].map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

describe.each(RULES)('$rule', ({ home, looks, planted, innocent = [] }) => {
  const isWritten = (text: string) => looks.some((look) => look.test(text));

  it('is written once', () => {
    expect(files.filter(({ text }) => isWritten(text)).map(({ file }) => file)).toEqual([home]);
  });

  it('would be found a second time', () => {
    expect(planted.filter((line) => !isWritten(line))).toEqual([]);
    expect(innocent.filter(isWritten)).toEqual([]);
  });
});
