export { openQueueFile, type QueueFile, type QueueFileOptions, readQueueFindings } from './queue-file.ts';
