import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, linkTarget, stampOf, type WorkspacePaths } from '@vivarium/core';

const KEEP_MS = 60_000;
/** File times stand still for up to a tick of the kernel: only a version older than this is told apart from the next. */
const TICK_MS = 20;
const NAME = /^\d+-\d+-\d+\.json$/;

/** Wait until the version that stands is old enough for its stamp to mean its content. */
export async function settled(file: string): Promise<void> {
  const stat = statSync(file, { throwIfNoEntry: false });
  const age = stat ? Math.abs(Date.now() - stat.mtimeMs) : TICK_MS;
  if (age < TICK_MS) await delay(TICK_MS - age);
}

/** A replaced version that somebody who still had it open has written to since. */
export interface LateSave {
  readonly bytes: Uint8Array;
  /** False while it may still be written to under the same stamp. */
  readonly settled: boolean;
  /** Call when it was taken over; the version is then watched for the next save. */
  done(): void;
}

/**
 * Put `draft` in the place of the version with this stamp (`''`: of no file). The replaced version keeps a name in
 * `.swarm/queue.history/` for a minute. False when another version stands there, which then stays.
 *
 * While somebody saves (`contended`) the standing version is moved away first, so that even a save between two system
 * calls is caught; for some microseconds there is no file then. At all other times readers always find one.
 */
export function replaceVersion(paths: WorkspacePaths, draft: string, expected: string, contended: boolean): boolean {
  const file = linkTarget(paths.queue);
  if (expected === '') return placeFirst(draft, file);
  if (stampOf(file) !== expected) return false;
  mkdirSync(paths.queueHistory, { recursive: true });
  const kept = join(paths.queueHistory, `${expected}.json`);
  return contended ? swapAway(file, draft, kept, expected) : swapOver(file, draft, kept, expected);
}

function swapOver(file: string, draft: string, kept: string, expected: string): boolean {
  try {
    linkSync(file, kept);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    // Without hard links a late save cannot be noticed; everything else works.
  }
  // Nothing may come between these two calls.
  if (stampOf(file) !== expected) return false;
  renameSync(draft, file);
  return true;
}

function swapAway(file: string, draft: string, kept: string, expected: string): boolean {
  try {
    renameSync(file, kept);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    // The content lies on another disk, behind a link.
    if (codeOf(error) === 'EXDEV') return swapOver(file, draft, kept, expected);
    throw error;
  }
  const caught = stampOf(kept) === expected;
  // A version that was saved this very moment goes back; if a still newer one stands there, the caught one is a late save.
  return placeFirst(caught ? draft : kept, file) && caught;
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
      bytes: readFileSync(file),
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
