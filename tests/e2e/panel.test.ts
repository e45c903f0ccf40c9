import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { asOwner } from '@vivarium/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, aTaskNamed, holdForReview, type TestPanel, testPanel, write } from './panel-kit.ts';

let panel: TestPanel;
beforeAll(async () => {
  panel = await testPanel();
});
afterAll(() => panel.remove());

const get = (path: string) => ask(panel.port, path);

describe('Tasks over HTTP', () => {
  it('are added with what the contract fills in, and can be looked at', async () => {
    const added = await write(panel, '/api/tasks', { id: 'first', instruction: 'Say hello', max_budget: 0.02 });
    expect(added.status).toBe(201);
    expect(added.json).toEqual({ success: true, task_ids: ['first'], known: [] });
    const { json } = await get('/api/tasks/first');
    expect(json).toMatchObject({
      success: true,
      id: 'first',
      status: 'queued',
      task: { prompt: 'Say hello', max_budget: 0.02, priority: 0 },
    });
    expect(json.events).toHaveLength(1);
    expect((await get('/api/tasks/first/explain')).json).toMatchObject({
      id: 'first',
      status: 'queued',
      mover: { kind: 'worker' },
    });
  });

  it('get an id when they have none', async () => {
    const { json } = await write(panel, '/api/tasks', { prompt: 'No name' });
    expect(json.task_ids).toEqual([expect.stringMatching(/^task-[0-9a-z]{26}$/)]);
  });

  it.each([
    ['nothing to do', { id: 'bad' }, ['prompt']],
    ['a bad id', { id: '../x', prompt: 'x' }, ['id']],
    ['a negative budget', { id: 'bad', prompt: 'x', max_budget: -1 }, ['max_budget']],
    ['a word as a budget', { id: 'bad', prompt: 'x', max_budget: 'much' }, ['max_budget']],
    ['a path that leads outside', { id: 'bad', prompt: 'x', expect_file: '../x' }, ['expect_file']],
    ['several faults at once', { id: 'a b', prompt: 'x', priority: 5000 }, ['id', 'priority']],
    ['no object', [1], ['body']],
    ['an unknown dependency', { id: 'bad', prompt: 'x', depends_on: ['nobody'] }, [expect.stringContaining('depends_on')]],
    ['an empty batch', { tasks: [] }, ['tasks']],
    ['a model nobody offers', { id: 'bad', prompt: 'x', model: 'gpt-99' }, ['model']],
  ])('are refused with the field named for %s', async (_what, body, fields) => {
    const answer = await write(panel, '/api/tasks', body);
    expect(answer.status).toBe(400);
    expect(answer.json.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect((await get('/api/tasks/bad')).status).toBe(404);
  });

  it('enter all or none', async () => {
    const refused = await write(panel, '/api/tasks', { tasks: [{ id: 'good', prompt: 'x' }, { id: 'worse' }] });
    expect(refused.json.errors).toEqual([{ field: 'tasks[1].prompt', message: 'give a prompt, a command or a skill' }]);
    expect((await get('/api/tasks/good')).status).toBe(404);
    const taken = await write(panel, '/api/tasks', {
      tasks: [
        { id: 'good', prompt: 'x' },
        { id: 'next', prompt: 'y', depends_on: 'good' },
      ],
    });
    expect(taken.json.task_ids).toEqual(['good', 'next']);
  });

  it('keep their body: the same again changes nothing, another under the same id is a conflict', async () => {
    const again = await write(panel, '/api/tasks', { id: 'good', prompt: 'x' });
    expect(again.json).toMatchObject({ known: ['good'] });
    expect((await write(panel, '/api/tasks', { id: 'good', prompt: 'else' })).status).toBe(409);
  });

  it('come in pages, by status and by words', async () => {
    await panel.world.store.add(
      Array.from({ length: 7 }, (_, index) => aTaskNamed(`page-${index}`)),
      'test',
    );
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 4; page += 1) {
      const { json } = await get(`/api/tasks?text=page-&limit=2&order=oldest${cursor}`);
      seen.push(...json.tasks.map(({ id }: { id: string }) => id));
      if (json.next_cursor === null) break;
      cursor = `&cursor=${json.next_cursor}`;
    }
    expect(seen).toEqual(Array.from({ length: 7 }, (_, index) => `page-${index}`));
    expect((await get('/api/tasks?status=approved')).json.tasks).toEqual([]);
    expect((await get('/api/tasks?status=nonsense')).status).toBe(400);
  });
});

