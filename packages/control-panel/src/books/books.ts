import { ApiAuditLine } from '@vivarium/core';
import { tailLines } from '../feed/tail-lines.ts';
import type { World } from '../world.ts';
import { Dependents } from './dependents.ts';
import { Doers } from './doers.ts';
import { SpendBook } from './spend-book.ts';
import { Throughput } from './throughput.ts';

const PAGE = 5000;

/** What the panel counts along, so that a page never makes it read a whole file or a whole queue. */
export interface Books {
  readonly spend: SpendBook;
  readonly throughput: Throughput;
  readonly dependents: Dependents;
  readonly doers: Doers;
  close(): void;
}

/** Go through every task once, then keep up with what happens. The audit is read in the background. */
export async function openBooks(world: World): Promise<Books> {
  const [spend, throughput, dependents, doers] = [new SpendBook(), new Throughput(), new Dependents(), new Doers()];
  let cursor: string | undefined;
  do {
    const page = world.store.list({ limit: PAGE, order: 'oldest', ...(cursor ? { cursor } : {}) });
    for (const record of page.records) {
      throughput.recall(record);
      if (record.task.depends_on.length > 0) dependents.see(record.task);
    }
    cursor = page.next;
  } while (cursor !== undefined);
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
    close() {
      off();
      audit.stop();
    },
  };
}
