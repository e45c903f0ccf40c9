import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cliHere } from './cli-here.ts';
import { ask, aTaskNamed, charge, holdForReview, type TestPanel, testPanel, write } from './panel-kit.ts';

let panel: TestPanel;
beforeEach(async () => {
  panel = await testPanel();
});
afterEach(() => panel.remove());

const get = (path: string) => ask(panel.port, path);
const add = (...ids: string[]) =>
  panel.world.store.add(
    ids.map((id) => aTaskNamed(id)),
    'test',
  );

describe('Many tasks at once', () => {
  it('decides about each, and names those it does not fit', async () => {
    await add('a', 'b', 'c');
    await holdForReview(panel.world, 'a');
    const { json } = await write(panel, '/api/tasks/bulk', { verb: 'approve', ids: ['a', 'b', 'nobody'] });
    expect(json).toMatchObject({ success: true, matched: 3, done: ['a'] });
    expect(json.refused.map(({ id }: { id: string }) => id)).toEqual(['b', 'nobody']);
    expect(panel.world.store.get('a')?.status).toBe('approved');
  });

  it('counts by a filter without touching anything, and wants a reason to reject', async () => {
    await add('a', 'b');
    const counted = await write(panel, '/api/tasks/bulk', { verb: 'cancel', status: ['queued'], dry_run: true });
    expect(counted.json).toMatchObject({ matched: 2, done: [] });
    expect(panel.world.store.counts().queued).toBe(2);
    expect((await write(panel, '/api/tasks/bulk', { verb: 'cancel' })).status).toBe(400);
    const rejected = await write(panel, '/api/tasks/bulk', { verb: 'reject', ids: ['a'] });
    expect([rejected.status, rejected.json.errors[0].field]).toEqual([400, 'reason']);
  });

  it('imports all tasks of a file or none, with the line at fault', async () => {
    const bad = await write(panel, '/api/tasks/import', { name: 't.jsonl', content: '{"id":"x","prompt":"X"}\n{"id":"y"}\n' });
    expect([bad.status, bad.json.errors[0].message]).toEqual([400, expect.stringContaining('line 2')]);
    expect(panel.world.store.counts().total).toBe(0);
    const queue = JSON.stringify({ version: '1.0', tasks: [{ id: 'x', instruction: 'X' }], completed: [] });
    expect((await write(panel, '/api/tasks/import', { content: queue })).json.task_ids).toEqual(['x']);
  });

  it('reads the bytes of a file, and names an encoding that is not UTF-8', async () => {
    const upload = (bytes: Buffer) => write(panel, '/api/tasks/import', { name: 't.json', base64: bytes.toString('base64') });
    const tasks = '[{"id": "x", "prompt": "café"}]';
    for (const [bytes, words] of [
      [Buffer.from(tasks, 'latin1'), 'Windows-1252'],
      [Buffer.from(tasks, 'utf16le'), 'is in UTF-16'],
    ] as const) {
      const { status, json } = await upload(bytes);
      expect([status, json.errors[0].message]).toEqual([400, expect.stringContaining(words)]);
    }
    expect((await upload(Buffer.from(`\uFEFF${tasks}`))).json.task_ids).toEqual(['x']);
    expect(panel.world.store.get('x')?.task.prompt).toBe('café');
  });

  it('refuses a task whose skill cannot be had', async () => {
    const { status, json } = await write(panel, '/api/tasks/import', { content: '[{"id": "x", "skill": "juggle"}]' });
    expect([status, json.errors[0]]).toEqual([
      400,
      { field: 'skill', message: expect.stringContaining('there is no skill juggle') },
    ]);
  });

  it('edits what waits and nothing else', async () => {
    await add('a', 'b');
    const edited = await write(panel, '/api/tasks/a/edit', { prompt: 'Other', max_budget: null });
    expect(edited.json.task).toMatchObject({ prompt: 'Other', max_budget: 0.1 });
    expect((await write(panel, '/api/tasks/a/edit', { id: 'z' })).json.errors[0].field).toBe('id');
    expect((await write(panel, '/api/tasks/a/edit', { timeout: 0 })).json.errors[0].field).toBe('timeout');
    await write(panel, '/api/tasks/b/cancel', {});
    expect((await write(panel, '/api/tasks/b/edit', { prompt: 'Late' })).status).toBe(409);
    expect((await write(panel, '/api/tasks/none/edit', {})).status).toBe(404);
  });

  it('shows the neighbourhood of a task once not everything fits', async () => {
    const chain = Array.from({ length: 200 }, (_, index) =>
      aTaskNamed(`n${index}`, index > 0 ? { depends_on: [`n${index - 1}`] } : {}),
    );
    await panel.world.store.add(chain, 'test');
    const { json } = await get('/api/graph?focus=n100&levels=2');
    expect(json).toMatchObject({ focus: 'n100', more: true, total: 200 });
    expect(json.nodes.map(({ id }: { id: string }) => id).sort()).toEqual(['n100', 'n101', 'n102', 'n98', 'n99']);
    expect((await get('/api/graph?focus=none')).status).toBe(404);
  });

  it('filters by hold, cost and resident, page by page', async () => {
    await add('a', 'b', 'c');
    await holdForReview(panel.world, 'a');
    await holdForReview(panel.world, 'b');
    for (const id of ['a', 'b']) await charge(panel, id, 0.0012);
    const ids = (answer: { json: { tasks: { id: string }[] } }) => answer.json.tasks.map(({ id }) => id);
    expect(ids(await get('/api/tasks?held=true'))).toEqual(['b', 'a']);
    expect(ids(await get('/api/tasks?min_cost=0.001'))).toEqual(['b', 'a']);
    expect(ids(await get('/api/tasks?resident=wren'))).toEqual(['b', 'a']);
    expect(ids(await get('/api/tasks?resident=moss'))).toEqual([]);
    const first = await get('/api/tasks?held=true&limit=1');
    expect([ids(first), ids(await get(`/api/tasks?held=true&limit=1&cursor=${first.json.next_cursor}`))]).toEqual([['b'], ['a']]);
  });
});

