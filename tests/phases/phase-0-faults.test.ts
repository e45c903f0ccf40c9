import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTaskStore } from '@vivarium/core';
import { type ModelHandler, obliging } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../e2e/worker-kit.ts';
import { type InsideWorld, openInside } from './phase-kit.ts';

let inside: InsideWorld;
afterEach(() => inside?.close());

const open = async (handler: ModelHandler = obliging, env: Record<string, string> = {}) => {
  inside = await openInside(handler, env);
  return inside;
};
const verdict = (word: string) => JSON.stringify({ verdict: word, confidence: 0.9, issues: ['no'], suggestions: [] });
const ownPrompts = () => inside.model.requests.filter(({ schemaName }) => schemaName === undefined).map(({ prompt }) => prompt);
const statuses = (records: readonly { status: string }[]) => records.map(({ status }) => status);

describe('phase 0: a world that is not as it should be', () => {
  it.each([
    ['an empty log', ''],
    ['half a line', '{"event":"task_added","task_id":"t0","sta'],
    ['a foreign line', '{"hello":"there"}\n'],
  ])('starts over %s and does its work', async (_what, text) => {
    const { world, run } = await open();
    await writeFile(world.paths.executionLog, text);
    expect(statuses(await run([{ id: 't1', prompt: 'Say hello' }]))).toEqual(['approved']);
  });

  it('reads what stands after a torn line, also when it was torn while it ran', async () => {
    const { world, run } = await open();
    await run([{ id: 't1', prompt: 'Say hello' }]);
    await appendFile(world.paths.executionLog, '{"event":"task_add');
    const records = await run([
      { id: 't2', prompt: 'Say it again' },
      { id: 't3', prompt: 'Say it thrice', depends_on: ['t1', 't2'] },
    ]);
    expect(statuses(records)).toEqual(['approved', 'approved']);
  });

  it('takes no garbage in a view for an empty world: nothing is paid again, nothing is lost', async () => {
    const { world, run } = await open();
    await run([{ id: 't1', prompt: 'Say hello' }]);
    const ledger = await readFile(world.paths.tokenLedger, 'utf8');
    for (const view of [world.paths.walletView, world.paths.rewardView]) await writeFile(view, '{"balances": {');
    await run([{ id: 't2', prompt: 'Say more' }]);
    const after = await readFile(world.paths.tokenLedger, 'utf8');
    expect(after.startsWith(ledger)).toBe(true);
    const paid = (text: string) => text.split('t1::').length - 1;
    expect(paid(ledger)).toBeGreaterThan(0);
    expect(paid(after)).toBe(paid(ledger));
    const grants = Object.keys(JSON.parse(await readFile(world.paths.rewardView, 'utf8')).grants);
    expect(grants.map((key) => key.split('::')[0]).sort()).toEqual(['t1', 't2']);
  });
});

