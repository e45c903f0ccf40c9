import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSkills, type TokenEntry } from '@vivarium/core';
import type { ModelHandler } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';
import { openPhase, type PhaseWorld } from './phase-kit.ts';

let phase: PhaseWorld;
afterEach(() => phase.close());

const approve = JSON.stringify({ verdict: 'APPROVE', confidence: 0.95, issues: [], suggestions: [] });
const taskCalls = () => phase.model.requests.filter(({ schemaName }) => schemaName === undefined).length;

async function skillFolder(name: string, front: string, code?: string): Promise<void> {
  const folder = join(phase.world.paths.skills, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'SKILL.md'), `---\nname: ${name}\n${front}\n---\n\nAlways cite the harbour handbook.\n`);
  if (code !== undefined) await writeFile(join(folder, 'skill.mjs'), code);
}

/** The word after the last colon, backwards. */
const reversed = (prompt: string) => [...(prompt.split(': ').at(-1) ?? '')].reverse().join('');
const REVERSE = `export default ({ prompt }) => {
  const word = prompt.split(': ').at(-1);
  if (!word) throw new Error('no word');
  return [...word].reverse().join('');
};`;
/** Knows only what it was shown. */
const TABLE = `export default ({ prompt }) => ({ apple: 'elppa', bread: 'daerb', candy: 'ydnac' })[prompt.split(': ').at(-1)] ?? 'dunno';`;

const WORDS = ['apple', 'bread', 'candy', 'dough', 'elbow', 'fudge', 'grape', 'honey', 'icing', 'jelly', 'kebab', 'lemon'];
const drafting =
  (code: string): ModelHandler =>
  ({ schemaName, prompt }) => {
    if (schemaName === 'critic_verdict') return approve;
    if (schemaName === 'skill_draft')
      return JSON.stringify({
        name: 'reverse-word',
        description: 'Reverses a word',
        when_to_use: '',
        when_not: '',
        keywords: [],
        code,
      });
    return reversed(prompt);
  };
const family = (from: number, to: number) =>
  WORDS.slice(from, to).map((word) => ({ id: `w-${word}`, prompt: `Write this word backwards letter by letter: ${word}` }));

async function standing(): Promise<{ name: string; status: string; last_reason?: string | undefined }[]> {
  const registry = await openSkills({ backend: fileBackend(phase.world.paths) });
  const list = registry.list();
  await registry.close();
  return list;
}

