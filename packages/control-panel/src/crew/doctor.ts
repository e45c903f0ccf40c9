import { execFile } from 'node:child_process';
import { type Config, childEnvironment } from '@vivarium/core';
import { RequestRefused } from '../http/refused.ts';
import { DoctorAnswer } from '../protocol/running.ts';
import { workerProgram } from './worker-program.ts';

const TIMEOUT_MS = 60_000;
const Said = DoctorAnswer.omit({ success: true });

/** Asks `worker doctor` how everything stands; those who ask while it looks wait for the same answer. */
export function doctor(config: Config): () => Promise<DoctorAnswer> {
  let looking: Promise<DoctorAnswer> | undefined;
  return () => {
    looking ??= look(config).finally(() => {
      looking = undefined;
    });
    return looking;
  };
}

async function look(config: Config): Promise<DoctorAnswer> {
  const output = await new Promise<string>((settle) => {
    const options = { env: childEnvironment(config), cwd: config.installation, timeout: TIMEOUT_MS, maxBuffer: 16 << 20 };
    // Its exit code says whether all is well; the answer stands on stdout either way.
    execFile(process.execPath, [...workerProgram('doctor', '--json')], options, (_error, stdout) => settle(stdout));
  });
  try {
    return { success: true, ...Said.parse(JSON.parse(output)) };
  } catch {
    throw new RequestRefused(502, 'VIV_DOCTOR', 'The doctor gave no answer', 'Run it by hand: pnpm worker doctor');
  }
}
