import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, type Project, readJsonFile } from '@vivarium/core';
import { z } from 'zod';
import { PROFILE } from '../suites/cage-of.ts';
import { runSuite, type SuiteAsk, type SuiteDeps, type SuiteRun } from '../suites/index.ts';
import { oneAtWork } from './one-at-work.ts';

const DAY_MS = 86_400_000;
/** Checkout and sandbox take no longer beside what a suite may take. */
const STARTING_MS = 60_000;
const KeptRun = z.object({
  at: z.number(),
  run: z.object({
    suite: z.string(),
    tree: z.string(),
    exit_code: z.int(),
    cases: z.array(z.tuple([z.string(), z.enum(['passed', 'failed', 'skipped'])])).transform((cases) => new Map(cases)),
    report: z.enum(['ok', 'none', 'missing', 'empty', 'broken']),
    detail: z.string(),
    output: z.string(),
    timed_out: z.boolean(),
    duration_ms: z.number(),
    refused_connects: z.number().optional(),
  }),
});

/** Stops an examination: a run was cut off or could not be done, so nothing is known and nothing is recorded. */
export class Interrupted extends Error {}

export interface RunAsk extends SuiteAsk {
  /** `base`, or the change or batch: a run is reused within one of these alone. */
  readonly scope: string;
  /** Tells apart runs that are repeated on purpose. */
  readonly turn: string;
}

/**
 * Runs of suites, each done once for its binding: tree, suite, sandbox, settings, dependencies, scope. Kept for a day beside the
 * store, in which no program of a sandbox can write. A run that was cut off, took too long or went over a limit is not kept.
 */
export class KeptRuns {
  readonly #deps: SuiteDeps;
  readonly #clock: Clock;

  constructor(deps: SuiteDeps, clock: Clock) {
    this.#deps = deps;
    this.#clock = clock;
  }

  /** What a run is bound to, as 64 hex digits. */
  async bindingOf({ tree, suite, only, overlay, days_later, scope, turn }: RunAsk): Promise<string> {
    const over = [...(overlay ?? [])].map(([path, bytes]) => [path, sha256(bytes)]);
    const profile = profileOf(this.#deps.project, suite);
    const dependencies = await this.#dependencyKey(tree);
    return sha256(JSON.stringify([PROFILE, profile, dependencies, tree, suite, only, over, days_later, scope, turn]));
  }

  /** @throws Interrupted */
  async run(ask: RunAsk): Promise<SuiteRun> {
    const file = join(this.#deps.store.folder, 'results', `${await this.bindingOf(ask)}.json`);
    const known = this.#read(file);
    if (known) return known;
    mkdirSync(join(file, '..'), { recursive: true });
    const seconds = this.#deps.project.settings.suites[ask.suite]?.timeout_s ?? 0;
    return oneAtWork(file, {
      known: () => this.#read(file),
      work: () => this.#runNow(ask, file),
      longest_ms: seconds * 1_000 + STARTING_MS,
    });
  }

  async #runNow(ask: RunAsk, file: string): Promise<SuiteRun> {
    const run = await runSuite(this.#deps, ask);
    if (run.interrupted !== undefined) throw new Interrupted(`${ask.suite}: ${run.interrupted}`);
    if (!run.timed_out && !run.over_limit) this.#write(file, run);
    return run;
  }

  #read(file: string): SuiteRun | undefined {
    const read = readJsonFile(file);
    const kept = read.kind === 'read' ? KeptRun.safeParse(read.value) : undefined;
    if (!kept?.success || this.#clock.now().getTime() - kept.data.at > DAY_MS) return undefined;
    const { refused_connects, ...run } = kept.data.run;
    return { ...run, ...(refused_connects === undefined ? {} : { refused_connects }) };
  }

  #write(file: string, run: SuiteRun): void {
    const beside = `${file}.${randomUUID()}`;
    writeFileSync(beside, JSON.stringify({ at: this.#clock.now().getTime(), run: { ...run, cases: [...run.cases] } }));
    renameSync(beside, file);
  }

  /** Files that say what is installed, as the tree has them, and when the folders were last changed. */
  async #dependencyKey(tree: string): Promise<readonly unknown[]> {
    const { settings } = this.#deps.project;
    if (settings.dependencies.length === 0) return [];
    const entries = await this.#deps.store.entries(tree);
    return settings.dependencies.map(({ from, key }) => [
      statSync(join(settings.path, from), { throwIfNoEntry: false })?.mtimeMs,
      key.map((path) => entries.get(path)?.oid),
    ]);
  }
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

function profileOf({ settings }: Project, suite: string): string {
  const { environment, tools, limits, dependencies, withhold } = settings;
  return sha256(JSON.stringify([settings.suites[suite], environment, tools, limits, dependencies, withhold]));
}
