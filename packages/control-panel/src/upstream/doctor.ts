import { type Config, childEnvironment, loadConfig } from '@vivarium/core';
import { diagnose } from '@vivarium/world';
import type { DoctorAnswer } from '../protocol/running.ts';

/** How everything stands, with the settings read anew; those who ask while it looks wait for the same answer. */
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
  const settings = { env: childEnvironment(config), cwd: config.installation };
  const { ok, errors, warnings, findings } = await diagnose(() => loadConfig(settings));
  return { success: true, ok, errors, warnings, findings: [...findings] };
}
