import { access, lstat, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { WorkspacePaths } from '@vivarium/core';
import { notFound, RequestRefused } from '../http/refused.ts';
import type { LibraryItem, SkillRow } from '../protocol/library.ts';
import type { World } from '../world/world.ts';
import { isShown } from './contained.ts';

type Kind = LibraryItem['kind'];

const MOST_FILES = 5000;
/** Text is searched up to this size. */
const SEARCHED_BYTES = 200_000;
const SUGGESTIONS = ['library', 'community_library', 'resident_suggestions'] as const;

/** Everything in the library that residents wrote, newest first. `words` must all stand in title, path or text. */
export async function libraryItems(world: World, kind?: Kind, words = ''): Promise<readonly LibraryItem[]> {
  const { paths } = world;
  const folders: readonly (readonly [string, Kind])[] = [
    [paths.communityDocs, 'document'],
    [join(paths.root, ...SUGGESTIONS), 'suggestion'],
    [join(paths.library, 'creative_works'), 'work'],
  ];
  const wanted = folders.filter(([, one]) => kind === undefined || one === kind);
  const found = (await Promise.all(wanted.map(([folder, one]) => filesIn(paths.root, folder, one)))).flat();
  const named = found.map((item) => withWork(world, item));
  const needles = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = needles.length === 0 ? named : await matching(paths.root, named, needles);
  return [...fitting].sort((a, b) => b.modified.localeCompare(a.modified) || a.path.localeCompare(b.path));
}

async function filesIn(root: string, folder: string, kind: Kind): Promise<LibraryItem[]> {
  const names = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = names.filter((entry) => entry.isFile() && /\.(md|json|txt)$/.test(entry.name)).slice(0, MOST_FILES);
  const items = await Promise.all(
    files.map(async (entry): Promise<LibraryItem[]> => {
      const full = join(entry.parentPath, entry.name);
      const path = relative(root, full).split(sep).join('/');
      const facts = isShown(path) ? await stat(full).catch(() => undefined) : undefined;
      if (facts === undefined) return [];
      const author = kind === 'suggestion' ? (relative(folder, full).split(sep)[0] ?? null) : null;
      const title = entry.name.replace(/\.\w+$/, '').replaceAll(/[_-]+/g, ' ');
      return [{ path, title, kind, author, modified: facts.mtime.toISOString(), size: facts.size }];
    }),
  );
  return items.flat();
}

/** A creative work has its title and authors in the society. */
function withWork(world: World, item: LibraryItem): LibraryItem {
  if (item.kind !== 'work') return item;
  const works = world.society.world.society.works;
  const work = [...works.values()].find(({ path }) => path === item.path);
  if (work === undefined) return item;
  const names = work.authors.map((id) => world.society.world.identities.get(id)?.name ?? id);
  return { ...item, title: work.title, author: names.join(', ') };
}

async function matching(root: string, items: readonly LibraryItem[], needles: readonly string[]): Promise<LibraryItem[]> {
  const found = await Promise.all(
    items.map(async (item) => {
      const text = item.size <= SEARCHED_BYTES ? await readFile(join(root, item.path), 'utf8').catch(() => '') : '';
      const haystack = `${item.title}\n${item.path}\n${item.author ?? ''}\n${text}`.toLowerCase();
      return needles.every((needle) => haystack.includes(needle)) ? [item] : [];
    }),
  );
  return found.flat();
}

/**
 * Move a suggestion to the community documents; it keeps its place below the suggestions' folder.
 * @throws RequestRefused when it is no suggestion, or a document of that name stands already
 */
export async function acceptSuggestion(paths: WorkspacePaths, given: string): Promise<string> {
  const segments = given.split('/');
  const inside = SUGGESTIONS.every((part, at) => segments[at] === part) && segments.length > SUGGESTIONS.length;
  if (
    !inside ||
    segments.some((part) => part === '' || part === '.' || part === '..' || part.includes('\\') || part.includes('\0'))
  )
    throw new RequestRefused(
      400,
      'VIV_NO_SUGGESTION',
      'path: this is not a suggestion',
      'Give a path as GET /api/library lists it',
    );
  const from = join(paths.root, ...segments);
  if (!(await isPlain(paths.root, segments))) throw notFound('There is no such suggestion');
  const to = join(paths.communityDocs, ...segments.slice(SUGGESTIONS.length));
  const taken = await access(to).then(
    () => true,
    () => false,
  );
  const target = relative(paths.root, to).split(sep).join('/');
  if (taken) throw new RequestRefused(409, 'VIV_DOCUMENT_EXISTS', `${target} already exists`, 'Rename one of the two first');
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
  return target;
}

/** A real file on a path without links, so that nothing outside the library can be moved. */
async function isPlain(root: string, segments: readonly string[]): Promise<boolean> {
  for (let length = 1; length <= segments.length; length += 1) {
    const facts = await lstat(join(root, ...segments.slice(0, length))).catch(() => undefined);
    if (facts === undefined || facts.isSymbolicLink()) return false;
    if (length === segments.length) return facts.isFile();
  }
  return false;
}

/** Skills as they stand, with what their judged uses come to. */
export function skillRows(world: World): readonly SkillRow[] {
  return world.skills.list().map((skill) => {
    const { name, kind, status, description, version, shipped, counters, last_used_at, last_reason, file } = skill;
    const judged = counters.useful + counters.harmful + counters.failed;
    const path = relative(world.paths.root, file).split(sep).join('/');
    return {
      ...{ name, kind, status, description, version, shipped, counters },
      useful_share: judged === 0 ? null : counters.useful / judged,
      lift: judged === 0 ? null : (counters.useful - counters.harmful - counters.failed) / judged,
      last_used_at: last_used_at ?? null,
      last_reason: last_reason ?? null,
      path: path.startsWith('..') ? null : path,
    };
  });
}
