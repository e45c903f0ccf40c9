import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../documents/document.ts';
import type { WorkspacePaths } from '../workspace.ts';

const KEEP_MS = 60_000;
/** File times stand still for up to a tick of the kernel: only a version older than this is told apart from the next. */
const TICK_MS = 20;
const NAME = /^\d+-\d+-\d+\.json$/;

/** What tells one version of a file from another: inode, size, time of change. Empty when there is no file. */
export function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.ino}-${stat.size}-${stat.mtimeNs}` : '';
}

/** Wait until the version that stands is old enough for its stamp to mean its content. */
export async function settled(file: string): Promise<void> {
  const stat = statSync(file, { throwIfNoEntry: false });
  const age = stat ? Math.abs(Date.now() - stat.mtimeMs) : TICK_MS;
  if (age < TICK_MS) await delay(TICK_MS - age);
}

/** A replaced version that somebody who still had it open has written to since. */
export interface LateSave {
  readonly text: string;
  /** False while it may still be written to under the same stamp. */
  readonly settled: boolean;
  /** Call when it was taken over; the version is then watched for the next save. */
  done(): void;
}

/**
 * Put `draft` in the place of the version with this stamp (`''`: of no file). The replaced version keeps a name in
 * `.swarm/queue.history/` for a minute. False, and nothing changed, when another version stands there.
 */
export function replaceVersion(paths: WorkspacePaths, draft: string, expected: string): boolean {
  if (expected === '') return placeFirst(draft, paths.queue);
  if (stampOf(paths.queue) !== expected) return false;
  mkdirSync(paths.queueHistory, { recursive: true });
  try {
    linkSync(paths.queue, join(paths.queueHistory, `${expected}.json`));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    // Without hard links a late save cannot be noticed; everything else works.
  }
  // Nothing may come between these two calls.
  if (stampOf(paths.queue) !== expected) return false;
  renameSync(draft, paths.queue);
  return true;
}

function placeFirst(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  unlinkSync(draft);
  return true;
}

/** Late saves in replaced versions, oldest first. Versions that nobody wrote to for a minute are forgotten. */
export function lateSaves(paths: WorkspacePaths): readonly LateSave[] {
  const saves: LateSave[] = [];
  for (const name of listVersions(paths.queueHistory)) {
    const file = join(paths.queueHistory, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) continue;
    const stamp = stampOf(file);
    if (`${stamp}.json` === name) {
      if (Date.now() - stat.ctimeMs > KEEP_MS) rmSync(file, { force: true });
      continue;
    }
    saves.push({
      text: readFileSync(file, 'utf8'),
      settled: Date.now() - stat.mtimeMs >= TICK_MS && stampOf(file) === stamp,
      done: () => renameSync(file, join(paths.queueHistory, `${stamp}.json`)),
    });
  }
  return saves;
}

/** Whether somebody wrote to a replaced version, without reading it. */
export function hasLateSave(paths: WorkspacePaths): boolean {
  return listVersions(paths.queueHistory).some((name) => {
    const stamp = stampOf(join(paths.queueHistory, name));
    return stamp !== '' && `${stamp}.json` !== name;
  });
}

function listVersions(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name));
  } catch {
    return [];
  }
}
