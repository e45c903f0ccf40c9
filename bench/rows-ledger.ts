import { rmSync } from 'node:fs';
import { workspacePaths } from '@vivarium/core';
import { BenchChild, race } from './kit/child.ts';
import { inFolder } from './kit/world.ts';

/** Entries per second through the society's door, one process, each synced before it is answered. */
export function ledgerEntries(concurrency: number, count: number): Promise<number> {
  return inFolder(async (folder) => {
    const child = new BenchChild('ledger-writer.ts', [folder, concurrency, count]);
    return count / (await race([child])).seconds;
  });
}

/** Milliseconds to fold a ledger of so many entries, from its first line and from its snapshot. */
export function foldLedger(entries: number, runs: number): Promise<{ whole: number; snapshot: number }[]> {
  return inFolder(async (folder) => {
    await race([new BenchChild('ledger-filler.ts', [folder, entries])]);
    const measured = [];
    for (let run = 0; run < runs; run++) {
      rmSync(`${workspacePaths(folder).tokenLedger}.snapshot`, { force: true });
      measured.push({ whole: await openOnce(folder), snapshot: await openOnce(folder) });
    }
    return measured;
  });
}

async function openOnce(folder: string): Promise<number> {
  const { results } = await race([new BenchChild('ledger-opener.ts', [folder])]);
  return JSON.parse(JSON.stringify(results[0])).ms;
}
