import { appendFile } from 'node:fs/promises';
import type { FeedEvent, Snapshot } from '@vivarium/control-panel';
import { openTaskStore } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, aTaskNamed, holdForReview, type TestPanel, testPanel, write } from './panel-kit.ts';

let panel: TestPanel;
const clients: Client[] = [];
beforeEach(async () => {
  panel = await testPanel();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.disconnect();
  await panel.remove();
});

/** A page that remembers everything it was told. */
class Client {
  readonly snapshots: Snapshot[] = [];
  readonly events: FeedEvent[] = [];
  readonly logEntries: unknown[] = [];
  readonly stopStatuses: unknown[] = [];
  readonly socket: Socket;
  #wake: () => void = () => undefined;

  constructor(auth: object = {}) {
    this.socket = io(panel.origin, { transports: ['websocket'], forceNew: true, reconnection: false, auth });
    const keep =
      <T>(into: T[]) =>
      (value: T) => {
        into.push(value);
        this.#wake();
      };
    this.socket.on('snapshot', keep(this.snapshots));
    this.socket.on('event', keep(this.events));
    this.socket.on('log_entry', keep(this.logEntries));
    this.socket.on('stop_status', keep(this.stopStatuses));
    clients.push(this);
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds())
      await new Promise<void>((settle) => {
        this.#wake = settle;
      });
  }

  get seqs(): number[] {
    return this.events.map(({ seq }) => seq);
  }

  sees(id: string): boolean {
    return this.events.some((event) => event.kind === 'task' && event.row.id === id);
  }
}

const consecutiveFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
const addTask = (id: string) => panel.world.store.add([aTaskNamed(id)], 'test');

