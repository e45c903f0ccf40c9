import { Identity } from '../../contract/files.ts';
import { DOCUMENTS } from '../../contract/names.ts';
import type { Documents, OnFinding } from '../../ports/documents.ts';

/** The folder of the residents; each is a document of its own. */
export const IDENTITIES = DOCUMENTS.identities;
export const identityDocument = (id: string): string => `${IDENTITIES}/${id}.json`;

/**
 * Every resident of the world, by document name. A document that is no identity is moved aside and reported; of two with one
 * id the first counts and the other is reported.
 */
export async function loadIdentities(documents: Documents, onFinding?: OnFinding): Promise<readonly Identity[]> {
  const found = new Map<string, Identity>();
  for (const name of await documents.list(IDENTITIES)) {
    const file = `${IDENTITIES}/${name}`;
    const identity = await documents.get(file, Identity, onFinding);
    if (identity === undefined) continue;
    if (found.has(identity.id))
      onFinding?.({ file, reason: `another file has the id ${identity.id} already; this one is not used` });
    else found.set(identity.id, identity);
  }
  return [...found.values()];
}

/**
 * Give a world that has no resident yet the authored ones of `starters`. Returns the names of the documents that came. A world
 * with any resident keeps exactly those it has.
 */
export async function ensureStarterIdentities(documents: Documents, starters: Documents): Promise<readonly string[]> {
  if ((await documents.list(IDENTITIES)).length > 0) return [];
  const came: string[] = [];
  for (const name of await starters.list(IDENTITIES)) {
    const identity = await starters.get(`${IDENTITIES}/${name}`, Identity);
    if (identity && (await documents.place(`${IDENTITIES}/${name}`, identity))) came.push(name);
  }
  return came;
}
