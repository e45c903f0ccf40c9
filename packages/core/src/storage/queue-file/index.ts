export { QUEUE_FILE_ACTOR } from './apply.ts';
export { openQueueFile, type QueueFile, type QueueFileOptions, readQueueFindings } from './queue-file.ts';
