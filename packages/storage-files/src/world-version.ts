import { mkdirSync, readFileSync } from 'node:fs';
import { VERSION, WORLD_FORMAT, type WorkspacePaths, WorldTooNewError } from '@vivarium/core';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

/** `.swarm/version.json`: the format of a world, and the program that brought it there. */
const WorldVersion = z.object({ format: z.int().positive(), version: z.string() });
type WorldVersion = z.infer<typeof WorldVersion>;

/** What this program writes. */
const OWN: WorldVersion = { format: WORLD_FORMAT, version: VERSION };

/**
 * The first thing every process does with a world: see whether it can read it, and leave its own format there when that is
 * higher. A world without a version is one from before there were any.
 * @throws WorldTooNewError: nothing was touched
 */
export function enterWorld(paths: Pick<WorkspacePaths, 'swarm' | 'version'>, own: WorldVersion = OWN): void {
  const standing = read(paths.version);
  if (standing && standing.format > own.format) throw new WorldTooNewError(standing, own);
  if (standing?.format === own.format) return;
  try {
    mkdirSync(paths.swarm, { recursive: true });
    writeFileAtomic.sync(paths.version, `${JSON.stringify(own)}\n`);
  } catch {
    // A disk that refuses is told of by the first log that is opened; the next process to enter writes this.
  }
}

function read(file: string): WorldVersion | undefined {
  try {
    return WorldVersion.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
