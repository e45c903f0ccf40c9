import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef, Artifacts, TaskRecord, WorkspacePaths } from '@vivarium/core';

/** As much of an output as is reviewed, in bytes; the whole stays in the artifact. */
const KEPT_BYTES = 256 * 1024;
const ARTIFACT_ID = /^[\w.-]+\/\d+\/[\w.-]+$/;

/** The output that a checkpoint names, from its artifact; its summary when there is none. */
export async function outputOf(artifacts: Artifacts, record: TaskRecord): Promise<string> {
  const { outcome } = record;
  if (!outcome?.artifact) return outcome?.result_summary ?? '';
  const bytes = await artifacts.read(outcome.artifact);
  return bytes.subarray(0, KEPT_BYTES).toString('utf8');
}

/** The reference of an output that is known whole. */
export function referenceTo(artifactId: string, output: string): ArtifactRef {
  const sha256 = createHash('sha256').update(output).digest('hex');
  return { artifact_id: artifactId, path: `.swarm/artifacts/${artifactId}`, sha256, bytes: Buffer.byteLength(output) };
}

/** The reference of what the API stored under `<task_id>/<attempt>/<name>`, or undefined when it cannot be read. */
export async function artifactReference(paths: WorkspacePaths, artifactId: string): Promise<ArtifactRef | undefined> {
  if (!ARTIFACT_ID.test(artifactId) || artifactId.split('/').includes('..')) return undefined;
  const bytes = await readFile(join(paths.artifacts, artifactId)).catch(() => undefined);
  if (!bytes) return undefined;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { artifact_id: artifactId, path: `.swarm/artifacts/${artifactId}`, sha256, bytes: bytes.byteLength };
}
