import { join } from 'node:path';
import { type Explanation, explainTask, type TaskRecord } from '@vivarium/core';
import { readLock } from '@vivarium/world';
import { previewArtifact } from '../files/artifacts.ts';
import { gatesOf } from '../projections/gates.ts';
import type { Projections } from '../projections/projections.ts';
import type { OutputPreview, TaskDetail } from '../protocol/tasks.ts';
import type { World } from '../world/world.ts';
import { lineOf } from './lines.ts';

const PREVIEW_BYTES = 64 * 1024;

/** One task with everything the page shows of it. */
export async function detailOf(
  world: World,
  record: TaskRecord,
  { spend, catchUp }: Pick<Projections, 'spend' | 'catchUp'>,
): Promise<TaskDetail> {
  const { task, outcome, review, safety_report, feedback, intent, children } = record;
  const events = world.store.history(task.id);
  const lock = readLock(join(world.paths.taskLocks, `${task.id}.lock`));
  const [output, gates, explanation] = await Promise.all([
    outputOf(world, record),
    gatesOf(world, task),
    explanationOf(world, task.id),
    catchUp(),
  ]);
  return {
    success: true,
    id: task.id,
    status: record.status,
    row: world.rowOf(record),
    task,
    ...(outcome ? { outcome } : {}),
    ...(review ? { review } : {}),
    ...(safety_report ? { safety_report } : {}),
    ...(feedback ? { feedback } : {}),
    ...(intent ? { intent } : {}),
    ...(children ? { children } : {}),
    reasons: record.reasons,
    events,
    lines: events.map(lineOf),
    explanation,
    ...(output ? { output } : {}),
    calls: spend.callsOf(task.id),
    ...(gates ? { gates } : {}),
    ...(lock ? { lock } : {}),
  };
}

/** Who moves a task next, with what the execution API knows of the model provider. */
export function explanationOf({ store, switches, provider, whole }: World, id: string): Promise<Explanation> {
  const circuit = async () => {
    const view = await provider();
    return view.reachable ? view.circuit : undefined;
  };
  return explainTask({ store, switches, provider: circuit, world: whole }, id);
}

/** The stored output's beginning; the summary when the artifact is gone or private. */
async function outputOf(world: World, { outcome }: TaskRecord): Promise<OutputPreview | undefined> {
  if (!outcome) return undefined;
  const { artifact, result_summary } = outcome;
  const preview = artifact
    ? await previewArtifact(world.paths.root, artifact.path, PREVIEW_BYTES).catch(() => undefined)
    : undefined;
  const text = preview?.text ?? result_summary;
  const bytes = preview?.bytes ?? Buffer.byteLength(text);
  return {
    text,
    format: formatOf(text, artifact?.path ?? ''),
    bytes,
    cut: bytes > PREVIEW_BYTES || artifact?.truncated === true,
    ...(artifact ? { artifact } : {}),
  };
}

function formatOf(text: string, path: string): OutputPreview['format'] {
  if (/^(diff --git |--- \S.*\n\+\+\+ \S)/m.test(text) && /^@@ /m.test(text)) return 'diff';
  if (path.endsWith('.md')) return 'markdown';
  const start = text.trimStart();
  if (path.endsWith('.json') || start.startsWith('{') || start.startsWith('[')) return isJson(text) ? 'json' : 'text';
  return /^(#{1,6} |[-*] |\d+\. |```|\|.+\|)/m.test(text) || /\*\*[^*]+\*\*/.test(text) ? 'markdown' : 'text';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
