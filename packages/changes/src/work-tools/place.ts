import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { isTest, isWithheld, mayTouch, pathProblem, type Refused, refuse, tierOf } from '@vivarium/core';
import type { Workbench } from './workbench.ts';

/** A path of the project, and where it lies in the work area. */
export interface Place {
  readonly ok: true;
  /** Relative to the project; '' for its root. */
  readonly path: string;
  readonly file: string;
  /** Undefined: nothing is there. */
  readonly node: Stats | undefined;
}

const SHOWN_GLOBS = 12;

/** Follow a path as a resident may: inside the project, through no link, on nothing that is withheld. */
export function placeOf(bench: Workbench, given: string): Place | Refused {
  const path = given
    .replace(/^(?:\.\/+)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
  const problem = path === '' ? undefined : pathProblem(path);
  if (problem !== undefined) return refuse('path_unfit', `${shown(given)} ${problem}; give a path within the project`);
  if (path !== '' && isWithheld(bench.project.settings, path))
    return refuse('not_readable', `${path} is withheld: nobody but the person sees it. Go on without it`);
  let file = bench.folder;
  let node: Stats | undefined = lstatSync(file);
  for (const name of path === '' ? [] : path.split('/')) {
    if (!node?.isDirectory()) return { ok: true, path, file: join(bench.folder, path), node: undefined };
    file = join(file, name);
    node = lstatSync(file, { throwIfNoEntry: false });
    if (node?.isSymbolicLink()) return refuse('not_readable', `${path} is a link, or lies behind one; links are not followed`);
  }
  return { ok: true, path, file, node };
}

/** The bytes and the text of a file that is there. */
export interface SourceFile extends Place {
  readonly bytes: Buffer;
  readonly text: string;
  readonly sha: string;
}

export function sourceAt(bench: Workbench, given: string): SourceFile | Refused {
  const place = placeOf(bench, given);
  if (!place.ok) return place;
  const { node, path, file } = place;
  if (!node) return refuse('not_found', `There is nothing at ${shown(given)}; list_files shows what is there`);
  if (node.isDirectory()) return refuse('is_a_folder', `${path || '.'} is a folder; use list_files`);
  if (!node.isFile()) return refuse('not_text', `${path} is not a text file`);
  const bytes = readFileSync(file);
  const text = textOf(bytes);
  if (text === undefined) return refuse('not_text', `${path} is not a text file in UTF-8`);
  return { ...place, bytes, text, sha: shaOf(bytes) };
}

/** UTF-8 without a zero byte, its mark at the start kept; undefined for anything else. */
export function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first twelve digits name what was read well enough. */
export const shaOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex').slice(0, 12);

/** Why a resident may not change a path; undefined when it may. */
export function mayNot({ project, about }: Workbench, path: string): Refused | undefined {
  const { settings } = project;
  if (path === '') return refuse('is_a_folder', 'This is the project itself; name a file');
  if (!mayTouch(settings, path, about.paths)) {
    const globs = about.paths?.length ? about.paths : settings.may_touch;
    return refuse('not_allowed_here', `${path} may not be changed. What may: ${globs.slice(0, SHOWN_GLOBS).join(', ')}`);
  }
  if (about.tests_only && !isTest(settings, path))
    return refuse('not_allowed_here', `${path} is not a test; here only tests are changed: ${settings.tests_are.join(', ')}`);
  const { tier, because } = tierOf(settings, path, {});
  return tier === 'A' ? refuse('not_allowed_here', `${path} is never changed by residents: ${because}`) : undefined;
}

/** A name on the way to a new file that is there in another spelling: some file systems take both for one. */
export function otherSpelling({ folder }: Workbench, path: string): string | undefined {
  let at = folder;
  for (const name of path.split('/')) {
    const names = lstatSync(at, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(at) : [];
    const other = names.find((one) => one !== name && folded(one) === folded(name));
    if (other !== undefined) return other;
    at = join(at, name);
  }
  return undefined;
}

const folded = (name: string): string => name.normalize('NFD').toUpperCase().toLowerCase();

const shown = (given: string): string => JSON.stringify(given.slice(0, 120));
