import type { Heartbeat } from '../../contract/files.ts';
import type { Artifacts } from '../../ports/artifacts.ts';
import type { Documents } from '../../ports/documents.ts';
import { memoryArtifacts } from './memory-artifacts.ts';
import { memoryDocuments } from './memory-documents.ts';
import type { MemoryBytes } from './memory-log.ts';
import { type MemorySwitches, noSwitches } from './memory-switches.ts';

/** What all openings of one world in memory share. */
export interface MemoryPlace {
  readonly logs: Map<string, MemoryBytes>;
  readonly lines: Map<string, string[]>;
  readonly documents: Documents;
  readonly artifacts: Artifacts;
  readonly beats: Map<string, Heartbeat>;
  readonly switches: MemorySwitches;
}

export const memoryPlace = (): MemoryPlace => ({
  logs: new Map(),
  lines: new Map(),
  documents: memoryDocuments(),
  artifacts: memoryArtifacts(),
  beats: new Map(),
  switches: noSwitches(),
});
