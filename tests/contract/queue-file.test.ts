import { closeSync, ftruncateSync, openSync, readdirSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Task } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, QueueWorld } from './queue-file.kit.ts';

let world: QueueWorld;
beforeEach(() => {
  world = new QueueWorld();
});
afterEach(() => world.close());

const task = (id: string, part: object = {}) => ({ id, prompt: `do ${id}`, ...part });
const claim = async (store: Awaited<ReturnType<QueueWorld['process']>>['store'], id: string) => {
  const assign = (candidate: { id: string }) => (candidate.id === id ? { resident_id: 'r' } : undefined);
  const [got] = await store.claim({ worker_id: 'w', limit: 1, assign });
  if (!got) throw new Error(`${id} could not be claimed`);
  return got;
};

describe('queue.json in a fresh workspace', () => {
  it('is created in the documented shape', async () => {
    await world.process();
    const { revision, counts, ...rest } = world.json();
    expect(rest).toEqual({ version: '1.1', api_endpoint: 'http://127.0.0.1:8420', tasks: [], completed: [], failed: [] });
    expect([revision, counts]).toEqual([0, { tasks: 0, completed: 0, failed: 0 }]);
  });

  it('is adopted: aliases folded, defaults filled, what nobody knows kept', async () => {
    world.write({
      version: '1.0',
      mood: 'good',
      tasks: [
        { id: 'b', instruction: 'after a', depends_on: 'a', note: { mine: 1 } },
        { id: 'a', shell: 'ls', status: 'pending', priority: 'high' },
      ],
      completed: [{ id: 'legacy', result_summary: 'done long ago' }],
    });
    const { store } = await world.process();
    expect(store.get('b')?.task).toMatchObject({ prompt: 'after a', depends_on: ['a'], note: { mine: 1 } });
    const view = world.json();
    expect(view).toMatchObject({ version: '1.0', mood: 'good', completed: [{ id: 'legacy', result_summary: 'done long ago' }] });
    expect(view.tasks).toMatchObject([
      { id: 'a', command: 'ls', mode: 'local', priority: 10, status: 'pending', type: 'cycle', parallel_safe: true },
      { id: 'b', prompt: 'after a', note: { mine: 1 }, status: 'pending' },
    ]);
  });

  it('comes back when it is deleted, and nothing is cancelled', async () => {
    world.write({ mine: 1, tasks: [task('a')] });
    const { store, queue } = await world.process();
    rmSync(world.paths.queue);
    await queue.sync();
    expect(world.json()).toMatchObject({ mine: 1, tasks: [{ id: 'a' }] });
    expect(store.get('a')?.status).toBe('queued');
  });
});

