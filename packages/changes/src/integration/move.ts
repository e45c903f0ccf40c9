import { type ChangeRecord, type ChangeStore, type NewChangeEvent, type Project, RUNTIME } from '@vivarium/core';
import type { ProjectStore } from '../store/index.ts';
import { filesOf } from '../work-area/index.ts';
import { conflictInWords } from './stack.ts';

export type Moved =
  /** It stands on what the branch shows. `same_entries`: what it changes is byte for byte what it was. */
  | { readonly kind: 'moved' | 'there'; readonly same_entries: boolean }
  | { readonly kind: 'conflict'; readonly why: string }
  /** Somebody else was first. */
  | { readonly kind: 'late' };

/** Tells what the branch shows, when it is not what the log knows. */
export async function lookAtProject(store: ProjectStore, changes: ChangeStore, project: Project) {
  const tip = await store.fetchBase();
  const { name, settings, policy_sha256 } = project;
  const known = changes.state.projects.get(name);
  if (known?.commit !== tip.commit || known.config_sha256 !== policy_sha256 || known.branch !== settings.branch)
    await changes.tryRecord({
      ...{ event: 'project_seen', actor: RUNTIME, project: name, config_sha256: policy_sha256, branch: settings.branch },
      commit: tip.commit,
    });
  return tip;
}

/** Merge a change anew onto what the branch shows. Both its texts and what it is then are kept in the store first. */
export async function moveChange(
  { store, changes, project }: { store: ProjectStore; changes: ChangeStore; project: Project },
  change: ChangeRecord,
): Promise<Moved> {
  const tip = await lookAtProject(store, changes, project);
  if (change.base_commit === tip.commit && change.behind === undefined) return { kind: 'there', same_entries: true };
  const merged = await store.merge(change.base_tree, tip.tree, change.tree);
  if (merged.kind === 'conflict') return { kind: 'conflict', why: conflictInWords(merged, 'what landed meanwhile') };
  await store.keep(`refs/changes/${change.change_id}`, merged.tree);
  const patch = await filesOf(store, project, tip.tree, merged.tree);
  const event: NewChangeEvent = {
    ...{ event: 'change_moved', actor: RUNTIME, change_id: change.change_id, ...patch },
    ...{ base_commit: tip.commit, base_tree: tip.tree, tree: merged.tree },
  };
  if (!(await changes.tryRecord(event))) return { kind: 'late' };
  return { kind: 'moved', same_entries: patch.entries_sha256 === change.entries_sha256 };
}
