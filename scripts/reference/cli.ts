import { ALL_COMMANDS } from '../../packages/worker/src/cli/commands/all.ts';
import { build } from '../../packages/worker/src/program.ts';
import { code, page, table } from './markdown.ts';

/** Every command with its arguments and options. */
export function cliPage(): string {
  const program = build(ALL_COMMANDS, () => undefined);
  return page(
    'The command line',
    '`packages/worker/src/cli/commands`',
    '`pnpm worker <command>`, or `npm run --silent worker -- <command>`. Every command takes `--json`. Exit codes: 0 done · 1 failed · 2 usage · 3 not found or nothing to do · 4 refused by safety · 5 refused by budget · 130/143 signals.',
    'What others wrote – prompts, answers, reasons, names – never acts on a terminal. In words, a control character is shown as its sign (`␛`), another character that would turn, hide or break the text as its number (`<U+202E>`). `--json` has both as `\\uXXXX`, so that a parser reads the same text and a pipe to a screen stays safe; whoever prints a decoded value on a terminal has to make it visible first.',
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
