import type { Config } from '../../config/schema.ts';
import { isLoopbackUrl } from '../../contract/loopback.ts';
import { InvalidInputError } from '../../errors/index.ts';
import { readJsonFile } from '../../files/index.ts';
import type { WorkspacePaths } from '../../files/workspace.ts';

/** What the shipped `queue.json` says; it stands for "nobody chose an address". */
const SHIPPED_ENDPOINT = 'http://127.0.0.1:8420';

/** Where this world's execution API is. @throws InvalidInputError for an address that is not http on this machine */
export const apiEndpoint = (config: Config, paths: Pick<WorkspacePaths, 'queue'>): string =>
  resolveEndpoint(endpointIn(paths.queue), config.apiPort, portIsExplicit(config));

/** True when a person chose the API's port somewhere; the default is nobody's choice. */
const portIsExplicit = (config: Config): boolean => (config.sources.get('VIVARIUM_API_PORT')?.from ?? 'default') !== 'default';

/**
 * Where the execution API is. A loopback `api_endpoint` of `queue.json` wins over the port setting; the shipped value
 * counts as not set when the port was chosen explicitly, so that one variable is enough to move all processes.
 * @throws InvalidInputError for an address that is not http on this machine
 */
export function resolveEndpoint(fromQueueFile: string | undefined, port: number, isExplicit: boolean): string {
  const chosen = fromQueueFile?.trim().replace(/\/+$/, '');
  const byPort = `http://127.0.0.1:${port}`;
  if (!chosen || (chosen === SHIPPED_ENDPOINT && isExplicit)) return byPort;
  if (!isLoopbackUrl(chosen)) {
    const message = `"${chosen}" is not a loopback http address; the execution API is loopback-only`;
    throw new InvalidInputError(
      'queue.json',
      [{ field: 'api_endpoint', message }],
      `Set "api_endpoint" to ${byPort} or remove it`,
    );
  }
  return chosen;
}

/** What `queue.json` says about the address; undefined when the file is missing or does not parse. It is only looked at. */
function endpointIn(queueFile: string): string | undefined {
  const read = readJsonFile(queueFile);
  const queue = read.kind === 'read' ? read.value : undefined;
  if (typeof queue !== 'object' || queue === null || !('api_endpoint' in queue)) return undefined;
  return typeof queue.api_endpoint === 'string' ? queue.api_endpoint : undefined;
}
