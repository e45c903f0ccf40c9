export { type QueueDocument, type QueueReading, readQueueBytes } from './document.ts';
export { readEndpoint } from './endpoint.ts';
export { problemKey, problemLine, type QueueProblem } from './problem.ts';
export { finishedRow, finishedUnder, taskRow } from './rows.ts';