describe('Money and time', () => {
  const call = (extra: object) =>
    JSON.stringify({
      ...{
        timestamp: new Date().toISOString(),
        event: 'API_CALL_SUCCESS',
        call_id: 'c',
        user: 'w',
        task_id: 'a',
        identity_id: 'wren',
      },
      ...{ purpose: 'task', provider: 'groq', model: 'openai/gpt-oss-20b', attempt: 1, input_tokens: 100, output_tokens: 20 },
      ...{ estimated_cost: 0.01, cost: 0.004, outcome: 'ok', duration_ms: 900, ...extra },
    });

  it('sums what calls cost by day, model, resident and task, as the audit grows', async () => {
    await mkdir(dirname(panel.world.paths.apiAudit), { recursive: true });
    await writeFile(
      panel.world.paths.apiAudit,
      `${call({})}\nnot json\n${call({ task_id: null, identity_id: null, purpose: 'critic' })}\n`,
    );
    await vi.waitFor(async () => expect((await get('/api/budget/spend')).json.total.calls).toBe(2), { timeout: 10_000 });
    await appendFile(
      panel.world.paths.apiAudit,
      `${call({ event: 'API_CALL_FAILURE', cost: 0, model: 'openai/gpt-oss-120b' })}\n`,
    );
    await vi.waitFor(async () => expect((await get('/api/budget/spend')).json.total.calls).toBe(3), { timeout: 10_000 });
    const { json } = await get('/api/budget/spend?days=1');
    expect(json.total).toMatchObject({ failed: 1, input_tokens: 300, cost_usd: 0.008 });
    expect(json.by_model.map(({ key }: { key: string }) => key)).toEqual(['openai/gpt-oss-20b', 'openai/gpt-oss-120b']);
    expect(json.by_task[0]).toMatchObject({ calls: 2 });
    await add('a');
    expect((await get('/api/tasks/a')).json.calls).toHaveLength(2);
  });

  it('tells how many tasks came, were done and stood open, step by step', async () => {
    await add('a', 'b', 'c');
    await holdForReview(panel.world, 'a');
    await write(panel, '/api/tasks/a/approve', {});
    await write(panel, '/api/tasks/b/cancel', {});
    const { json } = await get('/api/trend?hours=1');
    const sum = (key: string) =>
      json.points.reduce((total: number, point: Record<string, number>) => total + (point[key] ?? 0), 0);
    expect([sum('added'), sum('approved'), sum('failed'), json.points.at(-1).open]).toEqual([3, 1, 1, 1]);
    expect(json.points[0].open).toBe(0);
  });

  it('serves at once after a start over a long history, counts it in the background, and counts nothing twice', async () => {
    const many = Array.from({ length: 900 }, (_, index) => aTaskNamed(`t${index}`));
    await panel.world.store.add(many, 'test');
    for (const { id } of many.slice(0, 400)) await panel.world.store.decide(id, { kind: 'cancel' }, 'test');
    panel = await panel.restart();
    const trend = async () => (await get('/api/trend?hours=1')).json;
    await panel.world.store.decide('t899', { kind: 'cancel' }, 'test');
    await panel.world.store.decide('t400', { kind: 'cancel' }, 'test');
    await vi.waitFor(async () => expect((await trend()).complete).toBe(true), { timeout: 20_000 });
    const { points } = await trend();
    const sum = (key: string) => points.reduce((total: number, point: Record<string, number>) => total + (point[key] ?? 0), 0);
    expect([sum('added'), sum('failed'), points.at(-1).open]).toEqual([900, 402, 498]);
  });

  it('starts counting from zero, and what waited for money goes on', async () => {
    await add('a');
    const [claim] = await panel.world.store.claim({ worker_id: 'w1', limit: 1, assign: () => ({}) });
    if (!claim) throw new Error('nothing was claimed');
    const hold = { kind: 'budget', reason: 'the cap is reached', action: 'pnpm worker budget reset' } as const;
    await panel.world.store.record(claim.lease, { kind: 'hold', hold });
    expect(panel.world.store.get('a')?.hold).toMatchObject(hold);
    expect((await write(panel, '/api/budget/reset', {})).json).toMatchObject({ success: true, spent_usd: 0 });
    panel.world.store.refresh();
    expect(panel.world.store.get('a')?.status).toBe('queued');
    expect(panel.world.store.get('a')?.hold).toBeUndefined();
  });
});

