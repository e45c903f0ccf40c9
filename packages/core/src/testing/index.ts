export * from './builders.ts';
export * from './changes.ts';
export * from './clock.ts';
export * from './contract/index.ts';
export { memoryBackend } from './memory/memory-backend.ts';
export { type MemoryPlace, memoryPlace } from './memory/memory-place.ts';
export * from './model-server.ts';
export { requires, type SystemProgram } from './requires.ts';
export * from './tool-calls.ts';
