export { type ApprovalDeps, followApproval } from './approvals.ts';
export { runCommand } from './cli/program.ts';
export { type RunningWorker, startWorker } from './run-worker.ts';
