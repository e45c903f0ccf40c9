import { loadConfig } from '@vivarium/core';
import { diagnose, type Finding } from '@vivarium/world';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat } from '../shape.ts';

/** doctor: is everything in place? Each finding with its fix; settings with where they came from. */
export function addDoctor(program: Command, door: Door): void {
  const command = program.command('doctor').description('check configuration, provider, sandbox, files and locks');
  door.asks<[]>(command, 'doctor', (output) => doctor(output));
}

async function doctor(output: Output): Promise<number> {
  const { ok, errors, warnings, findings, settings } = await diagnose(loadConfig);
  const words = [
    ...settings.map(({ name, shown, from }) => flat`setting  ${name} = ${shown}  (${from})`),
    ...findings.map(inWords),
    `${errors} errors, ${warnings} warnings`,
  ];
  output.result({ ok, errors, warnings, findings, settings }, words.join('\n'));
  return ok ? EXIT.done : EXIT.failed;
}

function inWords({ level, check, message, file, line, fix }: Finding): string {
  const where = file === undefined ? '' : ` [${file}${line === undefined ? '' : `:${line}`}]`;
  const label = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' }[level];
  return flat`${label}  ${check}: ${message}${where}` + (fix ? flat`\n         fix: ${fix}` : '');
}
