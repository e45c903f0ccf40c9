import type { ApiAuditLine } from '../../contract/files.ts';
import { LINES } from '../../contract/names.ts';
import { StorageError } from '../../errors/index.ts';
import type { Backend } from '../../ports/backend.ts';
import type { CallNote } from '../../ports/budget.ts';
import type { Clock } from '../../ports/clock.ts';
import { openAudit } from '../activity/index.ts';

/** A reservation whose process died before it was settled. */
export interface Orphan {
  readonly call_id: string;
  readonly task_id?: string | undefined;
  readonly identity_id?: string | undefined;
  readonly amount_usd: number;
  readonly about?: CallNote | undefined;
}

/** Calls that were under way when a process died stand near the end of the audit, if at all. */
const TAIL_BYTES = 4 * 1024 * 1024;

/**
 * Give every call that a dead process left behind its one line in the audit: at its true cost when the answer is stored,
 * else at what was reserved, since the provider may have charged it. Do this before the money is settled or let go; done
 * again after another crash it adds nothing.
 * @throws StorageError while the disk refuses the lines
 */
export function auditOrphans(
  orphans: readonly Orphan[],
  knownCosts: ReadonlyMap<string, number>,
  { lines, clock }: Pick<Backend, 'lines' | 'clock'>,
): void {
  if (orphans.length === 0) return;
  const audit = openAudit({ lines }, LINES.apiAudit);
  try {
    const written = callsIn(audit.tail(TAIL_BYTES));
    const missing = orphans.filter(({ call_id }) => !written.has(call_id));
    const stands = missing.map((orphan) => audit.append(lineFor(orphan, knownCosts.get(orphan.call_id), clock)));
    if (stands.includes(false))
      throw new StorageError(`${LINES.apiAudit} took no line`, { fix: 'Check free space and permissions (df, ls -l)' });
  } finally {
    audit.close();
  }
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

/** The calls of whole lines: one that was cut off says nothing. */
function callsIn(text: string): ReadonlySet<unknown> {
  return new Set(text.split('\n').map((line) => parsed(line)?.['call_id']));
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
