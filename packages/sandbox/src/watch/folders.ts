import { lstatSync, readdirSync, statfsSync } from 'node:fs';

interface Held {
  readonly bytes: number;
  readonly files: number;
}

interface Counted extends Held {
  /** The largest file. */
  readonly largest: number;
  /** Whether a part could not be read: what its size is remains to be guessed. */
  readonly unseen: boolean;
}

/** What was written below some folders since they were first looked at. */
export interface FolderCount {
  /** Undefined: not looked at this time, for want of a sign of change; never when it must be. */
  look(must: boolean): Counted | undefined;
  /** By how many bytes the free space where the folders are has shrunk; others write there too. */
  shrunk(): number;
}

/** A walk that took longer is not made at every look, unless the disk shows that something was written. */
const CHEAP_MS = 5;
/** A dear walk takes at most this part of the time. */
const PART_OF_TIME = 10;
const SIGN_PART = 16;

export function countFolders(folders: readonly string[], limits: { disk_bytes: number; files: number }): FolderCount {
  const room: Held = { bytes: limits.disk_bytes, files: limits.files };
  const before = walk(folders, { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY });
  const free = freeIn(folders);
  let seenFree = free;
  let lastWalk = 0;
  let tookMs = 0;
  return {
    look: (must) => {
      const now = freeIn(folders);
      const written = seenFree.bytes - now.bytes > room.bytes / SIGN_PART || seenFree.files - now.files > room.files / SIGN_PART;
      const rested = performance.now() - lastWalk > PART_OF_TIME * tookMs;
      if (!must && tookMs > CHEAP_MS && !written && !rested) return undefined;
      const began = performance.now();
      const { bytes, files, ...rest } = walk(folders, { bytes: before.bytes + room.bytes, files: before.files + room.files });
      lastWalk = performance.now();
      tookMs = lastWalk - began;
      seenFree = now;
      return { bytes: bytes - before.bytes, files: files - before.files, ...rest };
    },
    shrunk: () => free.bytes - freeIn(folders).bytes,
  };
}

/** Everything below some folders, up to where there is more than `upTo`. Follows no link. */
function walk(folders: readonly string[], upTo: Held): Counted {
  const open = [...folders];
  let [bytes, files, largest, unseen] = [0, 0, 0, false];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    try {
      const entries = readdirSync(folder, { withFileTypes: true });
      files += entries.length;
      if (files > upTo.files) break;
      for (const entry of entries) {
        const path = `${folder}/${entry.name}`;
        if (entry.isDirectory()) open.push(path);
        else if (entry.isFile()) {
          const size = sizeOf(path);
          bytes += size;
          largest = Math.max(largest, size);
        }
      }
      if (bytes > upTo.bytes) break;
    } catch {
      unseen = true;
    }
  }
  return { bytes, files, largest, unseen };
}

/** What a file takes or pretends to take, whichever is more: who copies it copies its holes. */
function sizeOf(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found === undefined ? 0 : Math.max(found.size, found.blocks * 512);
}

function freeIn(folders: readonly string[]): Held {
  let [bytes, files] = [0, 0];
  for (const folder of folders) {
    try {
      const { bfree, bsize, ffree } = statfsSync(folder);
      bytes += bfree * bsize;
      files += ffree;
    } catch {
      // A folder that is gone holds nothing.
    }
  }
  return { bytes, files };
}
