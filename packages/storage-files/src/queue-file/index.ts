export { QUEUE_FILE_ACTOR } from './apply.ts';
export { openQueueFile, type QueueFile, readQueueFindings } from './queue-file.ts';
