import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Backend, type Clock, systemClock, type WorkspacePaths, workspacePaths } from '@vivarium/core';
import { fileArtifacts } from './artifacts/index.ts';
import { switches } from './control/index.ts';
import { fileDocuments } from './documents/index.ts';
import { openLineWriter } from './lines/line-writer.ts';
import { openSharedLog } from './log/index.ts';
import { skillLibrary } from './skills/index.ts';
import { workerRegistry } from './workers/index.ts';

/** The backend of files: a workspace on a local disk, opened by any number of processes of one machine. */
export function fileBackend(place: string | WorkspacePaths, clock: Clock = systemClock): Backend {
  const paths = typeof place === 'string' ? workspacePaths(place) : place;
  const { root } = paths;
  return {
    log: (name, options) => openSharedLog({ file: logFile(root, name), ...options }),
    hasLog: async (name) => existsSync(logFile(root, name)),
    logNames: async (folder) => logNames(join(root, folder)),
    lines: (name) => openLineWriter(join(root, name)),
    skills: (installation) => skillLibrary(paths, installation),
    documents: fileDocuments(root),
    artifacts: fileArtifacts(paths),
    presence: workerRegistry({ paths, clock }),
    switches: switches(paths, clock),
    clock,
    close: async () => undefined,
  };
}

const ENDING = '.jsonl';
const logFile = (root: string, name: string): string => join(root, `${name}${ENDING}`);

function logNames(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => /^[\w-]+\.jsonl$/.test(name));
  return files.map((name) => name.slice(0, -ENDING.length)).sort();
}