describe('phase 0: a task that is not as it should be', () => {
  it('costs nobody else anything: a model that is not allowed, a prompt that is too dear, a command that is denied', async () => {
    const { world, run } = await open();
    const bad = [
      { id: 'model', prompt: 'Say hello', model: 'nobody/knows-it' },
      { id: 'dear', prompt: 'Say hello', max_budget: 0.0000001, min_budget: 0 },
      { id: 'command', command: 'curl http://127.0.0.1' },
      { id: 'pinned', prompt: 'Say hello', identity_id: 'nobody-of-that-name' },
    ];
    await run([...bad, { id: 'good', prompt: 'Say good morning' }], 1);
    expect((await world.record('good')).status).toBe('approved');
    await run([{ id: 'later', prompt: 'Say good night' }]);
    expect((await world.record('later')).status).toBe('approved');
    for (const { id } of bad) {
      const { status, hold, reasons } = await world.record(id);
      expect(['failed', 'safety_blocked'].includes(status) || hold !== undefined, `${id} is ${status}`).toBe(true);
      expect(hold?.reason ?? reasons.at(-1)).toBeTruthy();
    }
    expect(ownPrompts()).toEqual(['Say good morning', 'Say good night']);
  });

  it('is held for a person when worker after worker dies over it, and goes on when told to', async () => {
    const { world, run } = await open();
    await world.add({ id: 't1', prompt: 'Say hello' });
    await dieOver('t1', 20);
    const [other] = await run([{ id: 't2', prompt: 'Say good morning' }]);
    expect(other?.status).toBe('approved');
    expect(ownPrompts()).toEqual(['Say good morning']);
    expect((await world.record('t1')).hold).toMatchObject({ reason: expect.stringContaining('crash loop: 20 workers exited') });
    expect(await world.store((store) => store.explain('t1'))).toMatchObject({
      mover: { kind: 'person' },
      action: 'pnpm worker retry t1',
    });
    await world.store((store) => store.decide('t1', { kind: 'retry' }, 'human'));
    await run([]);
    expect((await world.record('t1')).status).toBe('approved');
  });

  it('lets those that wait go first when it is sent round again', async () => {
    let reviews = 0;
    const { run } = await open(({ schemaName, prompt }) =>
      schemaName === 'critic_verdict' ? verdict(++reviews === 1 ? 'REJECT' : 'APPROVE') : `Done: ${prompt}`,
    );
    const names = ['first', 'second', 'third'];
    await run(
      names.map((id) => ({ id, prompt: `Do the ${id}` })),
      1,
    );
    expect(ownPrompts()).toEqual(['Do the first', 'Do the second', 'Do the third', 'Do the first']);
    const again = (await inside.world.lines('execution_log.jsonl')).find(({ event }) => event === 'task_requeued');
    expect(Number(again?.['delay_ms'])).toBeGreaterThanOrEqual(750);
  });

  it('blocks visibly what depends on it once it failed, and lets it go on once it is done after all', async () => {
    let strict = true;
    const { world, run } = await open(
      ({ schemaName, prompt }) =>
        schemaName === 'critic_verdict'
          ? verdict(strict && prompt.includes('the roots') ? 'REJECT' : 'APPROVE')
          : `Done: ${prompt}`,
      { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' },
    );
    const records = await run([
      { id: 'roots', prompt: 'Draw the roots' },
      { id: 'trunk', prompt: 'Draw the trunk', depends_on: ['roots'] },
      { id: 'leaves', prompt: 'Draw the leaves', depends_on: ['trunk'] },
    ]);
    expect(statuses(records)).toEqual(['failed', 'queued', 'queued']);
    expect(await world.store((store) => store.explain('trunk'))).toMatchObject({
      mover: { kind: 'dependency', task_id: 'roots', status: 'failed' },
      because: 'it is blocked: it depends on roots, which is failed',
      action: 'pnpm worker retry roots',
    });
    strict = false;
    await world.store((store) => store.decide('roots', { kind: 'retry' }, 'human'));
    await run([]);
    expect((await world.record('leaves')).status).toBe('approved');
  });
});

/** Claim a task under workers that are not there, one after the other, so that each takes over from the dead one before. */
async function dieOver(id: string, times: number): Promise<void> {
  const { paths } = inside.world;
  for (let n = 0; n < times; n += 1) {
    const liveness = fileBackend(paths).presence;
    const store = await openTaskStore({ backend: fileBackend(paths), liveness });
    const [claim] = await store.claim({
      worker_id: `gone_${n}`,
      limit: 1,
      assign: ({ id: own }) => (own === id ? {} : undefined),
    });
    expect(claim?.record.task.id).toBe(id);
    await store.close();
  }
}

describe('phase 0: what is left behind', () => {
  it('has the same residents at the next start, who work again within the same day', async () => {
    const { world, run } = await open();
    await run([{ id: 't1', prompt: 'Say hello' }]);
    const residents = async () => (await readdir(world.paths.identities)).filter((name) => name.endsWith('.json')).sort();
    const before = await residents();
    const identity_id = before[0]?.replace('.json', '') ?? '';
    const again = await run([
      { id: 't2', prompt: 'Say more', identity_id },
      { id: 't3', prompt: 'Say the rest', identity_id },
    ]);
    expect(statuses(again)).toEqual(['approved', 'approved']);
    expect(await residents()).toEqual(before);
  });

  it('tells every instant in UTC, in every log, and counts every cost once', async () => {
    const { world, run } = await open();
    await run([
      { id: 't1', prompt: 'Say hello' },
      { id: 't2', command: 'pwd' },
    ]);
    await inside.restart();
    const logs = (await readdir(world.root, { recursive: true })).filter((name) => name.endsWith('.jsonl'));
    expect(logs.length).toBeGreaterThan(5);
    for (const log of logs)
      for (const line of await world.lines(log))
        for (const [key, value] of Object.entries(line))
          if (/(?:timestamp|_at|^at|not_before)$/.test(key) && typeof value === 'string')
            expect(value, `${key} in ${log}`).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)$/);
    const audit = await world.lines('.swarm/audit/api.jsonl');
    const spent = audit.reduce((sum, { cost }) => sum + Number(cost), 0);
    const settled = (await world.lines('.swarm/budget_ledger.jsonl')).filter((line) => 'cost_usd' in line);
    expect(settled.reduce((sum, { cost_usd }) => sum + Number(cost_usd), 0)).toBeCloseTo(spent, 9);
    const own = audit.find(({ purpose, task_id }) => purpose === 'task' && task_id === 't1');
    expect((await world.record('t1')).spent_usd).toBeCloseTo(Number(own?.['cost']), 6);
  });

  it('is nothing at all when the packages are only imported', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'viv-import-'));
    const entries = ['core/src/index.ts', 'api/src/index.ts', 'worker/src/loop/run-worker.ts', 'control-panel/src/index.ts'];
    const files = entries.map((entry) => join(REPOSITORY, 'packages', entry));
    const script = `await Promise.all(${JSON.stringify(files)}.map((file) => import(file)));`;
    const args = ['--conditions', '@vivarium/source', '--import', 'tsx', '--input-type=module', '--eval', script];
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: tmpdir(), VIVARIUM_WORKSPACE: folder };
    await promisify(execFile)(process.execPath, args, { cwd: REPOSITORY, env, timeout: 30_000 });
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
