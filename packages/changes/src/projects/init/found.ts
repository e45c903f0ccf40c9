import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectSettings } from '@vivarium/core';

/** What one kind of project adds to a first entry: only what its folder shows. */
export interface Found {
  readonly kind: string;
  readonly suites: Readonly<
    Record<string, Pick<ProjectSettings['suites'][string], 'argv' | 'report'> & { only?: 'paths'; timeout_s?: number }>
  >;
  readonly may_touch: readonly string[];
  readonly tests_are: readonly string[];
  readonly dependencies: ProjectSettings['dependencies'];
  readonly commands: Readonly<Record<string, { argv: string[]; args: 'paths'; writes: true }>>;
  readonly tools: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What the person has to see to first. */
  readonly notes: readonly string[];
}

export const NOTHING: Omit<Found, 'kind'> = {
  ...{ suites: {}, may_touch: [], tests_are: [], dependencies: [], commands: {}, tools: [], environment: {}, notes: [] },
};

/** A project's folder, looked at by name alone. Nothing of it is run. */
export class Folder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  has(name: string): boolean {
    return existsSync(join(this.path, name));
  }

  /** A file's text, '' when there is none. */
  text(name: string): string {
    const file = join(this.path, name);
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file, 'utf8') : '';
  }

  /** The folders among these that are there. */
  folders(names: readonly string[]): string[] {
    return names.filter((name) => statSync(join(this.path, name), { throwIfNoEntry: false })?.isDirectory());
  }

  /** Names of what lies directly in it, hidden things left out. */
  names(below = '.'): string[] {
    return readdirSync(join(this.path, below)).filter((name) => !name.startsWith('.'));
  }

  first(names: readonly string[]): string | undefined {
    return names.find((name) => this.has(name));
  }
}

export const below = (folders: readonly string[]): string[] => folders.map((folder) => `${folder}/**`);
