import {
  approveCommand,
  type ChangeRecord,
  type Config,
  type Hold,
  isExpired,
  type Project,
  type ProjectRecord,
  policyApproves,
} from '@vivarium/core';

/**
 * What a change that went through its gates still waits for: the person's yes, a person's edits that are in the way, or its
 * turn. Undefined once it is where it was to go: on the branch, or with `land: patch` in a file that a person approved.
 */
export function landHold(
  change: ChangeRecord,
  project: Project | undefined,
  { at, asks, known }: { readonly at: string; readonly asks: Config['approval']; readonly known: ProjectRecord | undefined },
): Hold | undefined {
  const { change_id, phase, held, approval } = change;
  if (phase === 'landed') return undefined;
  const person = (reason: string, action: string): Hold => ({ kind: 'land', reason, action, next_mover: 'person' });
  if (!project)
    return person(`its project ${change.project} is not in config/projects.json, or cannot be used`, 'pnpm worker project check');
  const { land, approval: mode } = project.settings;
  const approved = (approval !== undefined && !isExpired(approval, at)) || policyApproves(change, project, asks, known);
  if (approved && land === 'patch') return undefined;
  if (held && approved) return person(`it is approved, and waits: ${held.because}`, `pnpm worker change retry ${change_id}`);
  if (approved || phase === 'landing')
    return {
      kind: 'land',
      reason: 'it is approved and lands next',
      action: `pnpm worker change show ${change_id}`,
      next_mover: 'worker',
    };
  return person('it went through its gates and waits for your yes', approveCommand(change, mode));
}
