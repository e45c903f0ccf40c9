import type { Runtime } from './runtime.ts';

/** The worker's side of `queue.json`: what people add there enters, and the file shows what became of it. */
export interface QueueSide {
  close(): Promise<void>;
}

export async function openQueueSide(
  _runtime: Pick<Runtime, 'paths' | 'clock' | 'store' | 'activity' | 'log'>,
): Promise<QueueSide> {
  return { close: async () => undefined };
}
