import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Identity } from '../../contract/files.ts';
import { withChanges } from '../../domain/social/self-edit.ts';
import type { Society } from '../../domain/social/society.ts';
import { updateDocument, writeDocument } from '../documents/document.ts';
import { loadIdentities } from '../documents/identities.ts';
import { withLock } from '../documents/lock.ts';
import type { OnFinding } from '../documents/move-aside.ts';
import type { WorkspacePaths } from '../workspace.ts';

/**
 * Residents as they are: the authored file with every edit that the ledger knows. The files follow the ledger; how many
 * edits a file shows stands in its `meta.edits_applied`.
 */
export class PeopleFiles {
  readonly #paths: WorkspacePaths;
  readonly #onFinding: OnFinding | undefined;
  #files: readonly Identity[] = [];
  #seen = '';
  #known = '';
  #map: ReadonlyMap<string, Identity> = new Map();

  constructor(paths: WorkspacePaths, onFinding?: OnFinding) {
    this.#paths = paths;
    this.#onFinding = onFinding;
  }

  /** Read the files again when the folder changed. */
  async refresh(): Promise<void> {
    const stamp = statSync(this.#paths.identities, { throwIfNoEntry: false })?.mtimeMs.toString() ?? '';
    if (stamp === this.#seen) return;
    this.#files = await loadIdentities(this.#paths, this.#onFinding);
    this.#seen = stamp;
    this.#known = '';
  }

  all(society: Society): ReadonlyMap<string, Identity> {
    let edits = 0;
    for (const person of society.people.values()) edits += person.edits.length;
    const state = `${this.#seen} ${society.created.size} ${edits}`;
    if (state === this.#known) return this.#map;
    const map = new Map(society.created);
    for (const identity of this.#files) map.set(identity.id, identity);
    for (const [id, identity] of map) map.set(id, this.#edited(society, identity));
    this.#map = map;
    this.#known = state;
    return map;
  }

  /** Bring the files up to the ledger. Each edit is applied once, whoever does it. */
  async publish(society: Society): Promise<void> {
    for (const identity of society.created.values()) await this.#place(identity);
    for (const [id, person] of society.people) {
      const file = join(this.#paths.identities, `${id}.json`);
      if (person.edits.length === 0 || !existsSync(file)) continue;
      if (appliedTo(this.all(society).get(id)) === person.edits.length && this.#shown(id) === person.edits.length) continue;
      await updateDocument(file, Identity, (current) => (current ? this.#edited(society, current) : undefined));
    }
    this.#seen = '';
    await this.refresh();
  }

  #shown(id: string): number {
    return appliedTo(this.#files.find((identity) => identity.id === id));
  }

  #edited(society: Society, identity: Identity): Identity {
    const edits = society.people.get(identity.id)?.edits ?? [];
    const pending = edits.slice(appliedTo(identity));
    if (pending.length === 0) return identity;
    const changed = pending.reduce((before, change) => withChanges(before, change), identity);
    return { ...changed, meta: { ...metaOf(identity), edits_applied: edits.length } };
  }

  async #place(identity: Identity): Promise<void> {
    const file = join(this.#paths.identities, `${identity.id}.json`);
    if (existsSync(file)) return;
    await withLock(file, async (guard) => {
      guard.check();
      if (!existsSync(file)) await writeDocument(file, identity);
    });
  }
}

function metaOf(identity: Identity | undefined): Readonly<Record<string, unknown>> {
  const meta = identity?.['meta'];
  return typeof meta === 'object' && meta !== null ? { ...meta } : {};
}

function appliedTo(identity: Identity | undefined): number {
  const applied = metaOf(identity)['edits_applied'];
  return typeof applied === 'number' ? applied : 0;
}
