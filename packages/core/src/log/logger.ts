import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from '../config/schema.ts';
import { escapedJson } from '../domain/words/visible.ts';
import { maskSecrets, rememberSecret } from './mask.ts';

export type { Logger } from 'pino';

const HEADERS = ['authorization', 'cookie', '["x-vivarium-internal-token"]', '["x-api-key"]'];
const REDACTED = [
  ...['apiKey', 'api_key', 'internalToken', 'token', 'secret', 'password'].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]),
  ...['headers', 'req.headers', 'request.headers', 'err.headers'].flatMap((path) =>
    HEADERS.map((header) => (header.startsWith('[') ? path + header : `${path}.${header}`)),
  ),
];

/**
 * The log of one process: JSON lines on stderr, written before the call returns, with every secret of the configuration
 * and everything that looks like a key masked, wherever in a line it stands. No text of others acts on a terminal.
 */
export function createLogger(
  name: string,
  config: Pick<Config, 'logLevel' | 'groq' | 'openai' | 'internalToken'>,
  to: DestinationStream = stderr(),
): Logger {
  for (const secret of [config.groq.apiKey, config.openai.apiKey, config.internalToken]) rememberSecret(secret);
  const options = {
    name,
    level: config.logLevel,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '***' },
  };
  return pino(options, { write: (line) => to.write(escapedJson(maskSecrets(line))) });
}

function stderr(): DestinationStream {
  const stream = destination({ fd: 2, sync: true });
  stream.on('error', () => {}); // a reader of stderr that went away must not end the process
  return stream;
}
