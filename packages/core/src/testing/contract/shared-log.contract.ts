import { describe, expect, it } from 'vitest';
import { items, LOG, numbers, parseItem, positions, rising, type View, view } from './shared-log.bench.ts';
import { describeLogEnds } from './shared-log.ends.ts';
import { describeFollowing } from './shared-log.follow.ts';
import { describeLogModel } from './shared-log.model.ts';
import { describeSnapshots } from './shared-log.snapshots.ts';
import { type NewWorld, twoProcesses } from './world.ts';

/** The promises every `SharedLog` keeps, whoever writes and whoever reads. Call once per backend. */
export function describeSharedLog(backend: string, newWorld: NewWorld): void {
  describe(`SharedLog on ${backend}`, () => {
    describeOrder(newWorld);
    describeTelling(newWorld);
    describeReading(newWorld);
    describeFollowing(newWorld);
    describeSnapshots(newWorld);
    describeLogEnds(newWorld);
    describeLogModel(newWorld);
  });
}

/** Three views by two processes: two logs of one name in one of them. */
async function threeViews(newWorld: NewWorld) {
  const { one, other, start } = await twoProcesses(newWorld);
  const views = [await view(one), await view(one), await view(other)] as const;
  const caughtUp = async () => {
    for (const { log } of views) await log.catchUp();
    return [...views, await view(await start())];
  };
  return { views, caughtUp };
}

function describeOrder(newWorld: NewWorld) {
  it('puts all writers into one order, each record once, and positions rise', async () => {
    const { views, caughtUp } = await threeViews(newWorld);
    await Promise.all(items(0, 60).map((item) => views[item.n % 3]?.log.append([item], { durable: item.n % 7 === 0 })));
    const [first, ...rest] = (await caughtUp()).map(({ seen }) => seen);
    expect(first?.map(({ value }) => value.n).sort((a, b) => a - b)).toEqual(items(0, 60).map(({ n }) => n));
    expect(rising(positions(first ?? []))).toBe(true);
    for (const seen of rest) expect(seen).toEqual(first);
  });

  it('keeps what one process appended in the order in which it did', async () => {
    const { views, caughtUp } = await threeViews(newWorld);
    const appends = items(0, 45).map((item) => views[item.n % 3]?.log.append([item]));
    await Promise.all(appends);
    for (const seen of (await caughtUp()).map(numbers))
      for (const writer of [0, 1, 2]) expect(rising(seen.filter((n) => n % 3 === writer))).toBe(true);
  });

  it('keeps the records of one append together', async () => {
    const { views, caughtUp } = await threeViews(newWorld);
    await Promise.all(items(0, 15).map(({ n }) => views[n % 3]?.log.append(items(n * 10, 4))));
    for (const seen of (await caughtUp()).map(numbers)) {
      expect(seen).toHaveLength(60);
      for (let at = 0; at < seen.length; at += 4)
        expect(seen.slice(at, at + 4)).toEqual(items(seen[at] ?? -1, 4).map(({ n }) => n));
    }
  });

  it('folds each record once, also when a fold looks for more while it is at it', async () => {
    const { one, other } = await twoProcesses(newWorld);
    const writer = await view(other);
    const seen: View['seen'] = [];
    let log: View['log'] | undefined;
    const onRecord = (record: View['seen'][number]) => {
      seen.push(record);
      log?.refresh();
    };
    log = await one.log(LOG, { parse: parseItem, onRecord });
    for (const item of items(0, 3)) await writer.log.append([item]);
    const told = await Promise.all(items(3, 6).map((item) => log?.append([item])));
    const more = await Promise.all(items(9, 3).map((item) => log?.append([item])));
    expect(seen.map(({ value }) => value.n)).toEqual(items(0, 12).map(({ n }) => n));
    expect([...told, ...more].flatMap((records) => records ?? [])).toEqual(seen.slice(3));
  });

  it('carries records of any size', async () => {
    const { views, caughtUp } = await threeViews(newWorld);
    const texts = ['', 'ü\n"\\\u2028', 'x'.repeat(300_000), 'y'.repeat(9_000)];
    await views[2].log.append(texts.map((text, n) => ({ n, text })));
    await views[0].log.append(texts.map((text, n) => ({ n, text })));
    for (const { seen } of await caughtUp()) expect(seen.map(({ value }) => value.text)).toEqual([...texts, ...texts]);
  });
}

