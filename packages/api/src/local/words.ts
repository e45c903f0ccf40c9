import type { Refusal } from './types.ts';

/** The longest word the kernel takes as one argument, less a margin, and the most words of one command. */
const MAX_WORD_BYTES = 120_000;
const MAX_WORDS = 10_000;

const OPERATORS: Readonly<Record<string, string>> = {
  ';': 'a second command',
  '&': 'a second command',
  '|': 'a pipe',
  '<': 'a redirection',
  '>': 'a redirection',
  '\n': 'a second line',
  '\r': 'a second line',
  '(': 'a subshell',
  ')': 'a subshell',
};
const EXPANSION = /^\$(?:[A-Za-z_0-9{(*@#?!$-]|['"])/;

export type Split = { readonly kind: 'words'; readonly words: readonly string[] } | Refusal;

/**
 * Split a command line into words as a POSIX shell would, without being one: quotes and backslashes work, and what a
 * shell would execute or expand is refused. Quoted operators are plain text; `$(…)`, backticks and `$NAME` are text only
 * in single quotes or after a backslash.
 */
export function splitWords(line: string): Split {
  const words: string[] = [];
  let word: string | undefined;
  let i = 0;
  while (i < line.length) {
    const char = line.charAt(i);
    if (char === '\0') return refuse('command.operator', 'it holds a zero byte', 'Remove the zero byte');
    if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
      i += 1;
      continue;
    }
    const piece = readPiece(line, i);
    if ('kind' in piece) return piece;
    word = (word ?? '') + piece.text;
    i = piece.next;
  }
  if (word !== undefined) words.push(word);
  return checked(words);
}

interface Piece {
  readonly text: string;
  readonly next: number;
}

function readPiece(line: string, at: number): Piece | Refusal {
  const char = line.charAt(at);
  if (char === "'") return singleQuoted(line, at);
  if (char === '"') return doubleQuoted(line, at);
  if (char === '\\') return escaped(line, at);
  const operator = OPERATORS[char];
  if (operator !== undefined) {
    const shown = char === '\n' ? '\\n' : char === '\r' ? '\\r' : char;
    const fix = `Run one program per task; when "${shown}" is meant as text, put it in quotes`;
    return refuse('command.operator', `"${shown}" would be ${operator} in a shell, and no shell runs here`, fix);
  }
  return expansionAt(line, at) ?? { text: char, next: at + 1 };
}

function expansionAt(line: string, at: number): Refusal | undefined {
  const char = line.charAt(at);
  if (char !== '`' && !(char === '$' && EXPANSION.test(line.slice(at, at + 2)))) return undefined;
  const what = char === '`' ? 'a backtick' : `"${line.slice(at, at + 2)}"`;
  const fix = 'Write the value itself, or put the text in single quotes when it is meant literally';
  return refuse('command.expansion', `${what} would be replaced by a shell, and no shell runs here`, fix);
}

function singleQuoted(line: string, at: number): Piece | Refusal {
  const end = line.indexOf("'", at + 1);
  return end < 0 ? unterminated('single quote') : { text: line.slice(at + 1, end), next: end + 1 };
}

function doubleQuoted(line: string, at: number): Piece | Refusal {
  let text = '';
  for (let i = at + 1; i < line.length; i += 1) {
    const char = line.charAt(i);
    if (char === '"') return { text, next: i + 1 };
    const next = line.charAt(i + 1);
    if (char === '\\' && next !== '' && '"\\$`\n'.includes(next)) {
      text += next === '\n' ? '' : next;
      i += 1;
      continue;
    }
    const refusal = char === '$' && next === '"' ? undefined : expansionAt(line, i);
    if (refusal) return refusal;
    text += char;
  }
  return unterminated('double quote');
}

function escaped(line: string, at: number): Piece | Refusal {
  const next = line.charAt(at + 1);
  if (next === '') return unterminated('backslash');
  if (next === '\n' || next === '\r') return refuse('command.operator', 'it has several lines', 'Write the command on one line');
  return { text: next, next: at + 2 };
}

function checked(words: readonly string[]): Split {
  const first = words[0];
  if (first === undefined) return refuse('command.empty', 'it is empty', 'Name a program, for example: ls');
  if (first === '') return refuse('command.empty', 'the program name is empty', 'Name a program, for example: ls');
  if (words.some((word) => word.includes('\0')))
    return refuse('command.operator', 'it holds a zero byte', 'Remove the zero byte');
  if (/^[A-Za-z_]\w*\+?=/.test(first)) {
    return refuse(
      'command.assignment',
      `"${short(first)}" would set a variable`,
      'Start with the program name; the environment is fixed',
    );
  }
  if (words.length > MAX_WORDS)
    return refuse('command.too_long', `it has more than ${MAX_WORDS} words`, 'Split it into several tasks');
  if (words.some((word) => Buffer.byteLength(word) > MAX_WORD_BYTES)) {
    return refuse(
      'command.too_long',
      `a word is longer than ${MAX_WORD_BYTES} bytes`,
      'Put long text into a file of the workspace',
    );
  }
  return { kind: 'words', words };
}

const unterminated = (what: string): Refusal =>
  refuse('command.quote', `a ${what} is not closed`, `Close the ${what}, or write it after a backslash`);

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** A refusal whose reason says what is wrong with the command. */
export function refuse(rule: string, reason: string, fix: string): Refusal {
  return { kind: 'refused', rule, reason: `Local command refused: ${reason}`, fix };
}
