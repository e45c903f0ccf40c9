import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActAnswer, asOwner, openSociety, type SocietyStore, type WorkspacePaths, workspacePaths } from '@vivarium/core';
import { FakeClock } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { expect } from 'vitest';

export const NAMES = { ada: 'Fennel', ben: 'Lantern', cyn: 'Marrow', dov: 'Quill', eve: 'Sorrel' } as const;

/** A workspace of five residents on a clock that stands still (a Tuesday). */
export class TestWorld {
  readonly paths: WorkspacePaths = workspacePaths(mkdtempSync(join(tmpdir(), 'vivarium-society-')));
  readonly clock = new FakeClock('2026-11-24T12:00:00.000Z');
  readonly #opened: SocietyStore[] = [];

  constructor() {
    for (const [id, name] of Object.entries(NAMES)) this.settle({ id, name });
  }

  settle(identity: { id: string; name: string } & Record<string, unknown>): void {
    mkdirSync(this.paths.identities, { recursive: true });
    writeFileSync(join(this.paths.identities, `${identity.id}.json`), JSON.stringify(identity));
  }

  async open(): Promise<SocietyStore> {
    const society = await openSociety({ backend: fileBackend(this.paths, this.clock) });
    this.#opened.push(society);
    return society;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((society) => society.close()));
  }
}

/** The ids of an act that went through. */
export function ok(answer: ActAnswer): Record<string, string> {
  expect(answer).toMatchObject({ ok: true });
  return answer as unknown as Record<string, string>;
}

/** Tokens to begin with; a tip splits 70/30. */
export async function tip(society: SocietyStore, identity_id: string, amount: number): Promise<void> {
  ok(await society.act(asOwner, 'tip', { identity_id, amount, reason: 'to begin with' }));
}
