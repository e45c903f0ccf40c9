/**
 * Runs inside the sandbox, before the executor: puts its files into its home, carries what it sends to one port of this
 * sandbox over to the door's socket, and ends with it. Arguments: port, socket, folder of files, program, its arguments.
 */
import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir } from 'node:os';

const [port, socket, files, program, ...args] = process.argv.slice(2);
cpSync(files, homedir(), { recursive: true });

const server = createServer((client) => {
  const gate = connect(socket);
  const end = () => {
    client.destroy();
    gate.destroy();
  };
  client.on('error', end).on('close', end).pipe(gate);
  gate.on('error', end).on('close', end).pipe(client);
});

server.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(program, args, { stdio: 'inherit' });
  child.once('error', (error) => {
    process.stderr.write(`${program} could not be started: ${error.message}\n`);
    process.exit(127);
  });
  child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
});
