import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPhase, type PhaseWorld } from './phase-kit.ts';

let phase: PhaseWorld;
beforeEach(async () => {
  phase = await openPhase();
});
afterEach(() => phase.close());

const statusOf = async (id: string): Promise<string> => JSON.parse((await phase.worker('show', id, '--json')).stdout).status;

describe('phase 0: the canonical runtime', () => {
  it('takes a model task from add to approved, at usage times price, with one audit line per call', async () => {
    expect((await phase.worker('add', 't1', 'Say hello')).code).toBe(0);
    expect((await phase.worker('run', '--until-idle')).code).toBe(0);
    const shown = JSON.parse((await phase.worker('show', 't1', '--json')).stdout);
    expect(shown).toMatchObject({ id: 't1', status: 'approved', output: 'Done: Say hello' });
    const { prompt_tokens, completion_tokens } = shown.outcome.usage;
    expect(shown.outcome.budget_used).toBeCloseTo((prompt_tokens * 0.075 + completion_tokens * 0.3) / 1e6, 6);
    const audit = await phase.world.lines('.swarm/audit/api.jsonl');
    expect(audit.map(({ task_id, purpose, event }) => [task_id, purpose, event])).toEqual([
      ['t1', 'task', 'API_CALL_SUCCESS'],
      ['t1', 'critic', 'API_CALL_SUCCESS'],
    ]);
    const log = await phase.world.lines('execution_log.jsonl');
    expect(log.map(({ status }) => status)).toEqual(['queued', 'in_progress', 'completed', 'pending_review', 'approved']);
    expect(log[2]).toMatchObject({
      budget_used: shown.outcome.budget_used,
      result_summary: 'Done: Say hello',
      tool_route: 'generate',
    });
    for (const { timestamp } of log) expect(timestamp).toMatch(/(Z|\+00:00)$/);
  });

  it('starts with nothing on disk and gives the world its residents', async () => {
    expect((await phase.worker('run', '--until-idle')).code).toBe(0);
    const residents = (await phase.worker('resident', 'list', '--json')).stdout.trim().split('\n');
    expect(residents.length).toBeGreaterThan(0);
  });

  it('runs a chain in order: a dependency is satisfied by approval', async () => {
    const tasks = [
      { id: 'c', prompt: 'third', depends_on: ['b'] },
      { id: 'b', prompt: 'second', depends_on: ['a'] },
      { id: 'a', prompt: 'first' },
    ];
    await writeFile(join(phase.world.root, 'tasks.json'), JSON.stringify(tasks));
    expect((await phase.worker('add', '--file', join(phase.world.root, 'tasks.json'))).code).toBe(0);
    await phase.worker('run', '--until-idle');
    const order = phase.model.requests.filter(({ schemaName }) => schemaName === undefined).map(({ prompt }) => prompt);
    expect(order).toEqual(['first', 'second', 'third']);
    expect(await statusOf('c')).toBe('approved');
  });

  it('runs a local command and keeps its output; the exit code decides', async () => {
    await writeFile(join(phase.world.root, 'note.txt'), 'the content of the note');
    await phase.worker('add', 'good', '', '--command', 'cat note.txt');
    await phase.worker('add', 'bad', '', '--command', 'cat missing.txt');
    await phase.worker('run', '--until-idle');
    const good = JSON.parse((await phase.worker('show', 'good', '--json')).stdout);
    expect(good).toMatchObject({ status: 'approved', review: { by: 'evidence' } });
    expect(await readFile(join(phase.world.root, good.outcome.artifact.path), 'utf8')).toContain('the content of the note');
    const bad = JSON.parse((await phase.worker('show', 'bad', '--json')).stdout);
    expect(bad.status).toBe('failed');
    expect(bad.reasons.at(-1)).toMatch(/exit code 1.*missing\.txt/);
    expect(phase.model.calls).toBe(0);
  });

  it('adopts what stands in queue.json, and the file tells what became of it', async () => {
    const queue = {
      version: '1.1',
      note: 'mine',
      tasks: [
        { id: 'q1', instruction: 'Say hello' },
        { id: 'q2', prompt: 5 },
      ],
    };
    await writeFile(phase.world.paths.queue, JSON.stringify(queue, null, 2));
    await phase.worker('run', '--until-idle');
    expect(await phase.world.json('queue.json')).toMatchObject({ note: 'mine', completed: [{ id: 'q1' }] });
    const refusals = (await phase.world.lines('action_log.jsonl')).filter(({ detail }) => String(detail).includes('q2'));
    expect(refusals).toHaveLength(1);
    expect((await phase.worker('doctor')).stdout).toContain('q2');
  });

  it('sends the rejection’s reasons with the next attempt, whose last message is still the task', async () => {
    let reviews = 0;
    phase.model.handle((request) => {
      if (request.schemaName !== 'critic_verdict') return `Answer ${request.index}`;
      reviews += 1;
      const rejected = reviews === 1;
      return JSON.stringify({
        verdict: rejected ? 'REJECT' : 'APPROVE',
        confidence: 0.9,
        issues: rejected ? ['the sum is wrong'] : [],
        suggestions: [],
      });
    });
    await phase.worker('add', 't1', 'Add 2 and 2');
    await phase.worker('run', '--until-idle');
    const own = phase.model.requests.filter(({ schemaName }) => schemaName === undefined);
    expect(own.map(({ prompt }) => prompt)).toEqual(['Add 2 and 2', 'Add 2 and 2']);
    expect(JSON.stringify(own[1]?.body['messages'])).toContain('the sum is wrong');
    expect(await statusOf('t1')).toBe('approved');
  });
});
