import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { systemClock } from '@vivarium/core';
import { findTools } from '@vivarium/sandbox';
import type { Asked } from './door/asked.ts';
import type { Executor } from './profiles.ts';
import { runExecutor, versionOf } from './run.ts';
import { answerForSample, SAMPLE, SAMPLE_FILE, SAMPLE_MENDED, SAMPLE_PROMPT } from './sample.ts';

/** What was seen of an executor that was started on the sample. */
export interface Tried {
  readonly executor: string;
  readonly version?: string;
  /** Versions the profile was tried with. */
  readonly tried: readonly string[];
  /** How it asked; absent when it never did. */
  readonly protocol?: Asked['protocol'];
  readonly calls: number;
  /** Whether what it was told to do was done to the file. */
  readonly edited: boolean;
  readonly exit_code: number;
  /** The last it said. */
  readonly said: string;
  readonly duration_ms: number;
}

const LIMITS = { memory_mb: 2_048, disk_mb: 256, processes: 256 };
const SAID_CHARS = 2_000;

/** Starts an executor in its sandbox on a sample in a temporary folder, with made-up answers. Nothing is called or paid. */
export async function tryExecutor({ installation }: { readonly installation: string }, executor: Executor): Promise<Tried> {
  const place = mkdtempSync(join(tmpdir(), 'vivarium-try-'));
  const folder = join(place, 'sample');
  const asked: Asked[] = [];
  try {
    for (const [path, text] of Object.entries(SAMPLE)) write(join(folder, path), text);
    const host = { installation, tools: findTools(), clock: systemClock, runFolder: join(place, 'run') };
    const version = await versionOf(host, executor);
    const ask = async (one: Asked) => {
      asked.push(one);
      return answerForSample(one);
    };
    const job = { executor, folder, prompt: SAMPLE_PROMPT, ask, limits: LIMITS, signal: new AbortController().signal };
    const { cage, calls } = await runExecutor(host, job);
    const [first] = asked;
    return {
      executor: executor.name,
      tried: executor.profile.tried,
      ...(version === undefined ? {} : { version }),
      ...(first ? { protocol: first.protocol } : {}),
      calls,
      edited: readFileSync(join(folder, SAMPLE_FILE), 'utf8') === SAMPLE_MENDED,
      exit_code: cage.exit_code,
      said: (cage.broken ?? stripVTControlCharacters(`${cage.stdout}${cage.stderr}`)).trim().slice(-SAID_CHARS),
      duration_ms: Math.round(cage.duration_ms),
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
