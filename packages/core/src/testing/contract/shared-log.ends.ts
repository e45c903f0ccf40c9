import { expect, it } from 'vitest';
import { StorageError } from '../../errors/index.ts';
import { type Item, items, numbers, view } from './shared-log.bench.ts';
import { type NewWorld, twoProcesses } from './world.ts';

/** Values that type as items and cannot be written. */
function unencodable(): [string, Item][] {
  const cycle: Item = { n: 7 };
  Object.assign(cycle, { self: cycle });
  return [
    ['a bigint', { n: 7, text: 7n } as unknown as Item],
    ['a cycle', cycle],
  ];
}

/** What a log refuses, and how it is closed. Part of `describeSharedLog`. */
export function describeLogEnds(newWorld: NewWorld) {
  it.each(unencodable())('refuses %s at once, and nothing else is lost', async (_what, bad) => {
    const { one, other } = await twoProcesses(newWorld);
    const [writer, reader] = [await view(one), await view(other)];
    const before = writer.log.append(items(1, 1));
    const refused = writer.log.append([{ n: 5 }, bad, { n: 6 }]);
    const after = writer.log.append(items(2, 1), { durable: true });
    await expect(refused).rejects.toThrow();
    expect((await Promise.all([before, after])).flat().map(({ value }) => value.n)).toEqual([1, 2]);
    await writer.log.append(items(3, 1));
    await reader.log.catchUp();
    expect([numbers(writer), numbers(reader)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('refuses to append, refresh or catch up once it is closed, and others go on', async () => {
    const { one, other } = await twoProcesses(newWorld);
    const [closed, sibling, open] = [await view(one), await view(one), await view(other)];
    await closed.log.append(items(1, 1));
    await closed.log.close();
    await expect(closed.log.append(items(2, 1))).rejects.toThrow(StorageError);
    await expect(closed.log.append(items(2, 1), { durable: true })).rejects.toThrow(StorageError);
    expect(() => closed.log.refresh()).toThrow(StorageError);
    await expect(closed.log.catchUp()).rejects.toThrow(StorageError);
    await sibling.log.append(items(3, 1));
    await open.log.append(items(4, 1));
    await sibling.log.catchUp();
    expect([closed, sibling, open].map(numbers)).toEqual([[1], [1, 3, 4], [1, 3, 4]]);
  });

  it('closes twice, also at once', async () => {
    const { log } = await view((await twoProcesses(newWorld)).one);
    await Promise.all([log.close(), log.close()]);
    await log.close();
  });

  it('tells a closed log’s followers nothing', async () => {
    const { one, other } = await twoProcesses(newWorld);
    const [closed, witness, writer] = [await view(one), await view(one), await view(other)];
    let heard = 0;
    closed.log.follow(() => heard++);
    const told = new Promise<void>((done) => void witness.log.follow(done));
    await closed.log.close();
    await writer.log.append(items(1, 1));
    await told;
    expect([heard, numbers(closed)]).toEqual([0, []]);
  });

  it.each([{ durable: true }, { durable: false }])(
    'settles an append that is under way when it is closed (%j)',
    async (options) => {
      const { one, other } = await twoProcesses(newWorld);
      const [closing, reader] = [await view(one), await view(other)];
      const append = closing.log.append(items(1, 2), options).then(
        () => [1, 2],
        () => [],
      );
      const [told] = await Promise.all([append, closing.log.close()]);
      await reader.log.catchUp();
      if (told.length > 0) expect(numbers(reader)).toEqual(told);
    },
  );
}