describe('Log, pictures, settings and workers', () => {
  it('pages back to the first line, both logs merged, each line once', async () => {
    await add(...Array.from({ length: 150 }, (_, index) => `t${index}`));
    for (let index = 0; index < 90; index += 1)
      panel.world.activity.note({ actor: 'wren', action_type: 'SOCIAL', action: `said ${index}`, detail: '' });
    await vi.waitFor(async () => expect((await get('/api/log?source=action')).json.lines).toHaveLength(90));
    const texts: string[] = [];
    let before = '';
    do {
      const { json } = await get(`/api/log?limit=37${before}`);
      texts.push(...json.lines.map(({ task_id, text }: { task_id?: string; text: string }) => task_id ?? text));
      before = json.next === null ? '' : `&before=${json.next}`;
    } while (before !== '');
    expect([texts.length, new Set(texts).size]).toEqual([240, 240]);
    expect((await get('/api/log?text=SAID%2033')).json.lines).toHaveLength(1);
    expect((await get('/api/log?before=nonsense')).status).toBe(400);
  });

  it('shows a picture as a picture, and nothing else as one', async () => {
    await writeFile(join(panel.workspace, 'dot.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    await writeFile(join(panel.workspace, 'trap.svg'), '<svg onload="alert(1)"/>');
    const picture = await get('/api/artifact/picture?path=dot.png');
    expect([picture.status, picture.headers['content-type'], picture.headers['content-security-policy']]).toEqual([
      200,
      'image/png',
      "default-src 'none'; sandbox",
    ]);
    expect((await get('/api/artifact/picture?path=trap.svg')).status).toBe(415);
    expect((await get('/api/artifact/picture?path=../../etc/passwd.png')).status).toBe(403);
    expect((await get('/api/artifact/picture?path=.swarm/security/x.png')).status).toBe(403);
  });

  it('says how the world is set up without any secret', async () => {
    const { json, text } = await get('/api/settings');
    expect(json.safety).toMatchObject({ network: 'Denied, except the model provider from the API' });
    expect(json.safety.rules.length).toBeGreaterThan(10);
    expect(text).not.toContain('test-token');
    const models = await get('/api/models');
    expect(models.json.retired).toContainEqual(
      expect.objectContaining({ id: 'llama-3.1-8b-instant', model: 'openai/gpt-oss-20b' }),
    );
    expect(models.json.models[0].price.input_usd_per_million).toBeGreaterThan(0);
  });

  it('refuses more workers than may run, and to stop one of somebody else', async () => {
    expect((await write(panel, '/api/workers/start', { count: 17 })).status).toBe(400);
    expect((await write(panel, '/api/workers/someone/stop', {})).status).toBe(404);
    expect((await get('/api/workers')).json).toMatchObject({ success: true, workers: [], crew: [], most: 16 });
  });

  it('says what is wrong when the model cannot be asked', async () => {
    const { json } = await write(panel, '/api/provider/test', {});
    expect(json).toMatchObject({ success: true, ok: false, fix: 'Start it with: pnpm api' });
  });
});

describe('The doctor', () => {
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(panel.workspace, path)), { recursive: true });
    await appendFile(join(panel.workspace, path), text);
  };

  it.each<[string, string, () => Promise<unknown>]>([
    ['a queue that does not read', 'queue', () => put('queue.json', '{"tasks": [\n  {"id": "q",}\n]}')],
    ['a line that nobody here wrote', 'logs', () => put('execution_log.jsonl', '{"task_id":"a","event":"task_approved"}\n')],
    ['a resident that does not read', 'documents', () => put('.swarm/identities/broken.json', '{')],
    ['a switch that was left on', 'switch', () => write(panel, '/api/toggle_stop', {})],
  ])('names %s, in this process and in the words of the command line', async (_what, check, spoil) => {
    expect((await get('/api/doctor')).json).toMatchObject({ success: true, ok: true, errors: 0 });
    await spoil();
    const { findings, ok, errors } = (await get('/api/doctor')).json;
    const mine = findings.filter((one: { check: string }) => one.check === check);
    expect(mine).toEqual([expect.objectContaining({ level: expect.stringMatching(/warning|error/), fix: expect.any(String) })]);
    expect(ok).toBe(errors === 0);
    const told = JSON.parse((await cliHere({ root: panel.workspace }, ['doctor', '--json'])).stdout);
    expect(told.findings.filter((one: { check: string }) => one.check === check)).toEqual(mine);
  });
});
