import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, type LandDeps, lookAtProject, openWorkArea } from '@vivarium/changes';
import { type ChangeRecord, type ChangeStore, changeIdOf, giveApproval, openChanges } from '@vivarium/core';
import { memoryBackend } from '@vivarium/core/testing';
import { aBench, type Bench, type Files } from './changes-kit.ts';

export interface LandBench extends Bench {
  readonly log: ChangeStore;
  readonly deps: LandDeps;
  /** A change that writes these files (null deletes one) onto what the branch shows, handed in and approved. */
  approved(files: Readonly<Record<string, string | null>>, task_id?: string): Promise<ChangeRecord>;
}

/** A project with a log of changes, ready to land. */
export async function aLandBench(files: Files, settings: Parameters<typeof aBench>[1] = {}): Promise<LandBench> {
  const bench = await aBench(files, settings);
  const { store, project } = bench;
  const backend = memoryBackend();
  const log = await openChanges({ backend });
  const deps: LandDeps = {
    ...{ log, store, project, clock: backend.clock, by: 'worker_1', owner: backend.presence.self() },
    mayRun: () => true,
    isGone: () => true,
    projectNow: async () => project,
    nameOf: () => 'Ada',
    checkpoint: async () => ({
      ...{ event: 'checkpoint_taken', actor: 'runtime', checkpoint_id: `cp_${randomUUID()}`, automatic: true },
      ...{ trees: [], versions: {}, positions: {} },
    }),
  };
  const approved: LandBench['approved'] = async (edits, task_id = `t_${randomUUID()}`) => {
    const base = await lookAtProject(store, log, project);
    const area = await openWorkArea(store, project, { task_id, attempt: 1, tree: base.tree });
    const added = await treeWith(bench, area.folder, base.tree, edits);
    await area.remove();
    const change_id = changeIdOf(task_id, 1);
    const about = { actor: 'runtime', change_id } as const;
    const policy = { policy_sha256: project.policy_sha256, executor: 'built-in', author_id: 'ada' };
    const place = { task_id, attempt: 1, project: project.name, base_commit: base.commit, base_tree: base.tree };
    const patch = await filesOf(store, project, base.tree, added);
    await log.record({ ...about, ...place, ...policy, event: 'change_opened' });
    await log.record({
      ...{ ...about, ...patch, event: 'change_handed_in', tree: added, title: 'Mend it', summary: 'It was broken.', kind: 'fix' },
      ...{ removed_tests: [], origins: [] },
    });
    const change = log.change(change_id);
    if (!change) throw new Error('the change was not handed in');
    await giveApproval({ changes: log, clock: backend.clock }, change, project, 'human');
    return log.change(change_id) ?? change;
  };
  return { ...bench, log, deps, approved };
}

async function treeWith({ store }: Bench, folder: string, base: string, edits: Readonly<Record<string, string | null>>) {
  const entries = await Promise.all(
    Object.entries(edits).map(async ([path, text]) => {
      if (text === null) return { path };
      const file = join(folder, `.${randomUUID()}`);
      writeFileSync(file, text);
      const oid = await store.write(Buffer.from(text));
      return { path, after: { mode: '100644', oid } };
    }),
  );
  return store.treeWith(base, entries);
}
