import { type ChangeRecord, type ChangeStore, type GateStore, gateId, RUNTIME } from '@vivarium/core';

/**
 * Tell the gates that a change was merged onto another base. Where its entries are the same the vote stands; where its batch
 * was tested as exactly that tree, the tests do too. True when there was something to tell.
 */
export async function tellGates(gates: GateStore, log: ChangeStore, change: ChangeRecord): Promise<boolean> {
  gates.refresh();
  const at_gate = gates.change(change.task_id);
  if (at_gate?.attempt !== change.attempt || at_gate.tree === change.tree) return false;
  const { task_id: change_id, tree, entries_sha256 } = change;
  const votes = at_gate.entries_sha256 !== entries_sha256 && at_gate.stages.includes('vote');
  return gates.tryRecord({
    ...{ event: 'change_moved', actor: RUNTIME, change_id, tree, entries_sha256, tested: isTested(log, change) },
    ...(votes ? { ballot_id: gateId('vote') } : {}),
  });
}

/** Whether a batch that passed had exactly this tree for it. */
export const isTested = ({ state }: ChangeStore, { change_id, tree }: Pick<ChangeRecord, 'change_id' | 'tree'>): boolean =>
  [...state.batches.values()].some(
    ({ members, at_fault }) =>
      at_fault[change_id] === undefined && members.some((member) => member.change_id === change_id && member.tree === tree),
  );
