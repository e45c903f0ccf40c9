export * from './change-store.ts';
