/** Acts through the society's one door, each durable when it is answered, so many at once: entries of the ledger. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asRuntime, openSociety, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { done, ready } from './signal.ts';

const [folder = '', concurrency = '50', limit = '1000'] = process.argv.slice(2);
const WARM_UP = 500;
const paths = workspacePaths(folder);
mkdirSync(paths.identities, { recursive: true });
const people = Array.from({ length: 20 }, (_, n) => `resident_${n}`);
for (const id of people) writeFileSync(join(paths.identities, `${id}.json`), JSON.stringify({ id, name: id }));
const society = await openSociety({ backend: fileBackend(paths) });
let next = 0;

/** Tips: postings, caps and histories, and every one of them counts. */
async function actUntil(end: number): Promise<void> {
  while (next < end) {
    const n = next++;
    const identity_id = people[n % people.length];
    const answer = await society.ask(asRuntime, 'tip', { identity_id, amount: 1 + (n % 9), reason: `for work ${n}` });
    if (!answer.ok) throw new Error(answer.reason);
  }
}
const actTogether = (end: number) => Promise.all(Array.from({ length: Number(concurrency) }, () => actUntil(end)));

await actTogether(WARM_UP);
await ready();
await actTogether(WARM_UP + Number(limit));
done({ entries: next });
