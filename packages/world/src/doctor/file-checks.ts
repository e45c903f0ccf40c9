import { accessSync, constants, existsSync } from 'node:fs';
import { readdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Config,
  fieldProblemLines,
  fieldProblemsOf,
  Identity,
  linkTarget,
  problemLine,
  readJsonFile,
  readQueueBytes,
  readTask,
  type WorkspacePaths,
} from '@vivarium/core';
import { CORRUPT_MARK, readQueueFindings } from '@vivarium/storage-files';
import type { Finding } from './finding.ts';
import { lineOfEntry } from './json-position.ts';

const LOW_BYTES = 500 * 1024 * 1024;
const FULL_BYTES = 50 * 1024 * 1024;

/** Room on the disk, and leave to write. */
export async function checkDisk(paths: WorkspacePaths): Promise<readonly Finding[]> {
  const check = 'disk';
  if (!existsSync(paths.root)) {
    return [
      { level: 'warning', check, message: `${paths.root} does not exist yet; the first process makes it`, fix: 'npm start' },
    ];
  }
  try {
    accessSync(paths.root, constants.W_OK | constants.R_OK);
  } catch {
    return [
      { level: 'error', check, message: `${paths.root} cannot be written`, fix: 'Give the user who runs Vivarium write access' },
    ];
  }
  const { bavail, bsize } = await statfs(paths.root);
  const free = bavail * bsize;
  const message = `${Math.floor(free / 1024 / 1024)} MB are free`;
  if (free >= LOW_BYTES) return [{ level: 'ok', check, message }];
  return [
    {
      level: free < FULL_BYTES ? 'error' : 'warning',
      check,
      message,
      fix: 'Free some disk space; nothing can be recorded without',
    },
  ];
}

/** Does `queue.json` read, and every entry in it? */
export async function checkQueueFile(paths: WorkspacePaths): Promise<readonly Finding[]> {
  const check = 'queue';
  const file = paths.queue;
  const read = readJsonFile(file);
  if (read.kind === 'absent') return [noQueueYet(file)];
  if (read.kind === 'refused') {
    const fix = `Until it is corrected the last good state stays in force. ${read.fix}`;
    return [{ level: 'error', check, message: `queue.json ${read.message}`, file, ...lineIn(read), fix }];
  }
  const { value: queue, text } = read;
  const known = (await readQueueFindings(paths)).map((problem): Finding => {
    const fix = 'Correct it in queue.json; nothing of it was done';
    return { level: 'error', check, message: problemLine(problem), file, line: problem.line, fix };
  });
  if (known.length > 0) return known;
  const shape = shapeFaults(text);
  if (shape.length > 0) return shape.map((fault) => ({ level: 'error', check, file, ...fault }));
  const tasks = typeof queue === 'object' && queue !== null && 'tasks' in queue ? queue.tasks : undefined;
  if (!Array.isArray(tasks))
    return [{ level: 'error', check, message: 'tasks: must be an array', file, fix: 'Write "tasks": [ … ]' }];
  const findings = tasks.flatMap((entry: unknown, index): Finding[] => {
    const read = readTask(entry, `tasks[${index}]`);
    if (!Array.isArray(read)) return [];
    const line = lineOfEntry(text, index);
    const id = typeof entry === 'object' && entry !== null && 'id' in entry ? String(entry.id) : 'an entry without id';
    return read.map(({ field, message }) => ({
      level: 'error',
      check,
      message: `${id}: ${field}: ${message}`,
      file,
      ...(line === undefined ? {} : { line }),
      fix: 'Correct the field; the entry does not enter before',
    }));
  });
  return findings.length > 0 ? findings : [{ level: 'ok', check, message: `queue.json reads, ${tasks.length} open tasks` }];
}

/** What is wrong with the outer shape of a file that no process has read. */
function shapeFaults(text: string): Pick<Finding, 'message' | 'line' | 'fix'>[] {
  const reading = readQueueBytes(Buffer.from(text));
  const fix = 'Write "tasks": [ … ]';
  if (!reading.ok) return [{ message: problemLine({ ...reading, field: '' }), line: reading.line, fix }];
  const { unread, locate } = reading.document;
  return unread.map((one) => {
    const line = locate.lineOf([one.field]);
    return { message: problemLine({ ...one, line }), line, fix };
  });
}

const lineIn = ({ line }: { readonly line?: number }) => (line === undefined ? {} : { line });

function noQueueYet(file: string): Finding {
  const target = linkTarget(file);
  const check = 'queue';
  if (existsSync(dirname(target))) return { level: 'ok', check, message: 'there is no queue.json yet' };
  const message = `queue.json is a link to ${target}, and there is no folder ${dirname(target)}`;
  return { level: 'error', check, message, file, fix: 'Make the folder, or replace the link by a file' };
}

/** Files of settings that are read by one process or another; what a field of them may hold is said by whoever reads it. */
export function checkSettingsFiles({ installation, modelsFile }: Config): readonly Finding[] {
  const shipped = ['commands.json', 'safety-constraints.json'].map((name) => join(installation, 'config', name));
  return [modelsFile, ...shipped].flatMap((file): Finding[] => {
    const read = readJsonFile(file);
    const check = 'configuration';
    if (read.kind === 'read') return [];
    if (read.kind === 'absent')
      return [{ level: 'error', check, message: `${file} does not exist`, file, fix: 'Restore it from the repository' }];
    return [{ level: 'error', check, message: `${file} ${read.message}`, file, ...lineIn(read), fix: read.fix }];
  });
}

/** Documents that do not parse, and those that were moved aside. */
export async function checkDocuments(paths: WorkspacePaths): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const others = [paths.root, paths.queueHistory];
  for (const folder of [...others, paths.swarm, paths.identities, paths.workers, paths.security]) {
    for (const name of await readdir(folder).catch(() => [])) {
      const file = join(folder, name);
      if (name.includes(CORRUPT_MARK)) findings.push(movedAside(file));
      else if (!others.includes(folder) && name.endsWith('.json'))
        findings.push(...checkDocument(file, folder === paths.identities));
    }
  }
  return findings.length > 0 ? findings : [{ level: 'ok', check: 'documents', message: 'every document reads' }];
}

function movedAside(file: string): Finding {
  const fix = 'Look what can be saved from it, then delete it';
  return { level: 'warning', check: 'documents', message: `${file} could not be trusted and was moved aside`, file, fix };
}

function checkDocument(file: string, isIdentity: boolean): Finding[] {
  const read = readJsonFile(file);
  const check = 'documents';
  const fix = 'Restore it from a backup or delete it; views are written anew, identities are not';
  if (read.kind === 'absent') return [];
  if (read.kind === 'refused') return [{ level: 'error', check, message: `${file} ${read.message}`, file, ...lineIn(read), fix }];
  const checked = isIdentity ? Identity.safeParse(read.value) : undefined;
  if (checked === undefined || checked.success) return [];
  const problems = fieldProblemLines(fieldProblemsOf(checked.error, { at: 'identity' }));
  return [{ level: 'error', check, message: `${file}: ${problems}`, file, fix }];
}
