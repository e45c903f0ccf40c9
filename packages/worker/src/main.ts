import { runCommand } from './program.ts';

process.stdout.on('error', () => undefined);
process.exitCode = await runCommand(process.argv.slice(2));
// Output to a pipe is written behind our back; leave once it is out, whatever handle may still be open.
process.stdout.write('', () => process.exit());
