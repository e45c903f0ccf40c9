export { initProject } from './init.ts';
export { initSample, SAMPLE_TASK } from './sample.ts';
