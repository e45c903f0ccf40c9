export { innerTarget, isWritable } from './checkout.ts';
export { openStore } from './open-store.ts';
export * from './project-store.ts';
