export * from './builders.ts';
export * from './clock.ts';
export * from './model-server.ts';
export * from './task-store.contract.ts';
export { requires, type SystemProgram } from './requires.ts';
