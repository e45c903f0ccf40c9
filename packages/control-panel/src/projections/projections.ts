import { setTimeout } from 'node:timers/promises';
import { ApiAuditLine } from '@vivarium/core';
import { tailLines } from '../files/tail-lines.ts';
import type { World } from '../world/world.ts';
import { Dependents } from './dependents.ts';
import { Doers } from './doers.ts';
import { recallTasks } from './recall.ts';
import { Spending } from './spending.ts';
import { Throughput } from './throughput.ts';

const PATIENCE_MS = 250;

/** What the panel counts along, so that a page never makes it read a whole file or a whole queue. */
export interface Projections {
  readonly spend: Spending;
  readonly throughput: Throughput;
  readonly dependents: Dependents;
  readonly doers: Doers;
  /** Read what was written to the audit until now; a long one that is still being read is not waited for. */
  catchUp(): Promise<void>;
  /** Whether tasks from before the start are all counted. */
  complete(): boolean;
  close(): Promise<void>;
}

/** Keep up with what happens from here on. What stood before, tasks and audit, is gone through in the background. */
export async function openProjections(world: World): Promise<Projections> {
  const [spend, throughput, dependents, doers] = [new Spending(), new Throughput(), new Dependents(), new Doers()];
  const recall = recallTasks(world.store, (record, changed) => {
    throughput.recall(record, changed);
    if (record.task.depends_on.length > 0) dependents.see(record.task);
  });
  recall.finished.catch((error: unknown) => world.log.error({ err: error }, 'Older tasks could not all be counted'));
  const off = world.store.onEvent((event, record) => {
    throughput.see(event, record);
    doers.see(event);
    if (event.event === 'task_added' || event.event === 'task_edited') dependents.see(event.task);
  });
  const onLine = (value: unknown) => {
    const line = ApiAuditLine.safeParse(value);
    if (!line.success) return;
    spend.see(line.data);
    doers.seeCall(line.data);
  };
  const audit = await tailLines(world.paths.apiAudit, onLine, 'start');
  return {
    spend,
    throughput,
    dependents,
    doers,
    catchUp: () => Promise.race([audit.catchUp(), setTimeout(PATIENCE_MS, undefined, { ref: false })]),
    complete: recall.done,
    async close() {
      off();
      audit.stop();
      await recall.stop();
    },
  };
}
