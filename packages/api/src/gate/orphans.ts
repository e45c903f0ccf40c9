import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ApiAuditLine, Audit, Clock, Orphan } from '@vivarium/core';

/** Calls that were under way when a process died stand near the end of the audit, if at all. */
const TAIL_BYTES = 4 * 1024 * 1024;

/**
 * Give every call that a dead process left behind its one line in the audit: at its true cost when the answer is stored,
 * else at what was reserved, since the provider may have charged it. Do this before the money is settled; done again
 * after another crash it adds nothing.
 */
export function auditOrphans(
  orphans: readonly Orphan[],
  knownCosts: ReadonlyMap<string, number>,
  { file, audit, clock }: { file: string; audit: Audit; clock: Clock },
): void {
  if (orphans.length === 0) return;
  const written = tailOf(file);
  for (const orphan of orphans)
    if (!written.includes(`"${orphan.call_id}"`)) audit.append(lineFor(orphan, knownCosts.get(orphan.call_id), clock));
}

function lineFor(orphan: Orphan, known: number | undefined, clock: Clock): ApiAuditLine {
  const { call_id, task_id, identity_id, amount_usd, about } = orphan;
  const found = known !== undefined;
  return {
    timestamp: clock.now().toISOString(),
    event: found ? 'API_CALL_SUCCESS' : 'API_CALL_ABORTED',
    call_id,
    task_id: task_id ?? null,
    identity_id: identity_id ?? null,
    ...(about ?? { user: 'unknown', purpose: 'unknown', provider: 'unknown', model: 'unknown', attempt: 1 }),
    input_tokens: 0,
    output_tokens: 0,
    estimated_cost: amount_usd,
    cost: known ?? amount_usd,
    outcome: found ? 'completed' : 'aborted',
    error: found ? 'the API ended before it wrote this line' : 'the API ended before the answer was stored',
    duration_ms: 0,
  };
}

/** The last lines of a file; nothing when it is not there. */
function tailOf(file: string): string {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, size - bytes.length));
  } finally {
    closeSync(fd);
  }
}
