import { next, type Phase } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { rememberBefore } from './before.ts';

/** Keeps what stood where the task is going to write, so that its review can tell what it changed. */
export const before: Phase<Pick<Runtime, 'paths' | 'artifacts'>> = {
  name: 'before',
  done: (run) => run.record.outcome !== undefined,
  async run(run, deps) {
    await rememberBefore(run, deps);
    return next();
  },
};
