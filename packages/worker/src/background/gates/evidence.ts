import { declaredPaths, type TaskRecord, type Witness } from '@vivarium/core';
import { lookAtFile } from '../../observe/declared-file.ts';
import { probe } from '../../observe/probe.ts';
import { runTests } from '../../observe/test-run.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

/** What a gate saw of a change. */
export type GateEvidence =
  | { readonly kind: 'result'; readonly passed: boolean; readonly details: string }
  /** Nothing could be seen yet; it is looked at again. */
  | { readonly kind: 'interrupted' }
  /** Only a person can help, and this is why. */
  | { readonly kind: 'person'; readonly reason: string };

type Needs = Pick<Runtime, 'askApi' | 'paths'>;
type Gate = 'unit' | 'integration' | 'e2e';

/**
 * What the runtime sees of a change at a gate: its declared tests, which must really run; at the end-to-end gate its HTTP
 * probe too. Without either, the gate rests on what the review rested on, looked at again, and says so.
 */
export async function evidenceFor(record: TaskRecord, gate: Gate, runtime: Needs, signal: AbortSignal): Promise<GateEvidence> {
  const seen: Witness[] = [];
  const command = record.task.tests?.[gate];
  if (command !== undefined) {
    const run = await runTests(record, runtime, { gate, command }, signal);
    if (run.kind === 'interrupted') return { kind: 'interrupted' };
    if (run.kind === 'unable') return { kind: 'person', reason: run.reason };
    seen.push(run.witness);
  }
  if (gate === 'e2e' && record.task.expect_http) seen.push(await probe(record.task.expect_http, signal));
  const changed = await changedSinceReview(record, runtime.paths.root);
  if (changed !== undefined) return { kind: 'result', passed: false, details: changed };
  if (seen.length === 0) return { kind: 'result', passed: true, details: restsOnReview(record, gate) };
  return { kind: 'result', passed: seen.every(({ passed }) => passed), details: seen.map(({ detail }) => detail).join('; ') };
}

/** A file that is not what its review saw any more. */
async function changedSinceReview({ review }: TaskRecord, root: string): Promise<string | undefined> {
  for (const { kind, path, sha256 } of review?.witnesses ?? []) {
    if (kind !== 'file' || path === undefined || sha256 === undefined) continue;
    const sight = await lookAtFile(root, path);
    if (sight.state !== 'file' || sight.sha256 !== sha256) return `${path} is not what its review saw any more`;
  }
  return undefined;
}

function restsOnReview({ review }: TaskRecord, gate: Gate): string {
  const grounds = (review?.witnesses ?? []).filter(({ passed, decisive }) => passed && decisive);
  const seen = grounds.map(({ kind, detail }) => `${kind} ${detail}`).join('; ');
  return `no ${gate} test is declared (tests.${gate}), so none ran; the gate rests on the review: ${seen}`;
}

/** Two changes of one batch that declare the same file: they were not made with each other in view. */
export function clashesIn(records: readonly TaskRecord[]): ReadonlyMap<string, string> {
  const owner = new Map<string, string>();
  const clashes = new Map<string, string>();
  for (const { task } of records)
    for (const path of declaredPaths(task)) {
      const first = owner.get(path);
      if (first === undefined) owner.set(path, task.id);
      else if (first !== task.id) clashes.set(task.id, `it writes ${path}, which ${first} of the same batch writes too`);
    }
  return clashes;
}
