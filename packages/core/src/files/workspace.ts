import { join } from 'node:path';

/** Every path of a running world, from its root. The only place that knows the layout. */
export function workspacePaths(root: string) {
  const swarm = join(root, '.swarm');
  return {
    root,
    swarm,
    version: join(swarm, 'version.json'),
    queue: join(root, 'queue.json'),
    queueHistory: join(swarm, 'queue.history'),
    executionLog: join(root, 'execution_log.jsonl'),
    taskLocks: join(root, 'task_locks'),
    actionLog: join(root, 'action_log.jsonl'),
    actionLogText: join(root, 'action_log.log'),
    safetyAudit: join(swarm, 'audit', 'safety.jsonl'),
    apiAudit: join(swarm, 'audit', 'api.jsonl'),
    budgetLedger: join(swarm, 'budget_ledger.jsonl'),
    tokenLedger: join(swarm, 'ledger.jsonl'),
    rewardView: join(swarm, 'phase5_reward_ledger.json'),
    walletView: join(swarm, 'free_time_balances.json'),
    gatesLog: join(swarm, 'quality_gates.jsonl'),
    gatesView: join(swarm, 'quality_gate_queue.json'),
    identities: join(swarm, 'identities'),
    workers: join(swarm, 'workers'),
    artifacts: join(swarm, 'artifacts'),
    executions: join(swarm, 'executions'),
    modelHistory: join(swarm, 'model_history.json'),
    security: join(swarm, 'security'),
    runtimeSpeed: join(swarm, 'runtime_speed.json'),
    library: join(root, 'library'),
    skills: join(root, 'library', 'skills'),
    skillsLog: join(swarm, 'skills.jsonl'),
    communityDocs: join(root, 'library', 'community_library', 'swarm_docs'),
    halt: join(root, 'HALT'),
    pause: join(root, 'PAUSE'),
  } as const;
}
export type WorkspacePaths = ReturnType<typeof workspacePaths>;
