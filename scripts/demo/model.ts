import { announceReady, exitOnDisconnect } from '@vivarium/core';
import { startModelServer } from '@vivarium/core/testing';
import { scripted } from './script.ts';

/** The demo's stand-in for a model, as a process on loopback. */
const server = await startModelServer(scripted);
process.on('SIGTERM', () => void server.close().finally(() => process.exit(143)));
exitOnDisconnect();
announceReady(`Scripted model ready at ${server.groqBaseUrl} (a script, not a model)`, { port: server.port });
