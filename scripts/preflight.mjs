// Looks at the configuration, the two ports and the machine before anything is started. Problems go to stderr, one a line, and
// the exit code is 2; what only hinders is said as well, and the exit code is 0.

import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { fieldProblemLine, InvalidInputError, inWords, loadConfig, visible } from '@vivarium/core';
import { hindrances } from '@vivarium/world';

const say = (line) => process.stderr.write(`[vivarium] ${visible(line)}\n`);
const fail = (lines) => {
  for (const line of lines) say(line);
  process.exitCode = 2;
};

try {
  const config = loadConfig();
  for (const notice of config.notices) say(fieldProblemLine(notice));
  const busy = await busyPorts(config);
  if (busy.length > 0) fail(busy);
  else for (const { message, fix } of hindrances(standing(config.workspace))) say(`Mind: ${message}. ${fix}`);
} catch (error) {
  const problems = error instanceof InvalidInputError ? error.problems : [];
  const lines = problems.map(({ field, message, line }) => `${field}${line ? ` line ${line}` : ''} ${message}`);
  const { message, fix } = inWords(error);
  if (problems.length === 0 && fix === undefined) throw error;
  fail([...(lines.length > 0 ? lines : [message]), ...(fix ? [fix] : [])]);
}

async function busyPorts({ apiPort, panelPort }) {
  const lines = [];
  for (const [port, variable] of [
    [apiPort, 'VIVARIUM_API_PORT'],
    [panelPort, 'VIVARIUM_CONTROL_PANEL_PORT'],
  ]) {
    const code = port === 0 ? undefined : await refusal(port);
    if (code === 'EADDRINUSE')
      lines.push(`Port ${port} on 127.0.0.1 is in use. Is Vivarium running already? Else stop that program or set ${variable}`);
    else if (code !== undefined)
      lines.push(`Port ${port} on 127.0.0.1 cannot be opened (${code}). Choose another with ${variable}`);
  }
  return lines;
}

/** The error's code when the port cannot be opened on loopback. */
function refusal(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code ?? error.message));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** The folder, or the nearest above it that is there. */
function standing(folder) {
  return existsSync(folder) || dirname(folder) === folder ? folder : standing(dirname(folder));
}
