import { describe, expect, it, onTestFinished } from 'vitest';
import { type NewWorld, soon, twoProcesses } from './world.ts';

const NAME = '.swarm/audit/notes.jsonl';

/** The promises every `LineWriter` keeps. Call once per backend. */
export function describeLines(backend: string, newWorld: NewWorld): void {
  const both = async () => {
    const { one, other } = await twoProcesses(newWorld);
    const open = (from: typeof one, name = NAME) => {
      const writer = from.lines(name);
      onTestFinished(() => writer.close());
      return writer;
    };
    return { one: open(one), other: open(other), elsewhere: open(one, 'action_log.log') };
  };
  describe(`LineWriter on ${backend}`, () => {
    it('appends whole lines of all processes, each process’s in its order', async () => {
      const { one, other, elsewhere } = await both();
      for (let n = 0; n < 50; n++) {
        (n % 2 ? one : other).write(`line ${n} ü`);
        if (n % 7 === 0) await new Promise(setImmediate);
      }
      expect([one.flush(), other.flush(), one.dropped, other.dropped]).toEqual([true, true, 0, 0]);
      await soon(() => {
        const lines = one.tail(10_000).split('\n');
        expect(lines.pop()).toBe('');
        const of = (rest: number) => lines.filter((line) => Number(line.split(' ')[1]) % 2 === rest);
        for (const rest of [0, 1]) expect(of(rest)).toEqual(Array.from({ length: 25 }, (_, at) => `line ${at * 2 + rest} ü`));
      });
      expect(elsewhere.tail(100)).toBe('');
    });

    it('writes by itself at the end of the tick, and what waits when it is closed', async () => {
      const { one, other } = await both();
      one.write('by itself');
      await soon(() => expect(other.tail(100)).toBe('by itself\n'));
      one.write('at the end');
      one.close();
      one.close();
      await soon(() => expect(other.tail(100)).toBe('by itself\nat the end\n'));
    });

    it('tells the last bytes alone', async () => {
      const { one, other } = await both();
      expect(other.tail(100)).toBe('');
      for (const line of ['first', 'second', 'third']) one.write(line);
      expect(one.flush()).toBe(true);
      await soon(() => expect([other.tail(6), other.tail(9), other.tail(0)]).toEqual(['third\n', 'nd\nthird\n', '']));
    });
  });
}
