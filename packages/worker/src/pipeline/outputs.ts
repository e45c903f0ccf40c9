import type { Artifacts, TaskRecord } from '@vivarium/core';

/** As much of an output as is reviewed, in bytes; the whole stays in the artifact. */
const KEPT_BYTES = 256 * 1024;

/** The output that a checkpoint names, from its artifact; its summary when there is none. */
export async function outputOf(artifacts: Artifacts, record: TaskRecord): Promise<string> {
  const { outcome } = record;
  if (!outcome?.artifact) return outcome?.result_summary ?? '';
  const bytes = await artifacts.read(outcome.artifact);
  return bytes.subarray(0, KEPT_BYTES).toString('utf8');
}