describe("A person's decisions", () => {
  it('approve a held task once', async () => {
    await panel.world.store.add([aTaskNamed('held')], 'test');
    await holdForReview(panel.world, 'held');
    const detail = await get('/api/tasks/held');
    expect(detail.json).toMatchObject({
      status: 'pending_review',
      output: { text: 'The output' },
      review: { by: 'nobody' },
      explanation: { mover: { kind: 'person' } },
    });
    const approved = await write(panel, '/api/tasks/held/approve');
    expect(approved.json).toMatchObject({ success: true, task_id: 'held', status: 'approved' });
    expect(panel.world.store.history('held').at(-1)).toMatchObject({ event: 'task_accepted', actor: 'person:panel' });
    expect((await write(panel, '/api/tasks/held/approve')).status).toBe(409);
  });

  it('reject only with a reason, which the next attempt gets', async () => {
    await panel.world.store.add([aTaskNamed('weak')], 'test');
    await holdForReview(panel.world, 'weak');
    const silent = await write(panel, '/api/tasks/weak/reject', {});
    expect(silent.status).toBe(400);
    expect(silent.json.errors[0].field).toBe('reason');
    const rejected = await write(panel, '/api/tasks/weak/reject', { reason: 'Name your sources' });
    expect(rejected.json).toMatchObject({ status: 'requeue' });
    expect(panel.world.store.get('weak')?.feedback?.issues).toEqual(['Name your sources']);
  });

  it('cancel and retry', async () => {
    await panel.world.store.add([aTaskNamed('off')], 'test');
    expect((await write(panel, '/api/tasks/off/cancel', { reason: 'no need' })).json).toMatchObject({ status: 'cancelled' });
    expect((await write(panel, '/api/tasks/off/retry')).json).toMatchObject({ status: 'queued' });
  });

  it.each(['approve', 'reject', 'retry', 'cancel'])('%s an unknown task is a 404', async (verb) => {
    const answer = await write(panel, `/api/tasks/nobody/${verb}`, verb === 'reject' ? { reason: 'x' } : undefined);
    expect(answer.status).toBe(404);
  });
});

describe('The switches', () => {
  it('halt, pause and resume are the files of the workspace', async () => {
    expect((await write(panel, '/api/halt', { reason: 'look' })).json).toEqual({
      success: true,
      state: 'halted',
      reason: 'look',
    });
    expect((await get('/api/stop_status')).json).toEqual({ stopped: true, reason: 'look' });
    expect((await write(panel, '/api/resume')).json).toEqual({ success: true, state: 'running' });
    expect((await write(panel, '/api/pause')).json).toMatchObject({ state: 'paused' });
    expect((await write(panel, '/api/resume')).json).toMatchObject({ state: 'running' });
  });

  it('toggle_stop keeps its documented shape', async () => {
    expect((await write(panel, '/api/toggle_stop')).json).toMatchObject({ stopped: true });
    expect((await write(panel, '/api/toggle_stop')).json).toMatchObject({ stopped: false });
  });
});

