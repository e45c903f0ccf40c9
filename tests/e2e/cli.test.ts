import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliHere } from './cli-here.ts';
import { TestWorld } from './worker-kit.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await TestWorld.open();
});
afterEach(() => world.close());

const worker = (...args: string[]) => (args[0] === 'run' ? world.cli(args).ended : cliHere(world, args));
const asProcess = (...args: string[]) => world.cli(args).ended;
const json = async (...args: string[]) => JSON.parse((await worker(...args, '--json')).stdout);

describe('the command line', () => {
  it('prints help and exit 2 without a command, and never a stack trace', async () => {
    const bare = await asProcess();
    expect(bare.code).toBe(2);
    expect(bare.stderr).toContain('Usage:');
    const unknown = await asProcess('dance');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).not.toMatch(/\n\s+at /);
    expect((await asProcess('--help')).code).toBe(0);
  });

  it('adds a task with every option, and shows what it became', async () => {
    await writeFile(join(world.root, 'schema.json'), '{"type":"object"}');
    await worker('add', 'first', 'Before');
    const added = await worker(
      ...['add', 't1', 'Sum up', 'first', '--model', 'openai/gpt-oss-120b', '--min-budget', '0.01', '--max-budget', '0.2'],
      ...['--intensity', 'high', '--priority', 'high', '--identity', 'ada', '--decompose', '--expect-file', 'out.md'],
      ...['--output-schema', join(world.root, 'schema.json')],
    );
    expect(added).toMatchObject({ code: 0 });
    expect((await json('show', 't1')).task).toMatchObject({
      prompt: 'Sum up',
      depends_on: ['first'],
      model: 'openai/gpt-oss-120b',
      min_budget: 0.01,
      max_budget: 0.2,
      intensity: 'high',
      priority: 10,
      identity_id: 'ada',
      decompose: true,
      expect_file: 'out.md',
      output_schema: { type: 'object' },
    });
    expect(await json('explain', 't1')).toMatchObject({
      id: 't1',
      status: 'queued',
      mover: { kind: 'dependency', task_id: 'first' },
    });
    expect(((await world.json('queue.json')) as { tasks: { id: string }[] }).tasks.map(({ id }) => id)).toEqual(['first', 't1']);
  });

  it.each([
    [['add', 'bad id', 'x'], 2, 'id'],
    [['add', 't1'], 2, 'prompt'],
    [['add', 't1', 'x', 'missing'], 2, 'missing'],
    [['add', 't1', 'x', 't1'], 2, 'depends_on'],
    [['add', 't1', 'x', '--model', 'nonsense/model'], 2, 'model'],
    [['add', 't1', 'x', '--skill', 'juggle'], 2, 'skill'],
    [['add', 't1', 'x', '--expect-file', '../out'], 2, 'expect_file'],
    [['add', 't1', 'x', '--intensity', 'extreme'], 2, 'intensity'],
    [['add', 't1', 'x', '--priority', 'sometime'], 2, 'priority'],
    [['add', 't1', 'x', '--max-budget', 'much'], 2, 'max-budget'],
    [['add', 't1', 'x', '--min-budget', '2', '--max-budget', '1'], 2, 'min_budget'],
    [['run', '0'], 2, 'max_tasks'],
    [['run', '1.5'], 2, 'max_tasks'],
    [['run', '--concurrency', '65'], 2, 'concurrency'],
    [['list', '--status', 'sleeping'], 2, 'sleeping'],
    [['reject', 't1'], 2, '--reason'],
    [['show', 'nobody'], 3, 'nobody'],
    [['explain', 'nobody'], 3, 'nobody'],
    [['retry', 'nobody'], 3, 'nobody'],
    [['wallet', 'show', 'nobody'], 3, 'nobody'],
  ])('answers %j with exit %i and names what is wrong', async (args, code, named) => {
    const ended = await worker(...args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(named);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  it('takes a prompt of a hundred thousand characters', async () => {
    expect((await worker('add', 't1', 'p'.repeat(100_000))).code).toBe(0);
  });

  it('refuses another body under a known id, and takes the same one again as known', async () => {
    await worker('add', 't1', 'Say hello');
    expect(await json('add', 't1', 'Say hello')).toEqual({ added: [], known: ['t1'] });
    const other = await worker('add', 't1', 'Say goodbye', '--json');
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout)).toMatchObject({ code: 'VIV_TASK_CONFLICT', fix: expect.any(String) });
  });

  it('adds a file whole or not at all, and names the line', async () => {
    const file = join(world.root, 'tasks.jsonl');
    await writeFile(file, '{"id":"a","prompt":"x"}\n\n{"id":"b","prompt":"x","max_budget":-1}\n');
    const refused = await worker('add', '--file', file);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/line 3.*max_budget/);
    expect((await worker('list', '--json')).stdout).toBe('');
    await writeFile(file, '{"id":"a","prompt":"x","depends_on":["b"]}\n{"id":"b","prompt":"x"}\n');
    expect(await json('add', '--file', file)).toMatchObject({ added: ['a', 'b'] });
    await writeFile(file, '{"tasks":[{"id":"c","prompt":"x"}]}');
    expect(await json('add', '--file', file)).toMatchObject({ added: ['c'] });
    await writeFile(file, '[{"id":"d",]');
    expect((await worker('add', '--file', file)).stderr).toMatch(/line 1/);
  });

  it('refuses a circle and adds nothing of it', async () => {
    const file = join(world.root, 'tasks.json');
    await writeFile(
      file,
      JSON.stringify([
        { id: 'a', prompt: 'x', depends_on: ['b'] },
        { id: 'b', prompt: 'x', depends_on: ['a'] },
      ]),
    );
    const refused = await worker('add', '--file', file);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('dependency cycle');
  });

  it('lists as JSON lines with id and status, cancelled tasks too', async () => {
    await world.add({ id: 'a', prompt: 'x' }, { id: 'b', prompt: 'x' });
    expect((await worker('cancel', 'a', '--reason', 'no need')).code).toBe(0);
    const lines = (await worker('list', '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'cancelled'],
      ['b', 'queued'],
    ]);
    expect((await worker('list', '--json', '--status', 'queued')).stdout.trim().split('\n')).toHaveLength(1);
    expect((await worker('cancel', 'a')).code).toBe(3);
    expect((await worker('retry', 'a')).code).toBe(0);
  });

  it('throws the switches', async () => {
    expect(await json('halt', '--reason', 'lunch')).toEqual({ switch: 'halted', reason: 'lunch' });
    expect(await json('status')).toMatchObject({ switch: 'halted', switch_reason: 'lunch', api: { state: 'away' } });
    await worker('add', 't1', 'Say hello');
    expect(await json('explain', 't1')).toMatchObject({ mover: { kind: 'person' }, action: 'pnpm worker resume' });
    expect(await json('resume')).toMatchObject({ switch: 'running' });
    expect(await json('explain', 't1')).toMatchObject({ mover: { kind: 'worker' }, action: 'pnpm worker run' });
    expect(await json('pause')).toMatchObject({ switch: 'paused' });
    await worker('resume');
  });

  it('reads and verifies without an API', async () => {
    expect(await json('ledger', 'verify')).toMatchObject({ ok: true, entries: 0 });
    expect(await json('budget', 'show')).toMatchObject({ cap_usd: 5, spent_usd: 0 });
    expect((await worker('budget', 'reset')).code).toBe(0);
    expect((await worker('resident', 'list')).code).toBe(0);
  });

  it('reports all bad settings at once', async () => {
    const ended = await world.cli(['list'], { VIVARIUM_API_PORT: 'many', SWARM_RATE_LIMIT: '-1' }).ended;
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/VIVARIUM_API_PORT[\s\S]*SWARM_RATE_LIMIT/);
  });
});