describe('what cannot enter', () => {
  const bad: [what: string, entry: unknown, field: string, line: number, why: RegExp][] = [
    ['no id', { prompt: 'x' }, 'id', 7, /needs an id/],
    ['an id that is a path', { id: '../up', prompt: 'x' }, 'id', 8, /letters, digits/],
    ['an id that is a number', { id: 7, prompt: 'x' }, 'id', 8, /string/],
    ['no work', { id: 'bad' }, 'prompt', 7, /prompt, a command or a skill/],
    ['an empty prompt under its alias', { id: 'bad', instruction: ' ' }, 'prompt', 9, /Too small/],
    ['a budget in words', { id: 'bad', prompt: 'x', max_budget: 'much' }, 'max_budget', 10, /number/],
    ['a negative budget', { id: 'bad', prompt: 'x', max_budget: -1 }, 'max_budget', 10, />=0/],
    ['a mode nobody knows', { id: 'bad', prompt: 'x', mode: 'magic' }, 'mode', 10, /llm/],
    ['a command that is missing', { id: 'bad', prompt: 'x', mode: 'local' }, 'command', 7, /needs a command/],
    ['itself as dependency', { id: 'bad', prompt: 'x', depends_on: ['bad'] }, 'depends_on', 10, /itself/],
    ['a dependency that is missing', { id: 'bad', prompt: 'x', depends_on: ['nope'] }, 'depends_on', 10, /no task nope/],
    ['a wrong dependency id', { id: 'bad', prompt: 'x', depends_on: ['good', 4] }, 'depends_on.1', 12, /string/],
    ['a file outside', { id: 'bad', prompt: 'x', expect_file: '/etc/passwd' }, 'expect_file', 10, /inside the workspace/],
    ['an id used twice', { id: 'good', prompt: 'another' }, 'id', 8, /used twice; first on line 3/],
    ['no object', 'just words', 'tasks[1]', 7, /object/],
    ['a list', [], 'tasks[1]', 7, /object/],
    ['null', null, 'tasks[1]', 7, /object/],
  ];

  it.each(bad)('is refused with field and line, while the rest enters: %s', async (_what, entry, field, line, why) => {
    world.write({ tasks: [{ id: 'good', prompt: 'fine' }, entry, task('late')] });
    expect(world.text().split('\n')[6]).toMatch(/^ {4}\S/);
    const { store, queue } = await world.process();
    expect([store.get('good')?.task.prompt, store.get('late')?.status, store.counts().total]).toEqual(['fine', 'queued', 2]);
    const shown = typeof entry === 'string' || Array.isArray(entry) || entry === null ? 'tasks[1]' : field;
    expect(queue.findings()).toEqual([expect.objectContaining({ line, field: shown, message: expect.stringMatching(why) })]);
    expect(world.refusals()).toEqual([expect.stringMatching(`queue.json line ${line}: .*`)]);
    expect(world.json().tasks).toContainEqual(entry);
  });

  it('takes what waits for it along, and circles, but nothing else', async () => {
    const chain = [
      task('x', { depends_on: ['gone'] }),
      task('y', { depends_on: ['x'] }),
      task('ok'),
      task('z', { depends_on: ['ok'] }),
    ];
    world.write({ tasks: [...chain, task('p', { depends_on: ['q'] }), task('q', { depends_on: ['p'] })] });
    const { store, queue } = await world.process();
    expect(store.list().records.map((record) => record.task.id)).toEqual(['ok', 'z']);
    expect(queue.findings().map(({ task_id, field }) => [task_id, field])).toEqual(
      ['x', 'y', 'p', 'q'].map((id) => [id, 'depends_on']),
    );
  });

  it('is told once, over syncs and processes, and enters when it is corrected', async () => {
    world.write({ tasks: [task('a', { max_budget: 'x' })] });
    const { queue } = await world.process();
    const other = await world.process();
    await queue.sync();
    world.write({ ...world.json(), touched: true });
    await other.queue.sync();
    await queue.sync();
    expect(world.refusals()).toEqual(['queue.json line 6: task a: max_budget: Invalid input: expected number, received string']);
    world.write({ ...world.json(), tasks: [task('a', { max_budget: 1 })] });
    await other.queue.sync();
    await queue.sync();
    expect([other.store.get('a')?.status, queue.findings()]).toEqual(['queued', []]);
  });

  it.each([
    ['a list named task', '{\n "task": [{"id": "n", "prompt": "x"}]\n}', 2, '"task" is not read; did you mean "tasks"?'],
    ['a list named Tasks', '{"version": "1.1",\n\n"Tasks": [{"id": "n", "prompt": "x"}]}', 3, 'did you mean "tasks"?'],
    ['a misspelt list without a whole task', '{"taks": ["say hello"]}', 1, '"taks" is not read; did you mean "tasks"?'],
    ['tasks by their ids', '{"task": {"n": {"prompt": "x"}}}', 1, 'did you mean "tasks"?'],
    [
      'a list of another name',
      '{\n"todo": [{"id": "n", "description": "x"}]}',
      2,
      '"todo" is not read; tasks stand in a list named',
    ],
    ['a list beside tasks: null', '{"tasks": null,\n"TASKS": [{"id": "n"}]}', 2, 'did you mean "tasks"?'],
    ['one bare task', '{"id": "n", "prompt": "x"}', 1, 'the file holds one bare task; write {"tasks": [ … ]} around it'],
    ['one bare task by another name of its prompt', '{"task": "say hello"}', 1, 'the file holds one bare task'],
    ['one bare command', '{"mode": "local", "shell": "ls"}', 1, 'the file holds one bare task'],
  ])('names tasks that stand where nobody reads them, told once, and leaves the file: %s', async (_what, text, line, words) => {
    world.write(text);
    const { store, queue } = await world.process();
    await queue.sync();
    expect(queue.findings()).toEqual([expect.objectContaining({ line, message: expect.stringContaining(words) })]);
    expect(world.refusals()).toEqual([expect.stringContaining(`queue.json line ${line}: `)]);
    expect([world.text(), store.list().records]).toEqual([text, []]);
    world.write({ tasks: [task('n')] });
    await queue.sync();
    expect([queue.findings(), store.get('n')?.status]).toEqual([[], 'queued']);
  });

  it('names a second list of tasks by its key and keeps it, while the first enters', async () => {
    world.write({ tasks: [task('a')], task: [task('b')], note: 'mine' });
    const { store, queue } = await world.process();
    expect(queue.findings()).toEqual([
      expect.objectContaining({ field: 'task', message: expect.stringContaining('did you mean') }),
    ]);
    expect(store.list().records.map((record) => record.task.id)).toEqual(['a']);
    expect(world.json()).toMatchObject({ task: [task('b')], note: 'mine' });
  });

  it.each([
    { note: 'x', tags: ['tasks'] },
    { tasks: [], task: 'later' },
    { tasks: [], id: 'mine', description: 'a queue' },
  ])('says nothing of keys that hold no tasks: %j', async (content) => {
    world.write(content);
    const { queue } = await world.process();
    expect(queue.findings()).toEqual([]);
    expect(world.json()).toMatchObject(content);
  });

  it.each([
    ['tasks', { tasks: { a: 1 } }],
    ['completed', { completed: 'x' }],
  ])('names a list that is none: %s', async (key, content) => {
    world.write(content);
    const { queue } = await world.process();
    expect(queue.findings()).toEqual([expect.objectContaining({ field: key, line: 2 })]);
  });
});

