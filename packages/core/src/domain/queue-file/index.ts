export { DEFAULT_VERSION, type QueueDocument, type QueueReading, readQueueBytes } from './document.ts';
export { readEndpoint } from './endpoint.ts';
export { entryId, type FileEntry, problemAt } from './entry.ts';
export { type PlannedRetry, problemIn } from './finished.ts';
export { orderByDependency } from './order.ts';
export { type PlannedTask, planQueue } from './plan.ts';
export { problemKey, problemLine, type QueueProblem } from './problem.ts';
export { finishedRow, finishedUnder, taskRow } from './rows.ts';
export type { StoreView } from './store-view.ts';
