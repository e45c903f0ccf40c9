export * from './ballots.ts';
export * from './gate-store.ts';
export * from './person.ts';
export * from './submit.ts';
