import { Identity } from '../../contract/files.ts';
import { type Society, withChanges } from '../../domain/social/index.ts';
import type { Documents, OnFinding } from '../../ports/documents.ts';
import { IDENTITIES, identityDocument, loadIdentities } from './identities.ts';

/**
 * Residents as they are: the authored file with every edit that the ledger knows. The files follow the ledger; how many
 * edits a file shows stands in its `meta.edits_applied`.
 */
export class People {
  readonly #documents: Documents;
  readonly #onFinding: OnFinding | undefined;
  #files: readonly Identity[] = [];
  #seen = '';
  #known = '';
  #map: ReadonlyMap<string, Identity> = new Map();

  constructor(documents: Documents, onFinding?: OnFinding) {
    this.#documents = documents;
    this.#onFinding = onFinding;
  }

  /** Read the files again when the folder changed. */
  async refresh(): Promise<void> {
    const stamp = this.#documents.stamp(IDENTITIES);
    if (stamp === this.#seen) return;
    this.#files = await loadIdentities(this.#documents, this.#onFinding);
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
    const known = new Set(await this.#documents.list(IDENTITIES));
    const isPlaced = (id: string) => known.has(`${id}.json`);
    for (const identity of society.created.values())
      if (!isPlaced(identity.id)) await this.#documents.place(identityDocument(identity.id), identity);
    for (const [id, person] of society.people) {
      if (person.edits.length === 0 || !isPlaced(id) || this.#shown(id) === person.edits.length) continue;
      await this.#documents.update(identityDocument(id), Identity, (current) =>
        current ? this.#edited(society, current) : undefined,
      );
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
}

function metaOf(identity: Identity | undefined): Readonly<Record<string, unknown>> {
  const meta = identity?.['meta'];
  return typeof meta === 'object' && meta !== null ? { ...meta } : {};
}

function appliedTo(identity: Identity | undefined): number {
  const applied = metaOf(identity)['edits_applied'];
  return typeof applied === 'number' ? applied : 0;
}
