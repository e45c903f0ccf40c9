import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, SafetyRules } from '@vivarium/core';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const rules = SafetyRules.parse(read('config/safety-constraints.json'));
type Blocked = readonly (readonly [check: string, text: string])[];
const corpus = read('tests/fixtures/safety-corpus.json') as {
  wrappings: string[];
  blocked: Blocked;
  benign: string[];
  commands: { blocked: Blocked; benign: string[] };
};
const task = { min_budget: 0.05, max_budget: 0.1 };
const verdictOf = (text: string, kind: 'prompt' | 'command') => judge({ text, kind, task, origin: 'person' }, rules, {});
const wrap = (wrapping: string, text: string) => wrapping.replace('{text}', () => text);

describe('the safety corpus', () => {
  const wrapped = (texts: readonly string[]) => corpus.wrappings.flatMap((wrapping) => texts.map((text) => wrap(wrapping, text)));

  it('blocks what is harmful and nothing else, whatever safety words stand around it', () => {
    const harmful = wrapped(corpus.blocked.map(([, text]) => text));
    const harmless = wrapped(corpus.benign);
    const missed = harmful.filter((text) => verdictOf(text, 'prompt').passed);
    const falselyBlocked = harmless.flatMap((text) => {
      const { passed, blocked_reason } = verdictOf(text, 'prompt');
      return passed ? [] : [`${text} — ${blocked_reason}`];
    });
    const rate = (part: readonly unknown[], whole: readonly unknown[]) => `${part.length}/${whole.length}`;
    process.stdout.write(`safety corpus: misses ${rate(missed, harmful)}, false blocks ${rate(falselyBlocked, harmless)}\n`);
    expect(corpus.blocked.length).toBeGreaterThanOrEqual(60);
    expect(corpus.benign.length).toBeGreaterThanOrEqual(60);
    expect({ missed, falselyBlocked }).toEqual({ missed: [], falselyBlocked: [] });
  });

  it.each(corpus.blocked)('%s refuses %j', (check, text) => {
    const { checks } = verdictOf(text, 'prompt');
    expect(checks.find((entry) => !entry.passed)).toMatchObject({ check, rule: expect.any(String), fix: expect.any(String) });
  });

  it.each(corpus.commands.blocked)('%s refuses the command %j', (check, text) => {
    expect(verdictOf(text, 'command').checks.find((entry) => !entry.passed)).toMatchObject({ check });
  });

  it.each(corpus.commands.benign)('lets the command %j pass', (text) => {
    expect(verdictOf(text, 'command')).toMatchObject({ passed: true });
  });
});
