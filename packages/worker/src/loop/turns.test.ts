import { describe, expect, it } from 'vitest';
import { turns } from './turns.ts';

describe('turns', () => {
  const workers = ['w1', 'w2', 'w3', 'w4'];
  const of = (self: string, live: readonly string[]) =>
    turns(
      self,
      () => live,
      () => 0,
    );

  it('put all workers into one order, another one for each task', () => {
    const first = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((task) => {
      const waits = workers.map((worker) => of(worker, workers)(task));
      expect(new Set(waits).size).toBe(workers.length);
      return waits.indexOf(0);
    });
    expect(new Set(first).size).toBeGreaterThan(1);
  });

  it('let a worker that is alone begin at once', () => {
    expect(of('w1', ['w1'])('a')).toBe(0);
    expect(of('w1', [])('a')).toBe(0);
  });
});
