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

/** A fold's state at one position of its log. `version` changes when the state's own shape does. */
export interface SnapshotCodec {
  readonly version: number;
  save(): Buffer;
  load(state: Buffer): void;
  /** Bytes of log between two snapshots; also never more often than the last snapshot was large. */
  readonly everyBytes?: number;
}

/** How a store reads its log. */
export interface LogOptions<T> {
  /** Check and type a line's value; a throw makes the line an invalid one, which is skipped and reported. */
  readonly parse: (value: unknown) => T;
  /** The fold. Called for every record once, in log order, own and others'; it may read earlier records again. */
  readonly onRecord: (record: LogRecord<T>, log: Pick<SharedLog<T>, 'read'>) => void;
  readonly onBadLine?: (line: BadLine) => void;
  /** Bytes after which a segment is sealed; the backend's own default when absent. */
  readonly rotateBytes?: number;
  readonly snapshot?: SnapshotCodec;
}

/**
 * An append-only log that several processes write and fold. Promises, each held by `describeSharedLog`:
 * one total order for all writers; a record is read whole or not at all; a durable append has been synced when its
 * promise resolves; every reader sees every record once, in order.
 */
export interface SharedLog<T> {
  /**
   * Append records as one write, in order, after everything already in the log. Resolves after this process has read
   * them back: by then `onRecord` has been called for every record up to and including them.
   * @throws StorageError when the write failed (nothing counts), the sync failed (`fatal`) or the log is closed; what JSON
   * says of a value that it cannot write, which is refused alone.
   */
  append(values: readonly T[], options?: { durable?: boolean }): Promise<readonly LogRecord<T>[]>;
  /** Fold what has arrived here, synchronously; returns how many records came. */
  refresh(): number;
  /** Fold everything that anybody was told is written. Before a decision that a stale read would make irreversible. */
  catchUp(): Promise<void>;
  /** Call back after others' records came in, whichever call brought them. Returns the way to stop. */
  follow(listener: () => void): () => void;
  /** Read single records again by position. */
  read(positions: readonly number[]): T[];
  /** What this process has read of the log is durable when it resolves. @throws StorageError (`fatal`) */
  sync(): Promise<void>;
  readonly position: number;
  readonly badLines: readonly BadLine[];
  /** What is under way is settled; everything asked afterwards fails. Closing twice is closing once. */
  close(): Promise<void>;
}
