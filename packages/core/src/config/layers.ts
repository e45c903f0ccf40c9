import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { FieldProblem } from '../errors/index.ts';
import { VARIABLES, type Variable, variableFor } from './settings.ts';

export type SourceName = 'flag' | 'environment' | '.env' | 'file' | 'default';

/** Settings from one place, as text. */
export interface Layer {
  readonly from: SourceName;
  /** How messages name the place. */
  readonly place: string;
  /** Relative paths in this layer start here. */
  readonly base: string;
  readonly values: ReadonlyMap<Variable, string>;
  readonly problems: readonly FieldProblem[];
}

/** Flags of a command line, by variable name or short form (`api_port`). */
export function flagLayer(flags: Readonly<Record<string, unknown>>, base: string): Layer {
  return { from: 'flag', place: 'the flags', base, ...named(flags, 'the flags') };
}

/** The process's environment. A variable that is set but empty counts as not set. */
export function environmentLayer(env: Readonly<Record<string, string | undefined>>, base: string): Layer {
  return { from: 'environment', place: 'the environment', base, values: variablesOf(env), problems: [] };
}

/** `.env` of a folder; undefined when there is none. */
export function envFileLayer(folder: string): Layer | undefined {
  const file = join(folder, '.env');
  const read = readText(file);
  if (read === undefined) return undefined;
  const layer = { from: '.env', place: file, base: folder } as const;
  if (typeof read !== 'string') return { ...layer, values: new Map(), problems: [read] };
  return { ...layer, values: variablesOf(parseEnv(read)), problems: [] };
}

/** `vivarium.config.json` of a folder, comments allowed; undefined when there is none. */
export function configFileLayer(folder: string): Layer | undefined {
  const file = join(folder, 'vivarium.config.json');
  const read = readText(file);
  if (read === undefined) return undefined;
  const layer = { from: 'file', place: file, base: folder } as const;
  if (typeof read !== 'string') return { ...layer, values: new Map(), problems: [read] };
  return { ...layer, ...fromJson(read, file) };
}

function fromJson(text: string, file: string): Pick<Layer, 'values' | 'problems'> {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) return { values: new Map(), problems: [syntaxProblem(text, first, file)] };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = 'must hold one JSON object, e.g. {"api_port": 8420}';
    return { values: new Map(), problems: [{ field: file, message }] };
  }
  return named({ ...value }, file);
}

function syntaxProblem(text: string, error: ParseError, file: string): FieldProblem {
  const before = text.slice(0, error.offset).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  const message = `does not parse at column ${column} (${printParseErrorCode(error.error)}); correct the JSON there`;
  return { field: file, message, line: before.length };
}

function named(entries: Readonly<Record<string, unknown>>, place: string): Pick<Layer, 'values' | 'problems'> {
  const values = new Map<Variable, string>();
  const problems: FieldProblem[] = [];
  for (const [key, value] of Object.entries(entries)) {
    const variable = variableFor(key);
    if (key === '$schema' || value === undefined || value === null) continue;
    if (variable === undefined) {
      problems.push({ field: key, message: `is no setting of Vivarium, yet stands in ${place}; see .env.example for the names` });
    } else if (typeof value === 'object' || typeof value === 'function') {
      problems.push({ field: variable, message: `must be one plain value in ${place}; write a text, a number, true or false` });
    } else if (String(value).trim() !== '') {
      values.set(variable, String(value).trim());
    }
  }
  return { values, problems };
}

function variablesOf(env: Readonly<Record<string, string | undefined>>): ReadonlyMap<Variable, string> {
  const values = new Map<Variable, string>();
  for (const name of VARIABLES) {
    const text = env[name]?.trim();
    if (text) values.set(name, text);
  }
  return values;
}

function readText(file: string): string | FieldProblem | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return { field: file, message: `cannot be read (${code}); make it a readable file or remove it` };
  }
}