describe('a file that does not parse', () => {
  const broken: [string, string, string][] = [
    ['a missing comma', '{\n  "tasks": [\n    {"id": "b" "prompt": "x"}\n  ]\n}', 'line 3 column 16'],
    ['a comma too many', '{\n  "tasks": [],\n}', 'line 3 column 1'],
    ['half a file', '{"tasks": [\n{"id": "b", "pro', 'line 2 column 13'],
    ['a comment', '{\n// mine\n"tasks": []}', 'line 2 column 1'],
    ['an empty file', '', 'line 1 column 1'],
    ['no object', '[]', 'line 1 column 1'],
  ];

  it.each(broken)('is left alone with line and column, while work goes on: %s', async (_what, text, place) => {
    world.write({ tasks: [task('a')] });
    const { store, queue } = await world.process();
    world.write(text);
    await queue.sync();
    await store.add([Task.parse(task('c'))], 'test');
    await queue.sync();
    expect(world.text()).toBe(text);
    expect(world.refusals()).toEqual([expect.stringContaining(`queue.json ${place}: `)]);
    expect(queue.findings()[0]?.message).toMatch(/last good state stays in force/);
    expect(store.get('a')?.status).toBe('queued');
    world.write({ tasks: [task('a'), task('b')] });
    await queue.sync();
    expect(queue.findings()).toEqual([]);
    expect(world.json().tasks.map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  });

  it('is no reason to end, however deep it goes', async () => {
    world.write(`{"tasks": [{"id": "a", "prompt": "x", "deep": ${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`);
    const { queue } = await world.process();
    expect(queue.findings().length).toBe(1);
  });
});

describe('an edit by hand', () => {
  it('changes a pending task, adds one and cancels the one that was removed', async () => {
    world.write({ tasks: [task('a'), task('b'), task('c')] });
    const { store, queue } = await world.process();
    const view = world.json();
    const [a, , c] = view.tasks;
    world.write({ ...view, tasks: [{ ...a, prompt: 'do it well' }, c, task('d')] });
    await queue.sync();
    expect(store.get('a')?.task.prompt).toBe('do it well');
    expect([store.get('b')?.status, store.get('c')?.status, store.get('d')?.status]).toEqual(['cancelled', 'queued', 'queued']);
    expect(world.json().failed).toMatchObject([{ id: 'b', status: 'cancelled', reason: 'removed from queue.json' }]);
    expect(world.refusals()).toEqual([]);
  });

  it('can add but not delete without the revision', async () => {
    world.write({ tasks: [task('a')] });
    const { store, queue } = await world.process();
    world.write({ tasks: [task('b')] });
    await queue.sync();
    expect([store.get('a')?.status, store.get('b')?.status]).toEqual(['queued', 'queued']);
  });

  it('can add but not delete with the revision of another world', async () => {
    const elsewhere = new QueueWorld();
    elsewhere.write({ tasks: ['a', 'b', 'c'].map((id) => task(id)) });
    await elsewhere.process();
    const foreign = elsewhere.json();
    await elsewhere.close();
    world.write({ tasks: [task('mine')] });
    const { store, queue } = await world.process();
    world.write(foreign);
    await queue.sync();
    expect(['mine', 'a', 'b', 'c'].map((id) => store.get(id)?.status)).toEqual(Array(4).fill('queued'));
  });

  it('of a running or finished task is refused with task and line', async () => {
    world.write({ tasks: [task('a'), task('b')] });
    const { store, queue } = await world.process();
    const view = world.json();
    const { lease } = await claim(store, 'a');
    await store.record((await claim(store, 'b')).lease, { kind: 'fail', reason: 'no' });
    world.write({ ...view, tasks: view.tasks.map((row) => ({ ...row, prompt: 'other' })) });
    await queue.sync();
    expect(world.refusals()).toEqual([
      expect.stringMatching(/line 14: task a: prompt: is running/),
      expect.stringMatching(/line 27: task b: prompt: is failed/),
    ]);
    expect([store.get('a')?.task.prompt, store.get('b')?.task.prompt]).toEqual(['do a', 'do b']);
    expect(world.json().tasks).toMatchObject([{ id: 'a', prompt: 'do a', status: 'in_progress' }]);
    await store.record(lease, { kind: 'release', reason: 'over' });
  });

  it('that removes a running task is refused; one that removes a task which has begun since is a cancellation', async () => {
    world.write({ tasks: [task('a'), task('b')] });
    const { store, queue } = await world.process();
    await claim(store, 'a');
    await queue.sync();
    const view = world.json();
    await claim(store, 'b');
    world.write({ ...view, tasks: [] });
    await queue.sync();
    expect([store.get('a')?.status, store.get('b')?.status]).toEqual(['in_progress', 'cancelled']);
    expect(world.refusals()).toEqual([expect.stringMatching(/task a: tasks: is running.*pnpm worker cancel a/)]);
  });

  it('made on an old view takes nothing back that came since', async () => {
    world.write({ tasks: [task('a'), task('b')] });
    const { store, queue } = await world.process();
    const old = world.json();
    await store.add([Task.parse(task('new'))], 'test');
    await store.decide('a', { kind: 'edit', task: Task.parse(task('a', { prompt: 'edited elsewhere' })) }, 'panel');
    await queue.sync();
    world.write({ ...old, tasks: [...old.tasks, task('mine')] });
    await queue.sync();
    expect(['a', 'b', 'new', 'mine'].map((id) => store.get(id)?.status)).toEqual(Array(4).fill('queued'));
    expect(store.get('a')?.task.prompt).toBe('edited elsewhere');
    expect(world.refusals()).toEqual([]);
    world.write({ ...old, tasks: [{ ...old.tasks[0], prompt: 'both' }, old.tasks[1]] });
    await queue.sync();
    expect(store.get('a')?.task.prompt).toBe('edited elsewhere');
    expect(world.refusals()).toEqual([
      expect.stringMatching(/line 14: task a: prompt: was changed elsewhere after this file was read/),
    ]);
  });

  it('of what the runtime writes into the view changes nothing', async () => {
    world.write({ tasks: [task('a')] });
    const { store, queue } = await world.process();
    const view = world.json();
    world.write({ ...view, counts: {}, tasks: [{ ...view.tasks[0], status: 'approved', attempt: 9, status_reason: 'x' }] });
    await queue.sync();
    expect(store.history('a').map(({ event }) => event)).toEqual(['task_added']);
  });

  it('that puts a finished task back is refused with the way to run it again', async () => {
    world.write({ tasks: [task('a')] });
    const { store, queue } = await world.process();
    const row = world.json().tasks[0];
    await store.decide('a', { kind: 'cancel' }, 'test');
    await queue.sync();
    world.write({ ...world.json(), tasks: [row] });
    await queue.sync();
    expect(world.refusals()).toEqual([expect.stringMatching(/task a: .*cancelled already.*pnpm worker retry a/)]);
  });

  it('is noticed by itself, whether the editor writes in place or renames', async () => {
    const { store, queue } = await world.process();
    const stop = queue.watch();
    world.write({ ...world.json(), tasks: [task('in-place')] });
    await eventually(() => store.get('in-place') !== undefined, 'the edit in place');
    await eventually(() => world.json().tasks.length === 1, 'the view');
    const aside = join(world.paths.root, 'queue.json.swp');
    writeFileSync(aside, JSON.stringify({ ...world.json(), tasks: [...world.json().tasks, task('renamed')] }));
    renameSync(aside, world.paths.queue);
    await eventually(() => store.get('renamed') !== undefined, 'the edit by rename');
    stop();
  });

  it('by an editor that had the replaced version open is merged all the same', async () => {
    const { store, queue } = await world.process();
    const held = openSync(world.paths.queue, 'r+');
    const view = world.json();
    await store.add([Task.parse(task('meanwhile'))], 'test');
    await queue.sync();
    expect(statSync(world.paths.queue).ino).not.toBe(statSync(`/proc/self/fd/${held}`).ino);
    ftruncateSync(held);
    writeSync(held, JSON.stringify({ ...view, tasks: [task('late')] }), 0);
    closeSync(held);
    await eventually(async () => {
      await queue.sync();
      return store.get('late') !== undefined;
    }, 'the late save');
    expect(store.get('meanwhile')?.status).toBe('queued');
    expect(world.json().tasks.map(({ id }) => id)).toEqual(['meanwhile', 'late']);
  });
});

describe('the view', () => {
  it('shows finished tasks with result and cost, true counts, and why a task stands still', async () => {
    world.write({ tasks: [task('a'), task('b', { depends_on: ['a'] }), task('c', { proposed: true })] });
    const { store, queue } = await world.process();
    await store.record((await claim(store, 'a')).lease, { kind: 'fail', reason: 'the model is gone' });
    await queue.sync();
    const view = world.json();
    expect(view.counts).toEqual({ tasks: 2, completed: 0, failed: 1 });
    expect(view.failed).toMatchObject([{ id: 'a', status: 'failed', prompt: 'do a', reason: 'the model is gone', cost: 0 }]);
    expect(view.tasks).toMatchObject([
      { id: 'b', status: 'pending', status_reason: 'waits for a, which is failed' },
      { id: 'c', status_reason: expect.stringMatching(/proposed/) },
    ]);
  });

  it('shows the newest 500 of either kind, also after a restart', async () => {
    const { store, queue } = await world.process();
    const ids = Array.from({ length: 510 }, (_, n) => `t${n}`);
    await store.add(
      ids.map((id) => Task.parse(task(id))),
      'test',
    );
    await Promise.all(ids.map((id) => store.decide(id, { kind: 'cancel' }, 'test')));
    await queue.sync();
    const check = () => {
      const { failed, counts } = world.json();
      expect([failed.length, failed[0]?.['id'], failed.at(-1)?.['id'], counts.failed]).toEqual([500, 't10', 't509', 510]);
    };
    check();
    await world.close();
    rmSync(world.paths.queue);
    await world.process();
    check();
  });

  it('is published soon after a change, by one process for all, and keeps replaced versions', async () => {
    const one = await world.process();
    const two = await world.process();
    const stops = [one.queue.watch(), two.queue.watch()];
    await one.store.add([Task.parse(task('a'))], 'test');
    await eventually(() => world.json().tasks.length === 1, 'the view');
    expect(readdirSync(world.paths.queueHistory).some((name) => /^\d+-\d+-\d+\.json$/.test(name))).toBe(true);
    expect(readdirSync(world.paths.root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    for (const stop of stops) stop();
  });
});

describe('api_endpoint', () => {
  it.each(['http://127.0.0.1:9000', 'http://localhost:9000/', 'http://[::1]:9000'])(
    'is taken when it is loopback: %s',
    async (url) => {
      world.write({ api_endpoint: url });
      const { queue } = await world.process();
      expect(queue.endpoint()).toBe(url.replace(/\/$/, ''));
      expect(world.json()['api_endpoint']).toBe(url);
    },
  );

  it.each([
    'http://10.0.0.1:8420',
    'http://127.0.0.1.evil.example',
    'http://localhost@evil.example',
    'ftp://127.0.0.1',
    'nonsense',
    7,
  ])('is refused otherwise, with its line: %s', async (url) => {
    world.write({ api_endpoint: url, tasks: [task('a')] });
    const { queue, store } = await world.process();
    expect(queue.endpoint()).toBeUndefined();
    expect(queue.findings()).toEqual([expect.objectContaining({ field: 'api_endpoint', line: 2 })]);
    expect(store.get('a')?.status).toBe('queued');
  });
});