function describeTelling(newWorld: NewWorld) {
  it('has folded everything up to its own records when it tells that they are written', async () => {
    const { views } = await threeViews(newWorld);
    await views[2].log.append(items(1, 2));
    const told = await views[0].log.append(items(3, 2));
    expect(numbers(views[0])).toEqual([1, 2, 3, 4]);
    expect(told).toEqual(views[0].seen.slice(2));
  });

  it.each([{}, { durable: true }, { durable: false }])('shows every process what anybody was told (%j)', async (options) => {
    const { views } = await threeViews(newWorld);
    for (const [at, writer] of views.entries()) {
      await writer.log.append(items(at, 1), options);
      for (const { log } of views) await log.catchUp();
      const expected = items(0, at + 1).map(({ n }) => n);
      expect(views.map(numbers)).toEqual([expected, expected, expected]);
    }
  });

  it('folds each record once, however refreshes, listeners and appends meet', async () => {
    const { views, caughtUp } = await threeViews(newWorld);
    for (const { log } of views) log.follow(() => void log.refresh());
    const busy = async ({ log }: View, from: number) => {
      for (const item of items(from, 15)) {
        const append = log.append([item], { durable: item.n % 2 === 0 });
        log.refresh();
        await log.catchUp();
        await append;
        log.refresh();
      }
    };
    await Promise.all(views.map((one, at) => busy(one, at * 15)));
    const [first, ...rest] = (await caughtUp()).map(numbers);
    expect(first?.toSorted((a, b) => a - b)).toEqual(items(0, 45).map(({ n }) => n));
    for (const seen of rest) expect(seen).toEqual(first);
  });

  it('says how many records came with a refresh', async () => {
    const { views } = await threeViews(newWorld);
    await views[2].log.append(items(1, 3));
    await views[2].log.catchUp();
    expect([views[2].log.refresh(), numbers(views[2])]).toEqual([0, [1, 2, 3]]);
  });

  it('appends nothing for nothing', async () => {
    const { views } = await threeViews(newWorld);
    expect(await views[0].log.append([])).toEqual([]);
    expect(views[0].log.position).toBe(views[1].log.position);
  });

  it('makes durable what was read, one’s own and others’', async () => {
    const { views } = await threeViews(newWorld);
    await views[0].log.sync();
    await views[0].log.append(items(1, 1));
    await views[2].log.catchUp();
    await Promise.all(views.map(({ log }) => log.sync()));
    expect(numbers(views[2])).toEqual([1]);
  });
}

function describeReading(newWorld: NewWorld) {
  it('reads records again by position: the same values for everybody, in the order asked for', async () => {
    const { views, caughtUp } = await threeViews(newWorld);
    const told = [...(await views[0].log.append(items(0, 3))), ...(await views[2].log.append(items(3, 3)))];
    const [a, b, c] = [told[4], told[0], told[4]].map((record) => record?.position ?? -1);
    for (const { log } of await caughtUp()) {
      expect(log.read(positions(told))).toEqual(items(0, 6));
      expect(log.read([a, b, c].map(Number))).toEqual([{ n: 4 }, { n: 0 }, { n: 4 }]);
      expect(log.read([])).toEqual([]);
    }
  });

  it('lets a fold read records again, the one it is given included', async () => {
    const { one, other } = await twoProcesses(newWorld);
    const sums: number[] = [];
    const known: number[] = [];
    const reader = await view(one, {
      onRecord: ({ position }, log) => {
        known.push(position);
        sums.push(log.read(known).reduce((sum, { n }) => sum + n, 0));
      },
    });
    await reader.log.append(items(1, 2));
    await (await view(other)).log.append(items(3, 1));
    await reader.log.catchUp();
    expect(sums).toEqual([1, 3, 6]);
  });

  it('skips and reports what a reader cannot parse, and reads on', async () => {
    const { one, other, start } = await twoProcesses(newWorld);
    const strict = { parse: (value: unknown) => odd(value), onBadLine: (line: { reason: string }) => reported.push(line.reason) };
    const reported: string[] = [];
    const early = await view(one, strict);
    await (await view(other)).log.append(items(1, 5));
    await early.log.catchUp();
    const late = await view(await start(), strict);
    expect([numbers(early), numbers(late)]).toEqual([
      [1, 3, 5],
      [1, 3, 5],
    ]);
    expect(reported).toEqual(Array(4).fill('invalid'));
    expect(early.log.badLines).toMatchObject([{ reason: 'invalid' }, { reason: 'invalid' }]);
  });

  it('is known by its name once something is written in it', async () => {
    const { one, other } = await twoProcesses(newWorld);
    expect([await one.hasLog(LOG), await other.logNames('.swarm')]).toEqual([false, []]);
    await (await view(one)).log.append(items(1, 1));
    const names = ['.swarm/about/b', '.swarm/about/a-1', '.swarm/about/deep/c'];
    for (const name of names) {
      const log = await one.log<object>(name, { parse: () => ({}), onRecord: () => undefined });
      await log.append([{}]);
      await log.close();
    }
    expect([await other.hasLog(LOG), await other.hasLog('.swarm/about'), await other.hasLog('.swarm/about/b')]).toEqual([
      true,
      false,
      true,
    ]);
    expect([await other.logNames('.swarm'), await other.logNames('.swarm/about')]).toEqual([['things'], ['a-1', 'b']]);
  });
}

function odd(value: unknown) {
  const item = parseItem(value);
  if (item.n % 2 === 0) throw new TypeError('even');
  return item;
}
