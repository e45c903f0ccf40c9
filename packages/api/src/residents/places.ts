import { realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { mayRead, type Refused, refuse, type WorkspacePaths } from '@vivarium/core';
import type { Denied } from '../local/denied.ts';
import { isInside, judgePath, type Place } from '../local/operands.ts';
import { locate } from '../local/place.ts';

/** What of `.swarm` everybody may know. */
const PUBLIC_FILES = /^(?:bounties|guilds|disputes|free_time_balances|phase5_reward_ledger|quality_gate_queue)\.json$/;
const PROFILE = /^identities\/[\w-]+\.json$/;
const ROOM = /^discussions\/([\w-]+)\.jsonl$/;

export interface Reader {
  readonly paths: WorkspacePaths;
  readonly denied: Denied;
  readonly identity_id: string;
  readonly others: readonly string[];
}

export type Found = { readonly kind: 'found'; readonly file: string; readonly shown: string; readonly folder: boolean };

/** Follow a path as a resident may: inside the workspace, through every link, on nothing secret and nobody's private papers. */
export async function find(path: string, reader: Reader): Promise<Found | Refused> {
  const place = await locate(reader.paths, reader.denied);
  const lexical = resolve(place.root, path);
  const swarm = resolve(place.root, '.swarm');
  if (isInside(swarm, lexical)) return findPublic(relative(swarm, lexical), reader, place);
  const judged = await judgePath(path, place);
  if (judged.kind === 'refused')
    return refuse('not_readable', `${judged.reason.replace(/^Local command refused: /, '')}. ${judged.fix}`);
  const file = resolve(place.root, judged.text);
  const node = await stat(file).catch(() => undefined);
  if (!node) return refuse('not_found', `There is nothing at ${path}; list_files shows what is there`);
  return { kind: 'found', file, shown: shownAs(place.root, file), folder: node.isDirectory() };
}

async function findPublic(path: string, reader: Reader, place: Place): Promise<Found | Refused> {
  const kept = refuse('not_readable', `.swarm/${path} is kept private; read library/, rooms you are in or your own journal`);
  const inner = path.split(sep).join('/');
  if (!isPublic(inner, reader) || place.sealed === undefined) return kept;
  const file = resolve(place.sealed, inner);
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined) return refuse('not_found', `There is nothing at .swarm/${inner}`);
  const node = await stat(real);
  if (real !== file || !node.isFile()) return kept;
  return { kind: 'found', file, shown: `.swarm/${inner}`, folder: false };
}

function isPublic(path: string, { identity_id, others }: Reader): boolean {
  if (PUBLIC_FILES.test(path) || PROFILE.test(path) || path === `journals/${identity_id}.jsonl`) return true;
  const room = ROOM.exec(path)?.[1];
  return room !== undefined && mayRead(room, identity_id, others);
}

export const shownAs = (root: string, file: string): string => relative(root, file).split(sep).join('/') || '.';
