/** One record as it stands in the log: `position` is its byte offset since the log began, across segments. */
export interface LogRecord<T> {
  readonly position: number;
  readonly value: T;
}

/** A line that is not a record: torn, foreign, or under a wrong checksum. It is skipped, never guessed. */
export interface BadLine {
  readonly file: string;
  readonly line_start: number;
  readonly reason: 'torn' | 'foreign' | 'checksum' | 'invalid';
}

/**
 * An append-only log that several processes write and fold. Promises, each held by the property suite:
 * one total order for all writers; a record is read whole or not at all; a durable append has been synced when its
 * promise resolves; every reader sees every record once, in order.
 */
export interface SharedLog<T> {
  /**
   * Append records as one write, in order, after everything already in the log. Resolves after this process has read
   * them back: by then `onRecord` has been called for every record up to and including them.
   * @throws StorageError when the write failed (nothing counts) or the sync failed (`fatal`).
   */
  append(values: readonly T[], options?: { durable?: boolean }): Promise<readonly LogRecord<T>[]>;
  /** Read what others appended, synchronously; returns how many records came. */
  refresh(): number;
  /** Call back after others' records came in. Returns the way to stop. */
  follow(listener: () => void): () => void;
  /** Read single records again by position. */
  read(positions: readonly number[]): T[];
  readonly position: number;
  readonly badLines: readonly BadLine[];
  close(): Promise<void>;
}
