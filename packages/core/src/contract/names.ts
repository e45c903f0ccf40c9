/** The logs that decide what a world is. The names are those of the files they lie in, and stay. */
export const LOGS = {
  tasks: 'execution_log',
  budget: '.swarm/budget_ledger',
  society: '.swarm/ledger',
  gates: '.swarm/quality_gates',
  skills: '.swarm/skills',
  executions: '.swarm/executions',
  steps: '.swarm/steps',
  effects: '.swarm/effects',
  documents: '.swarm/documents',
  changes: '.swarm/changes',
} as const;

/** The files of lines that tell what was done. */
export const LINES = {
  activity: 'action_log.jsonl',
  activityText: 'action_log.log',
  apiAudit: '.swarm/audit/api.jsonl',
  safetyAudit: '.swarm/audit/safety.jsonl',
  actionsAudit: '.swarm/audit/actions.jsonl',
} as const;

/** The documents that more than one part of the runtime knows, and the folder of the residents. */
export const DOCUMENTS = {
  rewards: '.swarm/phase5_reward_ledger.json',
  wallets: '.swarm/free_time_balances.json',
  gates: '.swarm/quality_gate_queue.json',
  modelHistory: '.swarm/model_history.json',
  identities: '.swarm/identities',
} as const;