describe('The event feed', () => {
  it('begins with a snapshot and goes on from its seq', async () => {
    await addTask('before');
    const client = new Client();
    await client.until(() => client.snapshots.length === 1);
    const [snapshot] = client.snapshots;
    expect(snapshot).toMatchObject({
      switch: { state: 'running' },
      counts: { queued: 1, total: 1 },
      provider: { reachable: false },
    });
    await addTask('after');
    await client.until(() => client.sees('after'));
    expect(client.seqs).toEqual(consecutiveFrom(snapshot!.seq + 1, client.events.length));
  });

  it('says who did a task after it was let go, to those who watch and to those who come later', async () => {
    const watching = new Client();
    await watching.until(() => watching.snapshots.length === 1);
    const did = ({ id, resident }: { readonly id: string; readonly resident?: string }) => `${id} by ${resident}`;
    for (const id of ['held', 'done']) {
      await addTask(id);
      await holdForReview(panel.world, id);
    }
    await panel.world.store.decide('done', { kind: 'approve' }, 'person:test');
    const approved = () =>
      watching.events.flatMap((event) => (event.kind === 'task' && event.row.status === 'approved' ? [event.row] : []));
    await watching.until(() => approved().length > 0);
    expect(approved().map(did)).toEqual(['done by wren']);
    panel = await panel.restart();
    const later = new Client();
    await later.until(() => later.snapshots.length === 1);
    expect(later.snapshots[0]!.needs_you.map(did)).toEqual(['held by wren']);
  });

  it('tells of what another process wrote', async () => {
    const client = new Client();
    await client.until(() => client.snapshots.length === 1);
    const { paths } = panel.world;
    const other = await openTaskStore({ backend: fileBackend(paths) });
    await other.add([aTaskNamed('elsewhere')], 'test');
    await client.until(() => client.sees('elsewhere'));
    await other.close();
  });

  it('gives a client that comes back a hundred times in a busy world exactly what it missed', async () => {
    const first = new Client();
    await first.until(() => first.snapshots.length === 1);
    const { epoch } = first.snapshots[0]!;
    let busy = true;
    const writing = (async () => {
      for (let count = 0; busy; count += 1) await addTask(`busy-${count}`);
    })();
    let last = first.snapshots[0]!.seq;
    for (let round = 0; round < 100; round += 1) {
      const client = new Client({ seq: last, epoch });
      await client.until(() => client.events.length > 2);
      expect(client.snapshots).toEqual([]);
      expect(client.seqs).toEqual(consecutiveFrom(last + 1, client.events.length));
      last = client.seqs.at(-1)!;
      client.socket.disconnect();
    }
    busy = false;
    await writing;
    await first.until(() => first.seqs.includes(last));
    expect(first.seqs).toEqual(consecutiveFrom(first.snapshots[0]!.seq + 1, first.events.length));
  });

  it('resumes a client that only knows its seq', async () => {
    const first = new Client();
    await first.until(() => first.snapshots.length === 1);
    await addTask('missed');
    const client = new Client({ seq: first.snapshots[0]!.seq });
    await client.until(() => client.sees('missed'));
    expect(client.snapshots).toEqual([]);
  });

  it.each([
    ['far too old', () => ({ seq: 1 })],
    ['from the future', () => ({ seq: Number.MAX_SAFE_INTEGER })],
    ['of another run', () => ({ seq: panel.world.now().getTime(), epoch: 'another' })],
    ['nonsense', () => ({ seq: 'soon' })],
  ])('gives a snapshot to a client whose seq is %s', async (_how, auth) => {
    const client = new Client(auth());
    await client.until(() => client.snapshots.length === 1);
    expect(client.snapshots[0]!.seq).toBeGreaterThan(1_000_000_000);
  });

  it('resyncs by a snapshot after the server was restarted, with higher numbers', async () => {
    const before = new Client();
    await before.until(() => before.snapshots.length === 1);
    await addTask('old');
    await before.until(() => before.sees('old'));
    const { epoch } = before.snapshots[0]!;
    const seq = before.seqs.at(-1)!;
    panel = await panel.restart();
    for (const auth of [{ seq, epoch }, { seq }]) {
      const after = new Client(auth);
      await after.until(() => after.snapshots.length === 1);
      expect(after.snapshots[0]!.epoch).not.toBe(epoch);
      expect(after.snapshots[0]!.seq).toBeGreaterThan(seq);
      expect(after.snapshots[0]!.recent.map(({ task_id }) => task_id)).toContain('old');
    }
  });

  it('tells of switches thrown here and of files made by hand', async () => {
    const client = new Client();
    await client.until(() => client.snapshots.length === 1);
    await write(panel, '/api/halt', {});
    await client.until(() => client.events.some((event) => event.kind === 'switch' && event.switch.state === 'halted'));
    await client.until(() => client.stopStatuses.length >= 2);
    expect(client.stopStatuses.at(-1)).toEqual({ stopped: true, reason: null });
    await write(panel, '/api/resume');
    await appendFile(panel.world.paths.pause, '');
    await client.until(() => client.events.some((event) => event.kind === 'switch' && event.switch.state === 'paused'));
  });

  it('passes on whole lines of the activity log and waits for the rest of half a line', async () => {
    const client = new Client();
    await client.until(() => client.snapshots.length === 1);
    const entry = {
      timestamp: '2026-01-01T00:00:00Z',
      actor: 'wren',
      action_type: 'TOOL',
      action: 'grün',
      detail: 'd',
      metadata: {},
    };
    const bytes = Buffer.from(`${JSON.stringify(entry)}\n`);
    const cut = bytes.indexOf(0xc3) + 1;
    await appendFile(panel.world.paths.actionLog, Buffer.concat([Buffer.from('no json\n'), bytes.subarray(0, cut)]));
    await appendFile(panel.world.paths.actionLog, bytes.subarray(cut));
    await client.until(() => client.logEntries.length > 0);
    expect(client.logEntries).toEqual([entry]);
  });

  it('stays without gap under 500 events a second, and merges the numbers that go with them', async () => {
    const client = new Client();
    await client.until(() => client.snapshots.length === 1);
    const ids = Array.from({ length: 1000 }, (_, index) => `load-${index}`);
    for (let at = 0; at < ids.length; at += 50)
      await panel.world.store.add(
        ids.slice(at, at + 50).map((id) => aTaskNamed(id)),
        'test',
      );
    await client.until(() => client.sees('load-999') && client.events.at(-1)?.kind === 'stats');
    expect(client.seqs).toEqual(consecutiveFrom(client.snapshots[0]!.seq + 1, client.events.length));
    expect(client.events.filter(({ kind }) => kind === 'task')).toHaveLength(1000);
    expect(client.events.filter(({ kind }) => kind === 'stats').length).toBeLessThan(100);
  });

  it('can be read without a socket', async () => {
    const { json: empty } = await ask(panel.port, '/api/events');
    await addTask('one');
    await addTask('two');
    const { json } = await ask(panel.port, `/api/events?after=${empty.seq}&limit=1`);
    expect(json).toMatchObject({ success: true, gap: false, events: [{ seq: empty.seq + 1, kind: 'task', row: { id: 'one' } }] });
    expect((await ask(panel.port, '/api/events?after=-1')).status).toBe(400);
  });
});