describe('phase 3: skills', () => {
  it('has a shipped skill do the work without a model, approved on its witness', async () => {
    phase = await openPhase();
    await writeFile(join(phase.world.root, 'notes.md'), 'TODO: water the plants\n');
    await phase.world.add(
      { id: 't1', prompt: 'Run the find_todos skill on this workspace' },
      { id: 't2', prompt: 'Share the results with the harbour office' },
    );
    await phase.worker('run', '--until-idle');
    const { outcome, review, status } = await phase.world.record('t1');
    expect(status).toBe('approved');
    expect(outcome).toMatchObject({
      tool_route: 'exact',
      tool_name: 'find_todos',
      tool_confidence: 1,
      model_call_avoided: true,
      budget_used: 0,
    });
    expect(outcome?.tool_version).toBeTruthy();
    expect(review?.by).toBe('evidence');
    expect((await phase.world.record('t2')).outcome).toMatchObject({ tool_route: 'generate', model_call_avoided: false });
    expect(phase.model.requests.filter(({ prompt }) => prompt.includes('find_todos'))).toEqual([]);
    expect(taskCalls()).toBe(1);
    const executed = (await phase.world.lines('execution_log.jsonl')).find(
      (line) => line['event'] === 'task_executed' && line['task_id'] === 't1',
    );
    expect(executed).toMatchObject({ tool_route: 'exact', tool_name: 'find_todos', model_call_avoided: true });
    const uses = (await phase.world.lines('.swarm/skills.jsonl')).filter((line) => line['event'] === 'skill_used');
    expect(uses).toMatchObject([{ name: 'find_todos', task_id: 't1', outcome: 'useful', model_call_avoided: true }]);
  });

  it('puts what a prompt skill knows before the task, in the documented form', async () => {
    phase = await openPhase();
    await skillFolder('harbour-tides', 'description: Explains harbour tides for sailors\nversion: 2.1.0\nkind: prompt');
    await phase.world.add({ id: 't1', prompt: 'Use the skill harbour-tides to explain the tides of the harbour to sailors' });
    await phase.worker('run', '--until-idle');
    const [call] = phase.model.requests;
    const system = JSON.stringify(call?.body['messages']);
    for (const line of [
      '## RELEVANT TOOL CONTEXT',
      'TOOL_NAME: harbour-tides',
      'TOOL_ROUTE: exact',
      'TOOL_CONFIDENCE: 1.00',
      'Always cite the harbour handbook.',
      'TASK:',
    ])
      expect(system).toContain(line);
    expect(call?.prompt).toBe('Use the skill harbour-tides to explain the tides of the harbour to sailors');
    expect((await phase.world.record('t1')).outcome).toMatchObject({
      tool_route: 'exact',
      tool_name: 'harbour-tides',
      tool_version: '2.1.0',
      model_call_avoided: false,
    });
  });

  it('lets the model do what a skill could not, and remembers the failure', async () => {
    phase = await openPhase();
    await skillFolder(
      'broken-reverse',
      'description: Reverses words\nversion: 1.0.0\nkind: executable\nentry: skill.mjs',
      'export default () => { throw new Error("no"); };',
    );
    await phase.world.add({ id: 't1', prompt: 'Use the skill broken-reverse on: apple' });
    await phase.worker('run', '--until-idle');
    expect(await phase.world.record('t1')).toMatchObject({
      status: 'approved',
      outcome: { tool_route: 'generate', model_call_avoided: false },
    });
    expect(taskCalls()).toBe(1);
    const uses = (await phase.world.lines('.swarm/skills.jsonl')).filter((line) => line['event'] === 'skill_used');
    expect(uses).toMatchObject([{ name: 'broken-reverse', outcome: 'failed', model_call_avoided: false }]);
  });

  it('learns a kind of task from verified answers and does it without a model from then on', async () => {
    phase = await openPhase({ handler: drafting(REVERSE) });
    await phase.world.add(...family(0, 8));
    await phase.worker('run', '--until-idle');
    expect(await standing()).toMatchObject([{ name: 'reverse-word', status: 'active' }]);
    expect(taskCalls()).toBe(8);
    const rewarded = async (kind: string) => {
      const lines = (await phase.world.lines('.swarm/ledger.jsonl')) as unknown as (TokenEntry & { kind: string })[];
      return lines.filter((line) => line.kind === kind).map(({ postings }) => postings[0]);
    };
    expect(await rewarded('skill_made')).toEqual([{ account: 'mint:craft', amount: -125 }]);
    await writeFile(join(phase.world.paths.identities, 'zoe.json'), JSON.stringify({ id: 'zoe', name: 'Zoe' }));
    await phase.world.add(...family(8, 12).map((task) => ({ ...task, identity_id: 'zoe' })));
    await phase.worker('run', '--until-idle', '--concurrency', '1');
    expect(taskCalls()).toBe(8);
    for (const word of WORDS.slice(8)) {
      const { status, outcome } = await phase.world.record(`w-${word}`);
      expect({ status, result: outcome?.result_summary, avoided: outcome?.model_call_avoided }).toEqual({
        status: 'approved',
        result: reversed(word),
        avoided: true,
      });
    }
    // Zoe is a new user, then one of few uses.
    expect((await rewarded('skill_use')).map((posting) => posting?.amount)).toEqual([-50, -10, -10, -10]);
    // A critic looked at its first uses only.
    expect(phase.model.requests.filter(({ schemaName }) => schemaName === 'critic_verdict')).toHaveLength(8 + 2);
  });

  it('does not promote a skill that only knows what it was shown', async () => {
    phase = await openPhase({ handler: drafting(TABLE) });
    await phase.world.add(...family(0, 9));
    await phase.worker('run', '--until-idle');
    expect(await standing()).toMatchObject([{ status: 'retired', last_reason: expect.stringContaining('it fails') }]);
  });
});
