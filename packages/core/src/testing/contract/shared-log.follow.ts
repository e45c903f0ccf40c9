import { expect, it } from 'vitest';
import { items, numbers, view } from './shared-log.bench.ts';
import { type NewWorld, soon, twoProcesses } from './world.ts';

/** Who hears of others' records. Part of `describeSharedLog`. */
export function describeFollowing(newWorld: NewWorld) {
  it('tells a follower of records that another process wrote, which are folded by then', async () => {
    const { one, other } = await twoProcesses(newWorld);
    const [reader, writer] = [await view(one), await view(other)];
    const heard: number[] = [];
    reader.log.follow(() => heard.push(reader.seen.length));
    for (const count of [1, 2, 3]) {
      await writer.log.append(items(count, 1));
      await soon(() => expect(heard.at(-1)).toBe(count));
    }
  });

  it('tells all logs of one name in one process, and every listener', async () => {
    const { one } = await twoProcesses(newWorld);
    const [writer, ...readers] = [await view(one), await view(one), await view(one)];
    const heard = [0, 0, 0, 0];
    for (const [at, { log }] of [...readers, ...readers].entries()) log.follow(() => (heard[at] = (heard[at] ?? 0) + 1));
    await writer?.log.append(items(1, 1));
    await soon(() => expect(Math.min(...heard)).toBe(1));
    expect(readers.map(numbers)).toEqual([[1], [1]]);
  });

  it.each([
    ['a refresh', (log: { catchUp(): Promise<void> }) => log.catchUp()],
    ['an append', (log: { append(values: { n: number }[]): Promise<unknown> }) => log.append([{ n: 9 }])],
  ])('tells a follower also when %s was faster to bring the records in', async (_what, bring) => {
    const { one, other } = await twoProcesses(newWorld);
    const [reader, writer] = [await view(one), await view(other)];
    let heard = 0;
    reader.log.follow(() => heard++);
    await writer.log.append(items(1, 1));
    await bring(reader.log);
    expect(numbers(reader)).toContain(1);
    await soon(() => expect(heard).toBeGreaterThan(0));
  });

  it('tells nobody of records of one’s own, so that a follower may append', async () => {
    const { one, other, start } = await twoProcesses(newWorld);
    await (await view(await start())).log.append(items(0, 3));
    const [writer, witness] = [await view(one), await view(other)];
    let heard = 0;
    writer.log.follow(() => heard++);
    const told = new Promise<void>((done) => void witness.log.follow(done));
    await writer.log.append(items(3, 1));
    await told;
    await new Promise(setImmediate);
    expect([heard, numbers(witness)]).toEqual([0, [0, 1, 2, 3]]);
  });

  it('tells nobody who stopped, and goes on telling the others', async () => {
    const { one, other } = await twoProcesses(newWorld);
    const [reader, writer] = [await view(one), await view(other)];
    const heard = { gone: 0, there: 0 };
    const stop = reader.log.follow(() => heard.gone++);
    reader.log.follow(() => heard.there++);
    await writer.log.append(items(1, 1));
    await soon(() => expect(heard).toEqual({ gone: 1, there: 1 }));
    stop();
    stop();
    await writer.log.append(items(2, 1));
    await soon(() => expect(heard.there).toBe(2));
    expect(heard.gone).toBe(1);
  });

  it('tells again once somebody follows after all had stopped', async () => {
    const { one, other } = await twoProcesses(newWorld);
    const [reader, writer] = [await view(one), await view(other)];
    reader.log.follow(() => undefined)();
    await writer.log.append(items(1, 1));
    const heard: number[][] = [];
    reader.log.follow(() => heard.push(numbers(reader)));
    await writer.log.append(items(2, 1));
    await soon(() => expect(heard.at(-1)).toEqual([1, 2]));
  });
}
