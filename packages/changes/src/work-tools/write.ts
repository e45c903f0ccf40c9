import { chmodSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CATALOGUE, codeOf, diffLines, editText, type Refused, refuse, shrinksTooFar } from '@vivarium/core';
import type { z } from 'zod';
import { done, type Worked } from './answer.ts';
import { mayNot, otherSpelling, type Place, placeOf, type SourceFile, shaOf, sourceAt } from './place.ts';
import { syntaxFaults } from './syntax.ts';
import type { Workbench } from './workbench.ts';

type Args<N extends keyof typeof CATALOGUE> = (typeof CATALOGUE)[N] extends { input: infer S extends z.ZodType }
  ? z.output<S>
  : never;

const DIFF_LINES = 80;
/** What the path is to blame for; a full disk is not. */
const UNFIT = new Set(['ENAMETOOLONG', 'ENOTDIR', 'EISDIR', 'EEXIST', 'EINVAL']);

export async function editFileTool(bench: Workbench, { path, edits, if_sha }: Args<'edit_file'>): Promise<Worked> {
  const source = toChange(bench, path, if_sha);
  if (!source.ok) return { answer: source };
  const edited = editText(source.text, edits);
  return edited.ok ? write(bench, source, edited.text) : { answer: edited };
}

export async function replaceFileTool(bench: Workbench, args: Args<'replace_file'>): Promise<Worked> {
  const { path, content, if_sha, shrinks_because } = args;
  const source = toChange(bench, path, if_sha);
  if (!source.ok) return { answer: source };
  const after = Buffer.byteLength(content);
  if (shrinks_because === undefined && shrinksTooFar(source.bytes.length, after)) {
    const sizes = `${source.path} would shrink from ${source.bytes.length} to ${after} bytes`;
    return { answer: refuse('shrinks', `${sizes}; use edit_file for a part of it, or say shrinks_because`) };
  }
  return write(bench, source, content);
}

export async function createFileTool(bench: Workbench, { path, content, executable }: Args<'create_file'>): Promise<Worked> {
  const place = newPlace(bench, path);
  if (!place.ok) return { answer: place };
  const worked = await write(bench, { ...place, text: '' }, content);
  if (worked.answer.ok && executable) chmodSync(place.file, 0o755);
  return worked;
}

export function moveFileTool(bench: Workbench, { from, to }: Args<'move_file'>): Worked {
  const source = toRemove(bench, from);
  if (!source.ok) return { answer: source };
  const place = newPlace(bench, to);
  if (!place.ok) return { answer: place };
  mkdirSync(dirname(place.file), { recursive: true });
  renameSync(source.file, place.file);
  removeEmpty(bench, source.path);
  bench.touch();
  return done({ from: source.path, to: place.path, step: bench.nextStep });
}

export function deleteFileTool(bench: Workbench, { path }: Args<'delete_file'>): Worked {
  const place = toRemove(bench, path);
  if (!place.ok) return { answer: place };
  rmSync(place.file);
  removeEmpty(bench, place.path);
  bench.touch();
  return done({ path: place.path, step: bench.nextStep });
}

/** A text file that is there, may be changed, and is what was read. */
function toChange(bench: Workbench, path: string, if_sha: string | undefined): SourceFile | Refused {
  const source = sourceAt(bench, path);
  const refusal = source.ok ? mayNot(bench, source.path) : undefined;
  if (!source.ok || refusal) return refusal ?? source;
  if (if_sha !== undefined && !sameSha(source.sha, if_sha))
    return refuse('file_changed', `${source.path} has the sha ${source.sha}, not ${if_sha}; read it again`);
  return source;
}

const sameSha = (sha: string, given: string): boolean => given.startsWith(sha) || sha.startsWith(given);

function toRemove(bench: Workbench, path: string): Place | Refused {
  const place = placeOf(bench, path);
  const refusal = place.ok ? mayNot(bench, place.path) : undefined;
  if (!place.ok || refusal) return refusal ?? place;
  if (!place.node) return refuse('not_found', `There is nothing at ${place.path}; list_files shows what is there`);
  return place.node.isFile() ? place : refuse('is_a_folder', `${place.path} is a folder; name each file`);
}

/** Where nothing is, in no spelling, and where a resident may put something. */
function newPlace(bench: Workbench, path: string): Place | Refused {
  const place = placeOf(bench, path);
  const refusal = place.ok ? mayNot(bench, place.path) : undefined;
  if (!place.ok || refusal) return refusal ?? place;
  if (place.node) return refuse('file_exists', `${place.path} is there; use edit_file or replace_file`);
  const other = otherSpelling(bench, place.path);
  if (other !== undefined)
    return refuse('file_exists', `${place.path} differs from "${other}" only in spelling; some systems take both for one`);
  const above = placeOf(bench, dirname(place.path));
  if (above.ok && above.node && !above.node.isDirectory())
    return refuse('not_a_folder', `${dirname(place.path)} is a file; nothing can lie below it`);
  return place;
}

async function write(bench: Workbench, place: Place & { readonly text: string }, text: string): Promise<Worked> {
  const most = bench.project.settings.limits.file_kb * 1_024;
  const bytes = Buffer.byteLength(text);
  if (bytes > most)
    return { answer: refuse('too_large', `${place.path} would have ${bytes} bytes; the project takes ${most} at most`) };
  try {
    mkdirSync(dirname(place.file), { recursive: true });
    writeFileSync(place.file, text);
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (!UNFIT.has(code)) throw error;
    return { answer: refuse('path_unfit', `${place.path} cannot be written (${code}); choose another path`) };
  }
  bench.touch();
  const faults = await syntaxFaults(place.path, text);
  const syntax = faults.length > 0 ? { syntax_errors: faults } : {};
  const diff = diffLines(place.text, text, DIFF_LINES);
  return done({ path: place.path, sha: shaOf(text), step: bench.nextStep, ...syntax, diff });
}

/** Git knows no empty folders. */
function removeEmpty({ folder }: Workbench, path: string): void {
  for (let above = dirname(path); above !== '.'; above = dirname(above)) {
    try {
      rmdirSync(join(folder, above));
    } catch {
      return;
    }
  }
}
