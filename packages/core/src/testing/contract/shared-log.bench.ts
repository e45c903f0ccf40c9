import { onTestFinished } from 'vitest';
import type { Backend } from '../../ports/backend.ts';
import type { LogOptions, LogRecord, SharedLog } from '../../ports/shared-log.ts';

export interface Item {
  readonly n: number;
  readonly text?: string;
}

/** One process's view of a log: the log itself and what its fold has seen. */
export interface View {
  readonly log: SharedLog<Item>;
  readonly seen: LogRecord<Item>[];
}

export const LOG = '.swarm/things';

export function parseItem(value: unknown): Item {
  if (typeof value !== 'object' || value === null || !('n' in value) || typeof value.n !== 'number')
    throw new TypeError('not an item');
  const text = 'text' in value && typeof value.text === 'string' ? { text: value.text } : {};
  return { n: value.n, ...text };
}

/** Open the log of a test; it is closed when the test ends. */
export async function view(backend: Backend, options: Partial<LogOptions<Item>> = {}): Promise<View> {
  const seen: LogRecord<Item>[] = [];
  const log = await backend.log<Item>(LOG, { parse: parseItem, onRecord: (record) => seen.push(record), ...options });
  onTestFinished(() => log.close());
  return { log, seen };
}

export const items = (from: number, count: number): Item[] => Array.from({ length: count }, (_, at) => ({ n: from + at }));

export const numbers = ({ seen }: Pick<View, 'seen'>): number[] => seen.map(({ value }) => value.n);

export const positions = (records: readonly LogRecord<Item>[]): number[] => records.map(({ position }) => position);

export const rising = (values: readonly number[]): boolean =>
  values.every((value, at) => at === 0 || value > (values[at - 1] ?? value));
