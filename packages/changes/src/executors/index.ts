export type { Answered, Ask, Asked } from './door/asked.ts';
export { openDoor } from './door/door.ts';
export { type Executor, executorNamed, readExecutors } from './profiles.ts';
export { type ExecutorEnd, runExecutor } from './run.ts';
export { answerForSample } from './sample.ts';
export { tryExecutor } from './try.ts';
