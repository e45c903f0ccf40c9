export { readReport } from './read.ts';
