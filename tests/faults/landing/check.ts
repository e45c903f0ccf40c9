import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../../contract/changes-kit.ts';
import type { Place } from './place.ts';

/** A repository as git and the file system tell it; nothing of ours is asked. */
export interface Seen {
  readonly commit: string;
  readonly tree: string;
  /** Every file of the person's folder with its mode and bytes. */
  readonly files: Readonly<Record<string, string>>;
  readonly index: string;
  readonly status: string;
}

export function look({ repository }: Place): Seen {
  const ask = (...args: string[]) => git(repository, ['--no-optional-locks', ...args]);
  return {
    commit: ask('rev-parse', 'main').trim(),
    tree: ask('rev-parse', 'main^{tree}').trim(),
    files: Object.fromEntries(filesBelow(repository, '')),
    index: ask('ls-files', '--stage'),
    status: ask('status', '--porcelain', '-uall'),
  };
}

function filesBelow(root: string, prefix: string): [string, string][] {
  return readdirSync(join(root, prefix), { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const path = join(prefix, entry.name);
    if (path === '.git') return [];
    if (entry.isDirectory()) return [[`${path}/`, ''], ...filesBelow(root, path)];
    const { mode } = lstatSync(join(root, path));
    return [[path, `${mode.toString(8)} ${readFileSync(join(root, path), 'utf8')}`]];
  });
}

/** Locks in the repository, and what lies beside files under a made-up name. */
export function leftovers({ repository }: Place): string[] {
  const all = readdirSync(repository, { recursive: true, encoding: 'utf8' });
  return all.filter((path) => path.endsWith('.lock') || /(^|\/)\.[0-9a-f]+\.land_/.test(path));
}

/** Events of one name in the log of changes, in lines of their own or told together. */
export function told({ workspace }: Place, name: string): Record<string, unknown>[] {
  const lines = readFileSync(join(workspace, '.swarm/changes.jsonl'), 'utf8').split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    const found = line.indexOf('{');
    const value = parsed(line.slice(found)) ?? {};
    const record = (value['value'] ?? value['v'] ?? value) as Record<string, unknown>;
    const events = (record['events'] ?? [record]) as Record<string, unknown>[];
    return events.filter(({ event }) => event === name);
  });
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
