import { join } from 'node:path';
import { getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { nearest, placeAt } from '../domain/text/index.ts';
import type { FieldProblem } from '../errors/index.ts';
import { readTextFile } from '../files/index.ts';
import { KEYS, VARIABLES, type Variable, variableFor } from './settings.ts';

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
  /** What stands there and probably has another effect than was meant. */
  readonly notices: readonly FieldProblem[];
}

/** Flags of a command line, by variable name or short form (`api_port`). */
export function flagLayer(flags: Readonly<Record<string, unknown>>, base: string): Layer {
  const entries = Object.entries(flags).map(([key, value]) => ({ key, value }));
  return { from: 'flag', place: 'the flags', base, ...named(entries, 'the flags'), notices: [] };
}

/** The process's environment. A variable that is set but empty counts as not set. */
export function environmentLayer(env: Readonly<Record<string, string | undefined>>, base: string): Layer {
  return { from: 'environment', place: 'the environment', base, values: variablesOf(env), problems: [], notices: [] };
}

/** `vivarium.config.json` of a folder, comments allowed; undefined when there is none. */
export function configFileLayer(folder: string): Layer | undefined {
  const file = join(folder, 'vivarium.config.json');
  const read = textOf(file);
  if (read === undefined) return undefined;
  const layer = { from: 'file', place: file, base: folder, notices: [] } as const;
  if (typeof read !== 'string') return { ...layer, values: new Map(), problems: [read] };
  return { ...layer, ...fromJson(read, file) };
}

interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly line?: number;
}

function fromJson(text: string, file: string): Pick<Layer, 'values' | 'problems'> {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) return { values: new Map(), problems: [syntaxProblem(text, first, file)] };
  if (tree?.type !== 'object') {
    const message = 'must hold one JSON object, e.g. {"api_port": 8420}';
    return { values: new Map(), problems: [{ field: file, message }] };
  }
  const entries = (tree.children ?? []).flatMap(({ offset, children: [key, value] = [] }) =>
    key && value ? [{ key: String(key.value), value: getNodeValue(value), line: placeAt(text, offset).line }] : [],
  );
  return named(entries, file);
}

function syntaxProblem(text: string, error: ParseError, file: string): FieldProblem {
  const { line, column } = placeAt(text, error.offset);
  const message = `does not parse at column ${column} (${printParseErrorCode(error.error)}); correct the JSON there`;
  return { field: file, message, line };
}

function named(entries: readonly Entry[], place: string): Pick<Layer, 'values' | 'problems'> {
  const values = new Map<Variable, string>();
  const problems: FieldProblem[] = [];
  const seen = new Set<Variable>();
  for (const { key, value, line } of entries) {
    const refuse = (field: string, message: string) => problems.push({ field, message, ...(line === undefined ? {} : { line }) });
    const variable = variableFor(key);
    if (key === '$schema' || value === undefined || value === null) continue;
    if (variable === undefined) {
      const meant = nearest(key, KEYS);
      const hint = meant === undefined ? 'see .env.example for the names' : `did you mean ${meant}?`;
      refuse(key, `is not a setting of Vivarium, yet is set in ${place}; ${hint}`);
    } else if (seen.has(variable)) {
      refuse(variable, `is set twice in ${place}; keep one`);
    } else if (typeof value === 'object' || typeof value === 'function') {
      refuse(variable, `must be one plain value in ${place}; write a text, a number, true or false`);
    } else if (String(value).trim() !== '') {
      values.set(variable, String(value).trim());
    }
    if (variable !== undefined) seen.add(variable);
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

/** The text of a file of settings, why it cannot be used, or undefined when there is none. */
export function textOf(file: string): string | FieldProblem | undefined {
  const read = readTextFile(file);
  if (read.kind === 'absent') return undefined;
  if (read.kind === 'read') return read.text;
  return { field: file, message: `${read.message}. ${read.fix}`, ...(read.line === undefined ? {} : { line: read.line }) };
}
