export { type CageEnd, type CageRun, runCage } from './cage.ts';
export { cageCommand, type Entry } from './command-cage.ts';
export { SANDBOX_PATH } from './isolation.ts';
export type { Mount } from './mounts.ts';
export { joinOutput } from './output.ts';
export { probeCage } from './probe.ts';
export { type Ended, runProcess } from './process.ts';
export { findTools, firstFile, type Tools } from './tools.ts';
