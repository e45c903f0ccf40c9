import { describeArtifacts } from './artifacts.contract.ts';
import { describeDocuments } from './documents.contract.ts';
import { describeLines } from './lines.contract.ts';
import { describePresence } from './presence.contract.ts';
import { describeSharedLog } from './shared-log.contract.ts';
import { describeSwitches } from './switches.contract.ts';
import type { NewWorld } from './world.ts';

/** Everything that makes a backend one, but for skills, which are folders. */
export function describeBackend(backend: string, newWorld: NewWorld): void {
  for (const suite of [
    describeSharedLog,
    describeDocuments,
    describeArtifacts,
    describePresence,
    describeSwitches,
    describeLines,
  ])
    suite(backend, newWorld);
}
