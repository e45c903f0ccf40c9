import type { Artifacts } from './artifacts.ts';
import type { Clock } from './clock.ts';
import type { Documents } from './documents.ts';
import type { LineWriter } from './lines.ts';
import type { Presence } from './presence.ts';
import type { LogOptions, SharedLog } from './shared-log.ts';
import type { SkillLibrary } from './skill-library.ts';
import type { Switches } from './switches.ts';

/**
 * Where a world is kept. The stores of the core fold and decide; a backend gives them the order of bytes, and nothing else
 * knows of disks or servers. Whatever passes `describeBackend`, a suite for each of its parts, is a backend.
 *
 * What asks the backend is asynchronous. What reads a fold, or what this process has seen of others, is not.
 */
export interface Backend {
  /**
   * Open a log and fold what it holds. `name` is its path below the world's root without the ending, as in `LOGS`; opened
   * twice it is the same log. @throws StorageError
   */
  log<T extends object>(name: string, options: LogOptions<T>): Promise<SharedLog<T>>;
  hasLog(name: string): Promise<boolean>;
  /** Names of the logs right below a folder, sorted. */
  logNames(folder: string): Promise<readonly string[]>;
  /** Lines for people and auditors, appended by every process. `name` is a path with its ending, as in `LINES`. */
  lines(name: string): LineWriter;
  /** The skills of the world and, when named, those that ship with an installation. */
  skills(installation?: string): SkillLibrary;
  readonly documents: Documents;
  readonly artifacts: Artifacts;
  readonly presence: Presence;
  readonly switches: Switches;
  /** The time that events, leases and days are told by. */
  readonly clock: Clock;
  close(): Promise<void>;
}
