import { createHash } from 'node:crypto';
import type { ChangedEntry, FileSide } from '@vivarium/core';
import { GitError, type GitPlace, isFileMode, pathText, readBlobs, records, runGit, type TreeEntry } from '../git/index.ts';
import type { LineCount } from './project-store.ts';

const DIFF = ['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];

/** Changed paths with SHA-256 and size of both sides. */
export async function difference(place: GitPlace, from: string, to: string): Promise<readonly ChangedEntry[]> {
  const changed = await rawDifference(place, from, to);
  const odd = changed.find(({ before, after }) => [before, after].some((side) => side && !isFileMode(side.mode)));
  if (odd) {
    throw new GitError(`${odd.path} is a link or a submodule, and changed`, {
      fix: 'Change it by hand in the project: changes hold ordinary files only',
      data: { path: odd.path },
    });
  }
  const sides = changed.flatMap(({ before, after }) => [before, after]).filter((side) => side !== undefined);
  const seen = await measured(place, [...new Set(sides.map(({ oid }) => oid))]);
  const side = (entry: TreeEntry | undefined): FileSide | undefined => {
    const known = entry && seen.get(entry.oid);
    return known && isFileMode(entry.mode) ? { mode: entry.mode, oid: entry.oid, ...known } : undefined;
  };
  return changed.map(({ path, ...ends }) => {
    const [before, after] = [side(ends.before), side(ends.after)];
    return { path, ...(before ? { before } : {}), ...(after ? { after } : {}) };
  });
}

async function measured(place: GitPlace, oids: readonly string[]): Promise<Map<string, { sha256: string; bytes: number }>> {
  const seen = new Map<string, { sha256: string; bytes: number }>();
  await readBlobs(place, oids, (index, bytes) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    seen.set(oids[index] ?? '', { sha256, bytes: bytes.length });
  });
  return seen;
}

interface RawChange {
  readonly path: string;
  readonly before?: TreeEntry | undefined;
  readonly after?: TreeEntry | undefined;
}

/** `:<mode> <mode> <oid> <oid> <status>`, NUL, path, NUL. */
async function rawDifference(place: GitPlace, from: string, to: string): Promise<readonly RawChange[]> {
  const { output } = await runGit(place, [...DIFF, '-z', '--raw', '--no-abbrev', from, to]);
  const fields = [...records(output)];
  const changes: RawChange[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', mode = '', oldOid = '', oid = ''] = fields[at]?.toString('latin1').slice(1).split(' ') ?? [];
    const path = pathText(fields[at + 1] ?? Buffer.alloc(0));
    changes.push({ path, before: present(oldMode, oldOid), after: present(mode, oid) });
  }
  return changes;
}

const present = (mode: string, oid: string): TreeEntry | undefined => (mode === '000000' ? undefined : { mode, oid });

/** `<added>\t<removed>\t<path>`, NUL; dashes for a binary file. */
export async function counts(place: GitPlace, from: string, to: string): Promise<Map<string, LineCount>> {
  const { output } = await runGit(place, [...DIFF, '-z', '--numstat', from, to]);
  const found = new Map<string, LineCount>();
  for (const record of records(output)) {
    const first = record.indexOf(9);
    const second = record.indexOf(9, first + 1);
    const [added = '', removed = ''] = [record.toString('latin1', 0, first), record.toString('latin1', first + 1, second)];
    const binary = added === '-';
    const path = pathText(record.subarray(second + 1));
    found.set(path, { added: binary ? 0 : Number(added), removed: binary ? 0 : Number(removed), binary });
  }
  return found;
}

export async function patchBytes(
  place: GitPlace,
  from: string,
  to: string,
  options: { paths?: readonly string[] | undefined; binary: boolean },
): Promise<Buffer> {
  const { paths, binary } = options;
  const args = [...DIFF, '-p', '--full-index', ...(binary ? ['--binary'] : []), from, to];
  return (await runGit(place, [...args, ...(paths ? ['--', ...paths] : [])])).output;
}
