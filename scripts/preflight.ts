import { createServer } from 'node:net';
import { loadConfig } from '../packages/core/src/config/load.ts';
import { visible } from '../packages/core/src/domain/words/visible.ts';
import { fieldProblemLine, InvalidInputError } from '../packages/core/src/errors/index.ts';
import { VivariumError } from '../packages/core/src/errors/vivarium-error.ts';

/**
 * Looks at the configuration and the two ports before anything is started. Problems go to stderr, one a line, and the
 * exit code is 2; else it is 0.
 */
async function main(): Promise<void> {
  const config = loadConfig();
  for (const notice of config.notices) process.stderr.write(`[vivarium] ${visible(fieldProblemLine(notice))}\n`);
  const busy: string[] = [];
  for (const [port, variable] of [
    [config.apiPort, 'VIVARIUM_API_PORT'],
    [config.panelPort, 'VIVARIUM_CONTROL_PANEL_PORT'],
  ] as const) {
    const code = port === 0 ? undefined : await refusal(port);
    if (code === 'EADDRINUSE') {
      busy.push(`Port ${port} on 127.0.0.1 is in use. Is Vivarium running already? Else stop that program or set ${variable}`);
    } else if (code !== undefined) {
      busy.push(`Port ${port} on 127.0.0.1 cannot be opened (${code}). Choose another with ${variable}`);
    }
  }
  if (busy.length > 0) fail(busy);
}

/** The error's code when the port cannot be opened on loopback. */
function refusal(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function fail(lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`[vivarium] ${visible(line)}\n`);
  process.exit(2);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof VivariumError)) throw error;
  const problems = error instanceof InvalidInputError ? error.problems : [];
  const lines = problems.map(({ field, message, line }) => `${field}${line ? ` line ${line}` : ''} ${message}`);
  fail([...(lines.length > 0 ? lines : [error.message]), ...(error.fix ? [error.fix] : [])]);
}
