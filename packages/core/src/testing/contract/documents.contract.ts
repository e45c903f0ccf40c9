import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DocumentFinding, Documents } from '../../ports/documents.ts';
import { describeExclusion } from './documents.exclusion.ts';
import { type NewWorld, soon, twoProcesses } from './world.ts';

const NAME = '.swarm/board/pace.json';
const Pace = z.looseObject({ wait_seconds: z.number() });

/** The promises every `Documents` keeps. Call once per backend. */
export function describeDocuments(backend: string, newWorld: NewWorld): void {
  describe(`Documents on ${backend}`, () => {
    describeValues(newWorld);
    describeBadOnes(newWorld);
    describeLooking(newWorld);
    describeExclusion(newWorld);
  });
}

async function both(newWorld: NewWorld): Promise<{ one: Documents; other: Documents }> {
  const { one, other } = await twoProcesses(newWorld);
  return { one: one.documents, other: other.documents };
}

function describeValues(newWorld: NewWorld) {
  it('gives back what another process put, unknown keys included, and the newer of two', async () => {
    const { one, other } = await both(newWorld);
    expect(await other.get(NAME, Pace)).toBeUndefined();
    for (const value of [{ wait_seconds: 3, mine: ['ü', null] }, { wait_seconds: 4 }]) {
      await one.put(NAME, value);
      expect([await one.get(NAME, Pace), await other.get(NAME, Pace)]).toEqual([value, value]);
    }
  });

  it('shares no object with anybody', async () => {
    const { one } = await both(newWorld);
    const value = { wait_seconds: 3, list: [1] };
    await one.put(NAME, value);
    value.list.push(2);
    const got = await one.get(NAME, Pace);
    Object.assign(got ?? {}, { wait_seconds: 9 });
    expect(await one.get(NAME, Pace)).toEqual({ wait_seconds: 3, list: [1] });
  });

  it('lets one of many place it first', async () => {
    const { one, other } = await both(newWorld);
    const placed = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => (n % 2 ? one : other).place(NAME, { wait_seconds: n })));
    expect(placed.filter(Boolean)).toHaveLength(1);
    expect(await other.get(NAME, Pace)).toEqual({ wait_seconds: placed.indexOf(true) + 1 });
    expect(await one.place(NAME, { wait_seconds: 9 })).toBe(false);
  });

  it('keeps the former one when the newer cannot be written as JSON', async () => {
    const { one } = await both(newWorld);
    await one.put(NAME, { wait_seconds: 3 });
    await expect(one.put(NAME, { wait_seconds: 4n })).rejects.toThrow();
    await expect(one.update(NAME, z.unknown(), () => ({ wait_seconds: 4n }))).rejects.toThrow();
    expect(await one.get(NAME, Pace)).toEqual({ wait_seconds: 3 });
  });

  it('takes a text as it is', async () => {
    const { one, other } = await both(newWorld);
    await one.putText(NAME, '{"wait_seconds": 3}\n');
    await one.putText(NAME, '{"wait_seconds": 4}\n');
    expect(await other.get(NAME, Pace)).toEqual({ wait_seconds: 4 });
  });
}

function describeBadOnes(newWorld: NewWorld) {
  const bad: [string, (documents: Documents) => Promise<void>, RegExp][] = [
    ['does not fit', (documents) => documents.put(NAME, { wait_seconds: '3' }), /wait_seconds/],
    ['does not parse', (documents) => documents.putText(NAME, '{"wait_seconds": '), /JSON/],
    ['is empty', (documents) => documents.putText(NAME, ''), /JSON/],
  ];

  it.each(bad)('reports one that %s, and reads it as absent from then on', async (_what, write, reason) => {
    const { one, other } = await both(newWorld);
    const findings: DocumentFinding[] = [];
    await write(one);
    expect(await other.get(NAME, Pace, (finding) => findings.push(finding))).toBeUndefined();
    expect(findings).toMatchObject([{ file: expect.stringContaining(NAME), reason: expect.stringMatching(reason) }]);
    expect(await one.get(NAME, z.unknown(), (finding) => findings.push(finding))).toBeUndefined();
    expect([findings.length, await one.list('.swarm/board')]).toEqual([1, []]);
    expect(await one.place(NAME, { wait_seconds: 5 })).toBe(true);
  });

  it.each(bad)('begins anew with an update of one that %s', async (_what, write) => {
    const { one, other } = await both(newWorld);
    const findings: DocumentFinding[] = [];
    await write(one);
    const change = (current?: { wait_seconds: number }) => ({ wait_seconds: (current?.wait_seconds ?? 0) + 1 });
    expect(await other.update(NAME, Pace, change, (finding) => findings.push(finding))).toEqual({ wait_seconds: 1 });
    expect(findings).toHaveLength(1);
  });
}

function describeLooking(newWorld: NewWorld) {
  it('lists the documents right below a folder, sorted, and no texts', async () => {
    const { one, other } = await both(newWorld);
    expect(await other.list('.swarm/board')).toEqual([]);
    for (const name of ['b', 'a', 'B', 'deep/c']) await one.put(`.swarm/board/${name}.json`, {});
    await one.put('.swarm/boards.json', {});
    await one.putText('.swarm/board/note.md', '# Note');
    expect(await other.list('.swarm/board')).toEqual(['B.json', 'a.json', 'b.json']);
  });

  it('stamps a document and its folder anew whenever it came, was replaced or went', async () => {
    const { one, other } = await both(newWorld);
    const stamps = () => [other.stamp(NAME), other.stamp('.swarm/board')];
    const changes: (() => Promise<unknown>)[] = [
      () => one.put(NAME, { wait_seconds: 3 }),
      () => one.put(NAME, { wait_seconds: 4 }),
      () => one.update(NAME, Pace, () => ({ wait_seconds: 5 })),
      () => one.putText(NAME, '{}'),
      () => one.get(NAME, Pace),
      () => one.place(NAME, { wait_seconds: 6 }),
    ];
    for (const change of changes) {
      const before = stamps();
      expect(stamps()).toEqual(before);
      await change();
      await soon(() => expect(stamps().filter((stamp, at) => stamp === before[at])).toEqual([]));
    }
  });

  it('calls a watcher back when another process changed the folder, until it stops', async () => {
    const { one, other } = await both(newWorld);
    const heard = { gone: 0, there: 0 };
    const stop = other.watch('.swarm/board', () => heard.gone++);
    const stopBoth = [stop, other.watch('.swarm/board', () => heard.there++)];
    try {
      await one.put(NAME, { wait_seconds: 3 });
      await soon(() => expect(Math.min(heard.gone, heard.there)).toBeGreaterThan(0));
      const { gone, there } = heard;
      const changing = one.put(NAME, { wait_seconds: 4 });
      stop();
      await changing;
      await soon(() => expect(heard.there).toBeGreaterThan(there));
      expect(heard.gone).toBe(gone);
    } finally {
      for (const each of stopBoth) each();
    }
  });
}
