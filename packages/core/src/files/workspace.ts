import { join } from 'node:path';
import { DOCUMENTS, LINES, LOGS } from '../contract/names.ts';

/** Every path of a running world on this machine, from its root; what a backend keeps has its name in `contract/names.ts`. */
export function workspacePaths(root: string) {
  const swarm = join(root, '.swarm');
  const log = (name: string) => join(root, `${name}.jsonl`);
  return {
    root,
    swarm,
    version: join(swarm, 'version.json'),
    queue: join(root, 'queue.json'),
    projectsFile: join(root, 'config', 'projects.json'),
    queueHistory: join(swarm, 'queue.history'),
    executionLog: log(LOGS.tasks),
    taskLocks: join(root, 'task_locks'),
    actionLog: join(root, LINES.activity),
    actionLogText: join(root, LINES.activityText),
    safetyAudit: join(root, LINES.safetyAudit),
    apiAudit: join(root, LINES.apiAudit),
    budgetLedger: log(LOGS.budget),
    tokenLedger: log(LOGS.society),
    rewardView: join(root, DOCUMENTS.rewards),
    walletView: join(root, DOCUMENTS.wallets),
    gatesLog: log(LOGS.gates),
    changesLog: log(LOGS.changes),
    gatesView: join(root, DOCUMENTS.gates),
    identities: join(root, DOCUMENTS.identities),
    workers: join(swarm, 'workers'),
    artifacts: join(swarm, 'artifacts'),
    executions: join(swarm, 'executions'),
    modelHistory: join(root, DOCUMENTS.modelHistory),
    security: join(swarm, 'security'),
    library: join(root, 'library'),
    skills: join(root, 'library', 'skills'),
    skillsLog: log(LOGS.skills),
    communityDocs: join(root, 'library', 'community_library', 'swarm_docs'),
    halt: join(root, 'HALT'),
    pause: join(root, 'PAUSE'),
  } as const;
}
export type WorkspacePaths = ReturnType<typeof workspacePaths>;
