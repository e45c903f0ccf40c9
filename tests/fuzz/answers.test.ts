/** What models answer: used, or refused; never a crash, never an approval out of nothing. */
import { judgeBreakdown, readVerdict, SkillManifest } from '@vivarium/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readToolCalls } from '../../packages/api/src/gate/reply/read-tool-calls.ts';
import { readUsage } from '../../packages/api/src/gate/reply/read-usage.ts';
import { proposals, readPlan } from '../../packages/api/src/plan/rules.ts';
import { judgeDraft } from '../../packages/core/src/domain/skills/draft.ts';
import { cases, damaged, fuzz, mangled, odd } from './kit.ts';

const asText = (sample: unknown) =>
  fc.oneof(
    damaged(JSON.stringify(sample)).map(String),
    mangled(sample).map((value) => JSON.stringify(value) ?? ''),
  );

it('a critic', async () => {
  const verdict = { verdict: 'APPROVE', confidence: 0.9, issues: ['one'], suggestions: [] };
  await fuzz(cases(10_000), asText(verdict), (text) => {
    const read = readVerdict(text);
    if (read.kind === 'unreadable') expect(read.fault).not.toBe('');
    else expect(Object.keys(read.verdict).sort()).toEqual(['confidence', 'issues', 'suggestions', 'verdict']);
  });
});

it('a planner', async () => {
  const task = { id: 'tidy', prompt: 'Tidy the index of the library', priority: 'high' };
  const plan = {
    tasks: [task, { ...task, id: 'two', prompt: 'Count the words' }, { ...task, id: 'three', prompt: 'Name files' }],
  };
  await fuzz(cases(10_000), asText(plan), (text) => {
    const read = readPlan(text);
    if (!read.found) return;
    const tasks = proposals(read.value, 'be tidy', (id) => id === 'two');
    for (const { id, proposed } of tasks ?? []) expect([id === 'two', proposed]).toEqual([false, true]);
  });
});

it('a breakdown', async () => {
  const reply = {
    subtasks: [
      { key: 'a', prompt: 'Read the code', depends_on: [] },
      { key: 'b', prompt: 'List its risks', depends_on: ['a'] },
      { key: 'c', prompt: 'Rank them', depends_on: ['a', 'b'] },
    ],
  };
  await fuzz(
    cases(10_000),
    fc.oneof(
      asText(reply),
      odd.map((value) => JSON.stringify(value) ?? ''),
    ),
    (value) => {
      const verdict = judgeBreakdown(value, 'Read the code, list its risks, rank them', 5);
      if (verdict.kind === 'several') expect(new Set(verdict.subtasks.map(({ key }) => key)).size).toBe(verdict.subtasks.length);
    },
  );
});

it('a drafted skill', async () => {
  const reply = {
    name: 'slug',
    description: 'd',
    when_to_use: 'w',
    when_not: 'n',
    keywords: ['k'],
    code: 'export default () => ""',
  };
  const samples = [{ task_id: 't', prompt: 'Make a slug of "A b"', output: 'a-b' }];
  await fuzz(cases(5_000), asText(reply), (value) => {
    const verdict = judgeDraft(value, samples, new Set(['slug']));
    if (verdict.kind === 'draft') expect(SkillManifest.safeParse(verdict.manifest).error?.issues).toBeUndefined();
  });
});

it('calls of tools, and what they cost', async () => {
  const calls = [{ id: 'c1', type: 'function', function: { name: 'read_file', arguments: '{"path":"README.md"}' } }];
  await fuzz(cases(10_000), mangled(calls), (value) => {
    for (const { id, function: called } of readToolCalls(value))
      expect([typeof id, typeof called.name, typeof called.arguments]).toEqual(['string', 'string', 'string']);
  });
  await fuzz(cases(10_000), mangled({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }), (value) => {
    const { usage } = readUsage(value);
    if (usage) for (const count of Object.values(usage)) expect(count >= 0 && count < 1e9).toBe(true);
  });
});
