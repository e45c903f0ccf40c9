import { next, type Phase } from '../../pipeline/phase.ts';
import { rememberBefore } from './before.ts';

/** Keeps what stood where the task is going to write, so that its review can tell what it changed. */
export const before: Phase = {
  name: 'before',
  done: (run) => run.record.outcome !== undefined,
  async run(run, runtime) {
    await rememberBefore(run, runtime);
    return next();
  },
};
