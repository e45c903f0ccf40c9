import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, openWorkArea } from '@vivarium/changes';
import { findTools, runCage } from '@vivarium/sandbox';
import { sampleProject } from './kit/project.ts';
import { inFolder } from './kit/world.ts';

/** How long single steps take over and over, in milliseconds: no queue, no gates, nothing else at work. */
export function storeSteps(rounds: number): Promise<Readonly<Record<string, readonly number[]>>> {
  return inFolder(async (root) => {
    const project = sampleProject(root);
    const store = await openStore({ root }, project);
    const { tree } = await store.fetchBase();
    const steps: Record<string, number[]> = {};
    const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const began = performance.now();
      const made = await work();
      steps[name] = [...(steps[name] ?? []), performance.now() - began];
      return made;
    };
    for (let round = 0; round < rounds; round += 1) {
      const at = { task_id: `t${round}`, attempt: 1, tree };
      const area = await timed('work area opened', () => openWorkArea(store, project, at));
      writeFileSync(join(area.folder, 'src', 'new.mjs'), `export const n = ${round};\n`);
      await timed('snapshot after one file', () => area.snapshot());
      await timed('checkout and sandbox around a suite of nothing', () => emptySuite(area.folder, join(root, `out${round}`)));
      await area.remove();
    }
    return steps;
  });
}

/** The sandbox of a suite around a program that ends at once. */
async function emptySuite(folder: string, out: string): Promise<void> {
  mkdirSync(out);
  await runCage(findTools(), {
    ...{ argv: ['/bin/true'], cwd: '/project', environment: {}, timeout_ms: 10_000, counted: [folder, out] },
    mounts: [
      { from: folder, at: '/project', mode: 'rw' },
      { from: out, at: '/out', mode: 'rw' },
    ],
    limits: { memory_bytes: 2 ** 31, processes: 256, disk_bytes: 2 ** 29, files: 50_000, file_bytes: 2 ** 29, open_files: 4_096 },
    output: { head_bytes: 65_536, tail_bytes: 65_536 },
  });
}
