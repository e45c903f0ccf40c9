import { type Denied, deniedGlob } from './denied.ts';
import type { OperandKind, Program, ValueKind } from './policy.ts';
import type { Refusal } from './types.ts';
import { refuse } from './words.ts';

/** A command whose words are all understood. `operands` and `flags` keep their order; paths are not judged yet. */
export interface Parsed {
  readonly kind: 'parsed';
  readonly flags: readonly string[];
  readonly operands: readonly { readonly kind: OperandKind; readonly text: string }[];
  /** Values of path-valued flags, each with where it stands in `flags`. */
  readonly paths: readonly string[];
}

interface Reading {
  readonly name: string;
  readonly program: Program;
  readonly denied: Denied;
  readonly flags: string[];
  readonly operands: string[];
  readonly paths: string[];
  readonly seen: Set<string>;
}

const KINDS: Readonly<Record<string, readonly [RegExp, string]>> = {
  number: [/^\d{1,9}$/, 'a whole number'],
  size: [/^\d{1,12}[KMG]?$/, 'a size like 100K'],
  word: [/^[\w*][\w*.+-]*$/, 'one word'],
  name: [/^[^/]+$/, 'a name without a folder'],
};

/** Read the words after the program name against its grammar. What the grammar does not list is refused. */
export function readArguments(name: string, program: Program, words: readonly string[], denied: Denied): Parsed | Refusal {
  const reading: Reading = { name, program, denied, flags: [], operands: [], paths: [], seen: new Set() };
  if (program.free_text) reading.operands.push(...words);
  else {
    for (let i = 0; i < words.length; i += 1) {
      const word = words[i] ?? '';
      if (word === '--') {
        reading.operands.push(...words.slice(i + 1));
        break;
      }
      if (!word.startsWith('-') || word === '-') {
        reading.operands.push(word);
        continue;
      }
      const used = word.startsWith('--') ? longFlag(reading, word, words[i + 1]) : shortFlags(reading, word, words[i + 1]);
      if (typeof used !== 'number') return used;
      i += used;
    }
  }
  return withOperands(reading);
}

/** Returns how many following words it took. */
function longFlag(reading: Reading, word: string, next: string | undefined): number | Refusal {
  const at = word.indexOf('=');
  const flag = at < 0 ? word : word.slice(0, at);
  const attached = at < 0 ? undefined : word.slice(at + 1);
  const { flags, valued, optional } = reading.program;
  const required = Object.hasOwn(valued, flag) ? valued[flag] : undefined;
  if (required !== undefined) return takeValue(reading, { flag, kind: required, attached, next, joined: `${flag}=` });
  const may = Object.hasOwn(optional, flag) ? optional[flag] : undefined;
  if (attached !== undefined && may !== undefined) {
    return takeValue(reading, { flag, kind: may, attached, next, joined: `${flag}=` });
  }
  if (!flags.includes(flag)) return unknownFlag(reading, flag);
  if (attached !== undefined) return refuse('command.value', `${flag} takes no value`, `Write ${flag} alone`);
  reading.seen.add(flag);
  reading.flags.push(flag);
  return 0;
}

function shortFlags(reading: Reading, word: string, next: string | undefined): number | Refusal {
  for (let i = 1; i < word.length; i += 1) {
    const flag = `-${word.charAt(i)}`;
    const kind = Object.hasOwn(reading.program.valued, flag) ? reading.program.valued[flag] : undefined;
    if (kind !== undefined) {
      const rest = word.slice(i + 1).replace(/^=/, '');
      return takeValue(reading, { flag, kind, attached: rest === '' ? undefined : rest, next, joined: flag });
    }
    if (!reading.program.flags.includes(flag)) return unknownFlag(reading, flag);
    reading.seen.add(flag);
    reading.flags.push(flag);
  }
  return 0;
}

interface Taking {
  readonly flag: string;
  readonly kind: ValueKind;
  readonly attached: string | undefined;
  readonly next: string | undefined;
  /** What stands before the value when both are one word. */
  readonly joined: string;
}

function takeValue(reading: Reading, { flag, kind, attached, next, joined }: Taking): number | Refusal {
  const value = attached ?? next;
  if (value === undefined) return refuse('command.value', `${flag} needs a value`, `Write ${flag} and ${wanted(kind)}`);
  if (attached === undefined && value.startsWith('-') && kind !== 'pattern') {
    return refuse(
      'command.value',
      `"${value}" after ${flag} could be read as a flag`,
      `Write ${joined}VALUE with the value attached`,
    );
  }
  const fault = valueFault(reading, flag, kind, value);
  if (fault) return fault;
  reading.seen.add(flag);
  if (kind === 'path') reading.paths.push(value);
  reading.flags.push(...(attached === undefined ? [flag, value] : [`${joined}${value}`]));
  return attached === undefined ? 1 : 0;
}

function valueFault(reading: Reading, flag: string, kind: ValueKind, value: string): Refusal | undefined {
  if (typeof kind !== 'string') {
    return kind.includes(value) ? undefined : refuse('command.value', `${flag} does not take "${value}"`, `Use ${wanted(kind)}`);
  }
  if (kind === 'glob') return globFault(reading, value);
  const rule = KINDS[kind];
  if (!rule || rule[0].test(value)) return undefined;
  return refuse('command.value', `${flag} does not take "${value}"`, `Use ${rule[1]}`);
}

/** A glob may narrow a search; one that reaches for hidden or secret files is refused. */
function globFault(reading: Reading, glob: string): Refusal | undefined {
  if (glob.startsWith('!')) return undefined;
  const why = deniedGlob(reading.denied, glob);
  return why
    ? refuse('command.glob', `the glob "${glob}" ${why}`, 'Use a glob for ordinary files, for example: -g "*.ts"')
    : undefined;
}

function withOperands({ name, program, flags, operands, paths, seen }: Reading): Parsed | Refusal {
  const { first, first_given_by, rest, min, max } = program.operands;
  const firstKind = first !== undefined && !first_given_by.some((flag) => seen.has(flag)) ? first : rest;
  if (seen.has('--help') || seen.has('--version')) return { kind: 'parsed', flags, operands: [], paths };
  if (operands.length < min)
    return refuse('command.operands', `${name} needs ${min} or more names`, `Say what ${name} should read`);
  if (operands.length > max)
    return refuse('command.operands', `${name} takes at most ${max} names`, 'Name fewer, or split the task');
  const kinds = operands.map((text, index) => ({ kind: index === 0 ? firstKind : rest, text }));
  return { kind: 'parsed', flags, operands: kinds, paths };
}

function unknownFlag({ name, program }: Reading, flag: string): Refusal {
  const some = [...program.flags, ...Object.keys(program.valued)].slice(0, 12).join(' ');
  return refuse(
    'command.flag',
    `${name} may not be used with ${flag}`,
    `Allowed here are ${some} and others; see config/commands.json`,
  );
}

function wanted(kind: ValueKind): string {
  if (typeof kind !== 'string') return `one of ${kind.join(', ')}`;
  return KINDS[kind]?.[1] ?? 'a value';
}
