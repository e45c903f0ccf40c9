export { describeArtifacts } from './artifacts.contract.ts';
export { describeBackend } from './backend.contract.ts';
export { describeDocuments } from './documents.contract.ts';
export { describeLines } from './lines.contract.ts';
export { describePresence } from './presence.contract.ts';
export { describeSharedLog } from './shared-log.contract.ts';
export { describeSwitches } from './switches.contract.ts';
export { describeTaskStore } from './task-store.contract.ts';
export { type NewWorld, twoProcesses, type WorldBench } from './world.ts';
