export * from './builders.ts';
export * from './clock.ts';
export { memoryBackend } from './memory/memory-backend.ts';
export * from './model-server.ts';
export { requires, type SystemProgram } from './requires.ts';
export * from './contract/task-store.contract.ts';
export * from './tool-calls.ts';
