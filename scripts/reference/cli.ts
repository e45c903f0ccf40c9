import { ALL_COMMANDS } from '../../packages/worker/src/cli/commands/all.ts';
import { build } from '../../packages/worker/src/cli/program.ts';
import { code, page, table } from './markdown.ts';

/** Every command with its arguments and options. */
export function cliPage(): string {
  const program = build(ALL_COMMANDS, () => undefined);
  return page(
    'The command line',
    '`packages/worker/src/cli/commands`',
    '`pnpm worker <command>`, or `npm run --silent worker -- <command>`. Every command takes `--json`. Exit codes: 0 done · 1 failed · 2 usage · 3 not found or nothing to do · 4 refused by safety · 5 refused by budget · 130/143 signals.',
    ...leavesOf(program, []).map(section),
  );
}

type Command = ReturnType<typeof build>;

interface Leaf {
  readonly words: readonly string[];
  readonly command: Command;
}

function leavesOf(command: Command, words: readonly string[]): Leaf[] {
  if (command.commands.length === 0) return [{ words, command }];
  return command.commands.flatMap((child) => leavesOf(child, [...words, child.name()]));
}

function section({ words, command }: Leaf): string {
  const args = command.registeredArguments.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`));
  const notes = command.registeredArguments
    .filter(({ description }) => description)
    .map((each) => [code(each.name()), each.description]);
  const options = command.options.filter(({ long }) => long !== '--json').map((each) => [code(each.flags), each.description]);
  const rows = [...notes, ...options];
  const title = `## ${[...words, ...args].join(' ')}`;
  return [
    title,
    capital(command.description()),
    ...(rows.length > 0 ? [table(['Argument or option', 'Meaning'], rows)] : []),
  ].join('\n\n');
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
