import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Denied } from './denied.ts';
import type { Refusal } from './types.ts';
import { refuse } from './words.ts';

export interface Place {
  /** The workspace as it really lies. */
  readonly root: string;
  /** Where `.swarm` really lies, when there is one: kept from commands whatever it is called. */
  readonly sealed?: string;
  readonly denied: Denied;
}

export type Judged = { readonly kind: 'path'; readonly text: string; readonly folder: boolean } | Refusal;

/**
 * Judge one path operand against the workspace: it is followed through every link, and must end inside, on an ordinary
 * file or folder, and on nothing secret. Something that does not exist is left to the program's own message.
 */
export async function judgePath(text: string, place: Place): Promise<Judged> {
  const { root, denied } = place;
  if (text.startsWith('~')) return refuse('command.home', `"${text}" names a home folder`, inside);
  if (text.length > 4_000) return refuse('command.too_long', 'a path is longer than 4,000 characters', inside);
  if (text === '') return refuse('command.operands', 'a name is empty', 'Name a file, or leave the empty quotes out');
  const lexical = resolve(root, text);
  const real = await follow(isInside(root, lexical) ? joined(root, text) : lexical);
  if (real === undefined) return refuse('command.outside', `"${text}" is a link that leads nowhere`, inside);
  if (!isInside(root, real.path)) return refuse('command.outside', `"${text}" leads out of the workspace`, inside);
  const shown = relative(root, real.path);
  const sealed = place.sealed !== undefined && isInside(place.sealed, real.path) ? '.swarm' : undefined;
  const secret = sealed ?? denied.deny(shown) ?? (isInside(root, lexical) ? denied.deny(relative(root, lexical)) : undefined);
  if (secret !== undefined) {
    return refuse('command.secret', `"${text}" is kept from commands (rule ${secret})`, 'Name a file that holds no secret');
  }
  const rewritten = text.startsWith('/') || text.split('/').includes('..') ? shown || '.' : text;
  if (!real.exists) return { kind: 'path', text: rewritten, folder: false };
  const node = await stat(real.path).catch(() => undefined);
  if (node?.isDirectory()) return { kind: 'path', text: rewritten, folder: true };
  if (node && !node.isFile()) {
    return refuse('command.special_file', `"${text}" is not an ordinary file`, 'Name an ordinary file of the workspace');
  }
  if (node && node.nlink > 1 && !shown.split(sep).includes('node_modules')) {
    const fix = 'Copy the file instead of linking it; a copy can be read';
    return refuse('command.hard_link', `"${text}" is a hard link, so what it shows may lie elsewhere`, fix);
  }
  return { kind: 'path', text: rewritten, folder: false };
}

const inside = 'Name a path inside the workspace, relative to its root';

export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** `..` after a link means the link's real parent, so the text is joined and not simplified. */
const joined = (root: string, text: string): string => (text.startsWith('/') ? text : `${root}/${text}`);

interface Followed {
  readonly path: string;
  readonly exists: boolean;
}

/** Where a path really ends; for what does not exist, where it would. Undefined for a link that leads nowhere. */
async function follow(path: string, depth = 0): Promise<Followed | undefined> {
  try {
    return { path: await realpath(path), exists: true };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ELOOP' || depth > 200) return undefined;
    if (code === 'EACCES') return { path: resolve(path), exists: false };
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return undefined;
  }
  const parent = dirname(path);
  if (parent === path) return { path, exists: false };
  if (await isLink(path)) return undefined;
  const above = await follow(parent, depth + 1);
  if (!above) return undefined;
  const name = basename(path);
  return { path: name === '..' ? dirname(above.path) : join(above.path, name), exists: false };
}

const isLink = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined))?.isSymbolicLink() ?? false;
