import type { Config } from './schema.ts';

/**
 * The environment for a process that this one starts on the same world: its own, with the workspace and the ports as they
 * were resolved here, wherever they came from.
 */
export function childEnvironment(config: Config): NodeJS.ProcessEnv {
  return {
    ...process.env,
    VIVARIUM_WORKSPACE: config.workspace,
    ...(config.apiPort === 0 ? {} : { VIVARIUM_API_PORT: String(config.apiPort) }),
    ...(config.internalToken === undefined ? {} : { VIVARIUM_INTERNAL_EXECUTION_TOKEN: config.internalToken }),
    VIVARIUM_LOG_LEVEL: config.logLevel,
  };
}
