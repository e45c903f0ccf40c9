import { join } from 'node:path';
import { nearest } from '../domain/text/index.ts';
import type { FieldProblem } from '../errors/index.ts';
import { type EnvLine, readEnvLines } from './env-file.ts';
import { type Layer, textOf } from './layers.ts';
import { VARIABLES, type Variable, variableFor } from './settings.ts';

const OURS = /^(?:VIVARIUM|SWARM|RESIDENT)_/i;
/** A line that names a setting and does not set it: taken as nothing, it would leave the default in force unseen. */
const HOW = 'write NAME=value, and # before a comment';

/** `.env` of a folder; undefined when there is none. Variables of other programs are none of our business. */
export function envFileLayer(folder: string): Layer | undefined {
  const file = join(folder, '.env');
  const read = textOf(file);
  if (read === undefined) return undefined;
  const layer = { from: '.env', place: file, base: folder } as const;
  if (typeof read !== 'string') return { ...layer, values: new Map(), problems: [read], notices: [] };
  const found = new Findings(file);
  for (const line of readEnvLines(read)) found.take(line);
  return { ...layer, values: found.values, problems: found.problems, notices: found.notices };
}

class Findings {
  readonly values = new Map<Variable, string>();
  readonly problems: FieldProblem[] = [];
  readonly notices: FieldProblem[] = [];
  readonly #lines = new Map<Variable, { readonly line: number; readonly value: string }>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  take(entry: EnvLine): void {
    const own = entry.kind === 'entry' ? VARIABLES.find((name) => name === entry.name) : undefined;
    if (entry.kind === 'other') this.#other(entry.text, entry.line);
    else if (own === undefined) this.#foreign(entry);
    else this.#own(own, entry);
  }

  #own(name: Variable, { value: text, fault, doubt, line }: Extract<EnvLine, { kind: 'entry' }>): void {
    const value = text.trim();
    const wrong = fault ?? (value.includes('\n') ? 'has several lines' : undefined);
    if (wrong !== undefined) {
      this.#say(this.problems, name, line, `${wrong}; write it in one line, in quotes or without any`);
      return;
    }
    if (doubt !== undefined) this.#say(this.notices, name, line, doubt);
    const before = this.#lines.get(name);
    if (before !== undefined && before.value !== value)
      this.#say(this.notices, name, line, `is already set in line ${before.line}; the last one counts`);
    this.#lines.set(name, { line, value });
    if (value === '') this.values.delete(name);
    else this.values.set(name, value);
  }

  #foreign({ name, value, line }: Extract<EnvLine, { kind: 'entry' }>): void {
    const swallowed = VARIABLES.find((own) => new RegExp(`\\n\\s*(?:export\\s+)?${own}\\s*=`).test(value));
    if (swallowed !== undefined)
      this.#say(this.problems, swallowed, line, `is part of the quoted value of ${name}, which began here; close its quotes`);
    const short = name === name.toLowerCase() ? variableFor(name) : undefined;
    const meant = short ?? nearest(name, VARIABLES);
    if (meant === undefined && !OURS.test(name)) return;
    const hint = meant === undefined ? 'see .env.example for the names' : `did you mean ${meant}?`;
    this.#say(this.notices, name, line, `is not a setting of Vivarium, so it has no effect; ${hint}`);
  }

  #other(text: string, line: number): void {
    const words = text.split(/\W+/).filter((word) => word !== '');
    const named = VARIABLES.find((name) => words.includes(name));
    if (named !== undefined) {
      this.#say(this.problems, named, line, `is named in a line that does not set it; ${HOW}`);
      return;
    }
    const head = text.split(/[=:]/)[0] ?? '';
    const meant = [head, ...words].map((word) => nearest(word, VARIABLES)).find((name) => name !== undefined);
    const hint = meant === undefined ? HOW : `did you mean ${meant}=…?`;
    this.#say(this.notices, 'this line', line, `is not a setting, so it has no effect; ${hint}`);
  }

  /** Never with the value: it may be a secret. */
  #say(list: FieldProblem[], field: string, line: number, message: string): void {
    list.push({ field, line, message: `${message} (${this.#file})` });
  }
}
