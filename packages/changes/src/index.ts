export { exportChange, patchOf } from './export/index.ts';
export * from './integration/index.ts';
export * from './landing/index.ts';
export { initProject, initSample, SAMPLE_TASK } from './projects/init/index.ts';
export { type OpenProjectsOptions, openProjects } from './projects/open.ts';
export * from './store/index.ts';
export * from './suites/index.ts';
export * from './witnesses/index.ts';
export * from './work-area/index.ts';
