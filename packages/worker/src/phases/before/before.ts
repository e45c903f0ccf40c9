import { createHash } from 'node:crypto';
import { type Artifacts, declaredPaths, type FileContent, type Task } from '@vivarium/core';
import { z } from 'zod';
import { lookAtFile, textIn } from '../../observe/declared-file.ts';
import { probe } from '../../observe/probe.ts';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

const NAME = 'before.json';
const TEXT_CHARS = 64 * 1024;

/** What stood there before an attempt: the declared files, and whether the declared address answered already. */
const Before = z.object({
  files: z.record(z.string(), z.object({ sha256: z.string(), text: z.string().optional() })),
  http_answered: z.boolean().optional(),
});
type Before = z.infer<typeof Before>;

/** Keep what stands there before an attempt, once: a worker that takes over finds what the first one saw. */
export async function rememberBefore(
  { task, record, signal }: TaskRun,
  deps: Pick<Runtime, 'paths' | 'artifacts'>,
): Promise<void> {
  const { paths, artifacts } = deps;
  const { attempt } = record;
  if (!leavesTraces(task) || (await readBefore(artifacts, task.id, attempt))) return;
  const files: Before['files'] = {};
  for (const path of declaredPaths(task)) {
    const content = await contentOf(paths.root, path);
    if (content) files[path] = content;
  }
  const answered = task.expect_http ? { http_answered: (await probe(task.expect_http, signal)).passed } : {};
  await artifacts.put({ task_id: task.id, attempt, name: NAME, bytes: JSON.stringify({ files, ...answered }) });
}

const leavesTraces = (task: Task): boolean => declaredPaths(task).length > 0 || task.expect_http !== undefined;

/** What was kept before an attempt; undefined when nothing was. */
export async function readBefore(artifacts: Artifacts, taskId: string, attempt: number): Promise<Before | undefined> {
  const found = await artifacts.find(`${taskId}/${attempt}/${NAME}`);
  if (!found) return undefined;
  const read = Before.safeParse(JSON.parse(found.bytes.toString('utf8')));
  return read.success ? read.data : undefined;
}

/** A file of the workspace with its text, if it is a short one; undefined when there is none. */
export async function contentOf(root: string, path: string): Promise<FileContent | undefined> {
  const sight = await lookAtFile(root, path);
  if (sight.state !== 'file') return undefined;
  const text = sight.bytes <= TEXT_CHARS ? await textIn(root, path) : undefined;
  const whole = text !== undefined && createHash('sha256').update(text).digest('hex') === sight.sha256;
  return { sha256: sight.sha256, ...(whole ? { text } : {}) };
}
