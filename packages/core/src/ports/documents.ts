import type { z } from 'zod';

/** A document that could not be trusted: what was wrong and where it lies now. Shown in the panel and by `doctor`. */
export interface DocumentFinding {
  readonly file: string;
  /** Absent when another process moved it first. */
  readonly moved_to?: string;
  readonly reason: string;
}

export type OnFinding = (finding: DocumentFinding) => void;

export interface Guard {
  /** @throws StorageError when the lock was lost meanwhile; ask before writing. */
  check(): void;
}

/** JSON documents that people may read and edit, by their path below the world's root, e.g. `.swarm/bounties.json`. */
export interface Documents {
  /**
   * Undefined when it is absent. One that does not parse or fit is moved aside, reported to `onFinding`, and reads as absent
   * from then on. @throws StorageError when it cannot be read at all
   */
  get<T>(name: string, schema: z.ZodType<T>, onFinding?: OnFinding): Promise<T | undefined>;
  /** Replace it whole: readers see the former or this one. @throws StorageError */
  put(name: string, value: unknown): Promise<void>;
  /** Put it unless there is one. Returns whether it was put. @throws StorageError */
  place(name: string, value: unknown): Promise<boolean>;
  /** Replace a text of the library, by its path below the world's root. @throws StorageError */
  putText(name: string, text: string): Promise<void>;
  /**
   * Read, change and write while no other process may. `change` gets undefined when there is none, and returns the new value,
   * or undefined to leave it as it is. Resolves to what stands afterwards. @throws StorageError
   */
  update<T>(
    name: string,
    schema: z.ZodType<T>,
    change: (current: T | undefined) => T | undefined | Promise<T | undefined>,
    onFinding?: OnFinding,
  ): Promise<T | undefined>;
  /** Names of the JSON documents right below a folder, sorted. */
  list(folder: string): Promise<readonly string[]>;
  /** Changes whenever a document, or one right below a folder, came, went or was replaced; cheap enough to ask before every act. */
  stamp(name: string): string;
  /** Call back soon after the folder changed; keeps no process alive. Returns the way to stop. @throws the system's error */
  watch(folder: string, onChange: () => void): () => void;
  /** Run `work` while no other process runs one under this name. @throws StorageError when that cannot be had within 20 s */
  exclusive<T>(name: string, work: (guard: Guard) => Promise<T>): Promise<T>;
}
