import { approveCommand, type ChangeRecord, type ShownChange } from '@vivarium/core';
import { flat, inset } from '../shape.ts';

/** A change for a terminal: what it is, what it does to which files, what was seen of it, and what the person can do. */
export function showChange(change: ChangeRecord, shown: ShownChange, mode: 'exact' | 'same_files' | undefined): string {
  const { title, state, project, task_id, attempt, author, kind, tier, approval, landing } = shown;
  const parts = [
    flat`${shown.change_id}: ${title || 'not handed in yet'}`,
    flat`state:    ${state}, attempt ${attempt} of ${task_id} on ${project}, ${kind} by ${author ?? 'nobody'}, tier ${tier}`,
    flat`entries:  ${shown.entries_sha256 || 'none yet'}`,
    flat`tree:     ${shown.tree} on ${shown.base_commit}`,
  ];
  if (change.summary) parts.push(`summary:  ${inset(change.summary)}`);
  for (const { path, from, change: what, tier: of, added, removed } of shown.files)
    parts.push(flat`  ${of} ${what} ${from === undefined ? '' : `${from} -> `}${path}  +${added} -${removed}`);
  for (const { rule, suite, passed, detail } of newest(shown.checks))
    parts.push(flat`  ${passed ? 'pass' : 'FAIL'} ${rule}${suite === undefined ? '' : ` (${suite})`}: ${detail}`);
  if (approval) parts.push(flat`approval: ${approval.approval_id} until ${approval.expires_at}`);
  if (landing) parts.push(flat`landed:   ${landing.commit} at ${landing.at}`);
  for (const reason of shown.reasons) parts.push(flat`reason:   ${reason}`);
  if (change.phase === 'handed_in' && change.held) parts.push(flat`then:     pnpm worker change retry ${change.change_id}`);
  else if (change.phase === 'handed_in' && !approval) parts.push(flat`approve:  ${approveCommand(change, mode)}`);
  return parts.join('\n');
}

/** Trees change on the way to the branch: of each check the last look counts. */
function newest(checks: ShownChange['checks']): Iterable<ShownChange['checks'][number]> {
  const byRule = new Map<string, ShownChange['checks'][number]>();
  for (const check of checks) byRule.set(`${check.rule} ${check.suite ?? ''}`, check);
  return byRule.values();
}
