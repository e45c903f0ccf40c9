export { exportChange, patchOf } from './export/index.ts';
export { type OpenProjectsOptions, openProjects } from './projects/open.ts';
export * from './store/index.ts';
export * from './work-area/index.ts';