describe('doctor', () => {
  it('shows where settings come from, with secrets masked, and is content with a fresh world', async () => {
    const ended = await world.cli(['doctor', '--json'], { GROQ_API_KEY: 'gsk_0123456789abcdefghij' }).ended;
    const report = JSON.parse(ended.stdout);
    expect(ended.code).toBe(0);
    expect(report.settings).toContainEqual(expect.objectContaining({ name: 'VIVARIUM_WORKSPACE', from: 'environment' }));
    expect(ended.stdout).not.toContain('0123456789abcdefghij');
    for (const { level, fix } of report.findings) if (level !== 'ok') expect(fix).toBeTruthy();
  });

  it('names every line and document that cannot be trusted', async () => {
    await world.add({ id: 'a', prompt: 'x' });
    const { appendFile, mkdir } = await import('node:fs/promises');
    await appendFile(world.paths.executionLog, '{"task_id":"a","event":"task_approved"}\n');
    await mkdir(world.paths.identities, { recursive: true });
    await appendFile(world.paths.changesLog, '{"event":"approval_given"}\n');
    await appendFile(join(world.paths.swarm, 'executions.jsonl'), 'half an answ');
    await writeFile(join(world.paths.identities, 'broken.json'), '{');
    await writeFile(world.paths.queue, '{"tasks": [\n  {"id": "q",}\n]}');
    const ended = await worker('doctor');
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/execution_log\.jsonl line 2/);
    expect(ended.stdout).toMatch(/executions\.jsonl line 1/);
    expect(ended.stdout).toMatch(/changes\.jsonl line 1 was not written by Vivarium/);
    expect(ended.stdout).toContain('broken.json');
    expect(ended.stdout).toMatch(/queue\.json.*line 2.*column/);
  });
});
