export { cageCommand, type Entry, runCommand } from './cages/command.ts';
export { probeCage } from './cages/probe.ts';
export { type CageEnd, type CageRun, runCage } from './cages/project.ts';
export { SANDBOX_PATH } from './isolation/isolation.ts';
export type { Mount } from './isolation/mounts.ts';
export { findTools, firstFile, type Tools } from './isolation/tools.ts';
export { joinOutput } from './process/output.ts';
export type { Ended } from './process/process.ts';
