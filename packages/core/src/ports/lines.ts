/** Appends whole lines to a file that other processes append to as well. */
export interface LineWriter {
  /** Written at the end of this tick, together with the others of it. Never throws. */
  write(line: string): void;
  /** Write what waits. Returns false while the disk refuses; the lines are kept and tried again. */
  flush(): boolean;
  /** Lines given up because the disk refused for too long. */
  readonly dropped: number;
  /** The last `bytes` bytes as text; empty when there are none. Its first line may be cut. */
  tail(bytes: number): string;
  close(): void;
}
