/** What the panel says of its answers, and that its answers are so. `ask` holds every answer of the other tests to it as well. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playedWorld } from '../fuzz/world.ts';
import { misfitOf } from './answers-fit.ts';
import { ask, type TestPanel, testPanel } from './panel-kit.ts';

let panel: TestPanel;
beforeAll(async () => {
  panel = await testPanel({ workspace: await playedWorld() });
}, 60_000);
afterAll(async () => panel.remove());

const json = async (path: string) => (await ask(panel.port, path)).json;
const refsIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);

describe('The description of the panel', () => {
  it('has a schema for the answer of every route', async () => {
    const { paths } = await json('/api/openapi.json');
    const operations = Object.entries<Record<string, { responses: Record<string, { content: object }> }>>(paths);
    const silent = operations.flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { responses }]) => {
        const told = Object.values(responses).every(({ content }) =>
          Object.values(content).every(({ schema }) => Object.keys(schema ?? {}).length > 0),
        );
        return told ? [] : [`${method} ${path}`];
      }),
    );
    expect(operations.length).toBeGreaterThan(60);
    expect(silent).toEqual([]);
  });

  it('refers only to schemas that it holds', async () => {
    const description = await json('/api/openapi.json');
    const held = Object.keys(description.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(held).toEqual(
      expect.arrayContaining(['TaskPage', 'TaskRow', 'Refusal'].map((name) => `#/components/schemas/${name}`)),
    );
    expect(refsIn(description).filter((reference) => !held.includes(reference))).toEqual([]);
    expect(held.filter((name) => !refsIn(description).includes(name))).toEqual([]);
  });

  it.each([
    ['TaskRow', 'status', { enum: expect.arrayContaining(['queued', 'approved']) }],
    ['Task', 'priority', { anyOf: [expect.objectContaining({ type: 'integer' })] }],
    ['Task', 'expect_http', { anyOf: [expect.objectContaining({ type: 'object' })] }],
    ['GateRow', 'by', { type: 'array', description: expect.stringContaining('identities') }],
    ['Refusal', 'success', { const: false }],
  ])('says of %s what %s holds', async (name, field, schema) => {
    const { components } = await json('/api/openapi.json');
    expect(components.schemas[name].properties[field]).toMatchObject(schema);
  });
});

/** The paths with which every place of a route is asked, over all that the world holds. */
async function placesOf(path: string): Promise<string[]> {
  if (path === '/api/artifact/view') {
    const { artifacts } = await json('/api/artifacts/list');
    return artifacts.map((one: { path: string }) => `${path}?path=${encodeURIComponent(one.path)}`);
  }
  const query = { '/api/bounties': '?status=all', '/api/chatrooms': '?empty=true', '/api/events': '?after=0' };
  if (!path.includes(':')) return [path, ...(path in query ? [path + query[path as keyof typeof query]] : [])];
  const ids = await idsFor(path.split('/')[2] ?? '');
  return ids.map((id) => path.replace(/:\w+/, encodeURIComponent(id)));
}

async function idsFor(collection: string): Promise<string[]> {
  const id = (row: { id: string }) => row.id;
  if (collection === 'tasks') return (await json('/api/tasks?limit=200')).tasks.map(id);
  if (collection === 'changes') return (await json('/api/changes')).changes.map((row: { change_id: string }) => row.change_id);
  if (collection === 'checkpoints') {
    const { checkpoints } = await json('/api/checkpoints');
    return checkpoints.map((row: { checkpoint_id: string }) => row.checkpoint_id);
  }
  if (collection === 'bounties') return (await json('/api/bounties?status=all')).map(id);
  if (collection === 'chatrooms') return (await json('/api/chatrooms?empty=true')).rooms.map(id);
  return (await json('/api/identities')).map(id);
}

it('answers every question over a world with a past as it says it does', async () => {
  const asked = new Map<string, number>();
  for (const route of panel.routes) {
    if (route.method !== 'get') continue;
    const places = await placesOf(route.path);
    for (const place of places) expect(await ask(panel.port, place)).toMatchObject({ status: 200 });
    asked.set(route.path, places.length);
  }
  expect(asked.size).toBeGreaterThan(30);
  expect([...asked].filter(([, times]) => times === 0)).toEqual([]);
}, 60_000);

describe('An answer that is not what its route says', () => {
  const told = (method: string, path: string, status: number, given: unknown) =>
    misfitOf(panel.routes, { method, path }, { status, json: given });
  const room = { id: 'a', name: 'A', icon: '', description: '', message_count: 0, latest_timestamp: '', latest_preview: '' };
  const stopped = { stopped: true, reason: 'Lunch' };

  it.each([
    ['lacks a field', 'GET', '/api/stop_status', 200, { stopped: true }, /GET \/api\/stop_status does not fit .*reason/s],
    ['has another kind of field', 'GET', '/api/stop_status?a=b', 200, { ...stopped, stopped: 'no' }, /does not fit .*stopped/s],
    ['has a field too many', 'GET', '/api/stop_status', 200, { ...stopped, by: null }, /does not know of: \.by: null/],
    [
      'has one deep inside',
      'GET',
      '/api/chatrooms',
      200,
      { success: true, rooms: [{ ...room, at: 1 }] },
      /does not know of: \.rooms\.0\.at: 1/,
    ],
    ['is no list', 'GET', '/api/identities', 200, {}, /GET \/api\/identities does not fit/],
    ['is nothing', 'DELETE', '/api/bounties/one', 200, undefined, /DELETE \/api\/bounties\/:id does not fit/],
    ['comes with another status', 'POST', '/api/tasks', 200, {}, /answered 200, and says 201/],
  ])('is told by place when it %s', (_what, method, path, status, given, words) => {
    expect(told(method, path, status, given)).toMatch(words);
  });

  it.each([
    ['fits', 'GET', '/api/stop_status', 200, stopped],
    ['is a refusal', 'GET', '/api/stop_status', 404, { success: false }],
    ['belongs to no route', 'GET', '/api/stop_status/more', 200, { success: 7 }],
  ])('and is not when it %s', (_what, method, path, status, given) => {
    expect(told(method, path, status, given)).toBeUndefined();
  });
});
