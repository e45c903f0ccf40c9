import { onTestFinished, vi } from 'vitest';
import type { Backend } from '../../ports/backend.ts';
import type { FakeClock } from '../clock.ts';

/** One world, empty at first. Each `open` is another process in it, on the same clock. */
export interface WorldBench {
  readonly clock: FakeClock;
  open(): Backend | Promise<Backend>;
}

/** A world of its own for each test. It is taken away by the bench, once what the test opened is closed. */
export type NewWorld = () => WorldBench | Promise<WorldBench>;

/** Two processes of one world, and the way to start more. All are closed when the test ends. */
export async function twoProcesses(newWorld: NewWorld) {
  const { clock, open } = await newWorld();
  const start = async (): Promise<Backend> => {
    const backend = await open();
    onTestFinished(() => backend.close());
    return backend;
  };
  return { clock, start, one: await start(), other: await start() };
}

/** Wait until a check passes. What is read without waiting may show what others did a little later. */
export const soon = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 });