describe('Documented reads', () => {
  it('give the pace and take it within its bounds', async () => {
    expect((await get('/api/runtime_speed')).json).toEqual({ wait_seconds: 2, updated_at: null });
    expect((await write(panel, '/api/runtime_speed', { wait_seconds: 11 })).json).toMatchObject({
      success: true,
      wait_seconds: 11,
    });
    expect((await write(panel, '/api/runtime_speed', { wait_seconds: 900 })).json).toMatchObject({ wait_seconds: 300 });
    const refused = await write(panel, '/api/runtime_speed', { wait_seconds: 'slow' });
    expect(refused.status).toBe(400);
    expect(refused.json.errors[0].message).toBe('wait_seconds must be a number');
  });

  it('list residents with their documented fields', async () => {
    const { paths } = panel.world;
    await mkdir(paths.identities, { recursive: true });
    await writeFile(join(paths.identities, 'wren.json'), JSON.stringify({ id: 'wren', name: 'Wren', summary: 'Toolsmith' }));
    await writeFile(join(paths.identities, 'broken.json'), '{');
    await panel.world.society.act(asOwner, 'tip', { identity_id: 'wren', amount: 10, reason: 'to begin with' });
    expect((await get('/api/identities')).json).toMatchObject([
      {
        id: 'wren',
        name: 'Wren',
        tokens: 7,
        journal_tokens: 3,
        sessions: 0,
        tasks_completed: 0,
        profile_display: 'Toolsmith',
        traits: [],
        values: [],
        level: 1,
        respec_cost: 10,
      },
    ]);
  });

  it('read rooms past a line that is no post', async () => {
    const rooms = join(panel.world.paths.swarm, 'discussions');
    await mkdir(rooms, { recursive: true });
    const post = {
      id: 'p1',
      author_name: 'Wren',
      content: '<b>hello</b>',
      timestamp: '2026-01-01T00:00:00Z',
      rec: 'x',
      sum: 'y',
    };
    await writeFile(join(rooms, 'watercooler.jsonl'), `${JSON.stringify(post)}\nnot json\n`);
    const room = { id: 'watercooler', name: 'Break Room', message_count: 1 };
    expect((await get('/api/chatrooms')).json.rooms).toContainEqual(expect.objectContaining(room));
    const { json } = await get('/api/chatrooms/watercooler');
    expect(json).toMatchObject({ success: true, room: 'watercooler', room_name: 'Break Room' });
    expect(json.messages).toEqual([
      { id: 'p1', author_name: 'Wren', content: '<b>hello</b>', timestamp: '2026-01-01T00:00:00Z' },
    ]);
    expect((await get('/api/chatrooms/..%2fsecurity')).status).toBe(404);
  });

  it.each(['/api/budget', '/api/workers', '/api/artifacts/list', '/api/insights', '/api/chatrooms', '/api/provider'])(
    '%s succeeds',
    async (path) => {
      const { status, json } = await get(path);
      expect(status).toBe(200);
      expect(json.success).toBe(true);
    },
  );

  it('describe every route in OpenAPI', async () => {
    const { json } = await get('/api/openapi.json');
    expect(json.openapi).toBe('3.1.0');
    expect(Object.keys(json.paths)).toEqual(
      expect.arrayContaining(['/api/tasks', '/api/tasks/{id}/approve', '/api/halt', '/api/openapi.json']),
    );
    const media = (path: string) => Object.keys(json.paths[path].get.responses[200].content);
    expect(media('/api/log/download')).toEqual(['application/x-ndjson']);
    expect(media('/api/artifact/picture')).toContain('image/png');
  });

  it('answer /healthz', async () => {
    expect((await get('/healthz')).json).toMatchObject({ status: 'ok' });
  });
});

describe('The provider', () => {
  it('is said to be away when the API does not answer', async () => {
    expect((await get('/api/provider')).json).toEqual({
      success: true,
      reachable: false,
      detail: 'API not reachable on port 9',
      fix: 'Start it with: pnpm api',
    });
  });

  it('is what the API says of it', async () => {
    const provider = { name: 'none', state: 'absent', detail: 'No provider', fix: 'Set GROQ_API_KEY', fingerprint: 'f' };
    const status = {
      tasks: 0,
      completed: 0,
      failed: 0,
      by_status: {},
      running: [],
      budget: { cap_usd: 5, spent_usd: 0, reserved_usd: 0 },
      provider,
      switch: 'running',
    };
    const api = await serving(status);
    const other = await testPanel({ apiPort: (api.address() as AddressInfo).port });
    expect((await ask(other.port, '/api/provider')).json).toEqual({ success: true, reachable: true, ...provider });
    await other.remove();
    api.close();
  });
});

it('says how to build the page when it is not built', async () => {
  const bare = await testPanel({ dist: join(panel.workspace, 'nowhere') });
  const { status, text } = await ask(bare.port, '/');
  expect([status, text]).toEqual([503, expect.stringContaining('pnpm build:panel')]);
  await bare.remove();
});

function serving(body: object): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  return new Promise((settle) => server.listen(0, '127.0.0.1', () => settle(server)));
}
