import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileExists, type Project, readJsonFile } from '@vivarium/core';
import { z } from 'zod';

/** By path of a key file: SHA-256 of the contents for which a person said that the dependencies are installed. */
const Installed = z.record(z.string(), z.array(z.string()));
const fileIn = (folder: string): string => join(folder, 'installed.json');

/** Note that what the project's key files say at this moment is installed. `folder`: of the project's store. */
export function markInstalled(folder: string, { settings }: Project): void {
  const known = read(folder);
  for (const path of new Set(settings.dependencies.flatMap(({ key }) => key))) {
    const file = join(settings.path, path);
    if (fileExists(file)) known[path] = [...new Set([...(known[path] ?? []), sha256(readFileSync(file))])];
  }
  mkdirSync(folder, { recursive: true });
  const beside = `${fileIn(folder)}.${randomUUID()}`;
  writeFileSync(beside, JSON.stringify(known));
  renameSync(beside, fileIn(folder));
}

export const isInstalled = (folder: string, path: string, sha: string | undefined): boolean =>
  sha !== undefined && read(folder)[path]?.includes(sha) === true;

function read(folder: string): z.infer<typeof Installed> {
  const found = readJsonFile(fileIn(folder));
  const known = Installed.safeParse(found.kind === 'read' ? found.value : {});
  return known.success ? known.data : {};
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
