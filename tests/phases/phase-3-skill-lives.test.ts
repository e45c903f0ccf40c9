import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSkills } from '@vivarium/core';
import type { ModelHandler } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';
import { type InsideWorld, openInside } from './phase-kit.ts';

let inside: InsideWorld;
afterEach(() => inside.close());

const reversed = (word: string) => [...word].reverse().join('');
const ofWord = (prompt: string) => prompt.split(': ').at(-1) ?? '';

/** A model that reverses and shouts right, and a critic that wants exactly that. */
const careful: ModelHandler = ({ schemaName, prompt }) => {
  if (schemaName !== 'critic_verdict') return reversed(ofWord(prompt)).toUpperCase();
  const word = /on: (\w+)/.exec(prompt)?.[1] ?? '';
  const right = prompt.includes(reversed(word).toUpperCase());
  const issues = right ? [] : ['the word is not reversed'];
  return JSON.stringify({ verdict: right ? 'APPROVE' : 'REJECT', confidence: 0.95, issues, suggestions: [] });
};
const MODULES: Readonly<Record<string, string>> = {
  reverse: "export default ({ prompt }) => [...prompt.split(': ').at(-1)].reverse().join('');",
  shout: "export default ({ prompt }) => prompt.split(': ').at(-1).toUpperCase();",
  broken: "export default () => { throw new Error('out of order'); };",
};

/** Put a skill of a person into the library. */
async function place(name: string, front: readonly string[], code?: string): Promise<void> {
  const folder = join(inside.world.paths.skills, name);
  await mkdir(folder, { recursive: true });
  const lines = ['---', `name: ${name}`, `description: ${name} for words`, 'version: 1.2.0', ...front, '---', '', name, ''];
  await writeFile(join(folder, 'SKILL.md'), lines.join('\n'));
  if (code !== undefined) await writeFile(join(folder, 'skill.mjs'), code);
}
const executable = (name: string, module: string) =>
  place(name, ['kind: executable', 'entry: skill.mjs'], MODULES[module] ?? module);
const composed = (name: string, ...parts: string[]) => place(name, ['kind: composed', `components: [${parts.join(', ')}]`]);

const uses = async () => (await inside.world.lines('.swarm/skills.jsonl')).filter(({ event }) => event === 'skill_used');
const ownCalls = () => inside.model.requests.filter(({ schemaName }) => schemaName === undefined).length;
async function standing(name: string) {
  const registry = await openSkills({ backend: fileBackend(inside.world.paths) });
  const found = registry.show(name);
  await registry.close();
  return found;
}

describe('phase 3: a composed skill', () => {
  it('runs its parts in order without a model, and its use is logged with its version', async () => {
    inside = await openInside(careful);
    await executable('word-reverse', 'reverse');
    await executable('word-shout', 'shout');
    await composed('reverse-and-shout', 'word-reverse', 'word-shout');
    const [record] = await inside.run([{ id: 't1', prompt: 'Use the skill reverse-and-shout on: apple' }]);
    expect(record).toMatchObject({
      status: 'approved',
      outcome: { result_summary: 'ELPPA', tool_route: 'exact', tool_name: 'reverse-and-shout', model_call_avoided: true },
    });
    expect(ownCalls()).toBe(0);
    expect(await uses()).toMatchObject([{ name: 'reverse-and-shout', version: '1.2.0', outcome: 'useful', task_id: 't1' }]);
  });

  it('leaves the task to the model when a part fails, and says which use failed', async () => {
    inside = await openInside(careful);
    await executable('word-reverse', 'reverse');
    await executable('word-break', 'broken');
    await composed('reverse-and-break', 'word-reverse', 'word-break');
    const [record] = await inside.run([{ id: 't1', prompt: 'Use the skill reverse-and-break on: apple' }]);
    expect(record).toMatchObject({ status: 'approved', outcome: { result_summary: 'ELPPA', tool_route: 'generate' } });
    expect(ownCalls()).toBe(1);
    expect(await uses()).toMatchObject([{ outcome: 'failed', detail: expect.stringContaining('out of order') }]);
  });

  it('is not run when a part of it is missing', async () => {
    inside = await openInside(careful);
    await executable('word-reverse', 'reverse');
    await composed('reverse-and-more', 'word-reverse', 'word-nowhere');
    const [record] = await inside.run([{ id: 't1', prompt: 'Use the skill reverse-and-more on: apple' }]);
    expect(record).toMatchObject({ status: 'approved', outcome: { model_call_avoided: false } });
    expect(ownCalls()).toBe(1);
  });
});

describe('phase 3: a skill that does harm', () => {
  it('is taken out by its own measured uses, and its tasks are still done right', async () => {
    inside = await openInside(careful);
    await executable('word-mirror', "export default () => 'nonsense';");
    const task = (n: number, word: string) => ({ id: `t${n}`, prompt: `Use the skill word-mirror on: ${word}` });
    const first = await inside.run([task(1, 'apple'), task(2, 'bread')], 1);
    expect(first.map(({ status, attempt, outcome }) => [status, attempt, outcome?.result_summary])).toEqual([
      ['approved', 2, 'ELPPA'],
      ['approved', 2, 'DAERB'],
    ]);
    expect(await standing('word-mirror')).toMatchObject({
      status: 'quarantined',
      last_reason: expect.stringContaining('2 of 2 uses went wrong'),
    });
    const [third] = await inside.run([task(3, 'candy')]);
    expect(third).toMatchObject({
      status: 'approved',
      attempt: 1,
      outcome: { result_summary: 'YDNAC', model_call_avoided: false },
    });
    expect((await uses()).map(({ outcome }) => outcome)).toEqual(['harmful', 'harmful']);
  });

  it('is taken out when it keeps breaking down', async () => {
    inside = await openInside(careful);
    await executable('word-crash', 'broken');
    const records = await inside.run(
      ['apple', 'bread', 'candy'].map((word, n) => ({ id: `t${n}`, prompt: `Use the skill word-crash on: ${word}` })),
      1,
    );
    expect(records.every(({ status, attempt }) => status === 'approved' && attempt === 1)).toBe(true);
    expect(await standing('word-crash')).toMatchObject({ status: 'quarantined' });
    expect(await uses()).toHaveLength(2);
  });
});
