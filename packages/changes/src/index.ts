export { type OpenProjectsOptions, openProjects } from './projects/open.ts';
