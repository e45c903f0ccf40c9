import { createContext, Script } from 'node:vm';
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';

const PATIENCE_MS = 1_000;
const OPTIONS: Options = { strict: false, allErrors: true, logger: false, validateSchema: true, unicodeRegExp: true };
const CALL = new Script('check()');
const WATCHED: { check: () => void } = { check: () => undefined };
const CONTEXT = createContext(WATCHED);
/** Compiling costs a hundred times what checking does, and tasks of one family share their schema. */
const KEPT_SCHEMAS = 64;
const compiled = new Map<string, Compiled>();
/** Keywords whose check can take more than linear time. What has none of them needs no watchdog, which costs more than the check. */
const COSTLY =
  /"(pattern|patternProperties|propertyNames|uniqueItems|contains|format|not|if|anyOf|oneOf|allOf|\$ref|\$dynamicRef|\$recursiveRef)"/;

interface Compiled {
  readonly validate: ValidateFunction;
  readonly costly: boolean;
}

/**
 * What is wrong with a value under a task's own schema; empty when it fits. Schemas are people's input: one that does
 * not compile, refers elsewhere or takes too long is itself the problem, and none can hold up the worker.
 */
export function schemaProblems(schema: Readonly<Record<string, unknown>>, value: unknown): string[] {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  if (known && !known.costly) return problemsOf(known.validate, value);
  return limited(() => problemsOf((known ?? compile(schema, key)).validate, value));
}

function problemsOf(validate: ValidateFunction, value: unknown): string[] {
  return validate(value) === true ? [] : (validate.errors ?? []).slice(0, 5).map(describe);
}

/** What is wrong with a schema itself; empty when it can be used. */
export function schemaFaults(schema: Readonly<Record<string, unknown>>): string[] {
  const key = JSON.stringify(schema);
  if (compiled.has(key)) return [];
  return limited(() => {
    compile(schema, key);
    return [];
  });
}

function compile(schema: Readonly<Record<string, unknown>>, key: string): Compiled {
  const { $schema: dialect, ...rest } = schema;
  if ('$async' in rest) throw new Error('"$async" is not supported');
  const validate = engineFor(typeof dialect === 'string' ? dialect : '').compile(rest);
  const ready = { validate, costly: COSTLY.test(key) };
  const oldest = compiled.size >= KEPT_SCHEMAS ? compiled.keys().next().value : undefined;
  if (oldest !== undefined) compiled.delete(oldest);
  compiled.set(key, ready);
  return ready;
}

function engineFor(dialect: string): Ajv {
  if (dialect.includes('2020-12')) return new Ajv2020(OPTIONS);
  if (dialect.includes('2019-09')) return new Ajv2019(OPTIONS);
  return new Ajv(OPTIONS);
}

/** Run a check under the watchdog of `vm`, which also ends a pattern that backtracks without end. */
function limited(check: () => string[]): string[] {
  let problems: string[] = [];
  try {
    WATCHED.check = () => {
      problems = check();
    };
    CALL.runInContext(CONTEXT, { timeout: PATIENCE_MS });
    return problems;
  } catch (error) {
    const { code, message } = parts(error);
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return [`the schema took longer than ${PATIENCE_MS / 1_000} s to check`];
    return [`the schema cannot be used: ${message}`];
  }
}

function describe(error: ErrorObject): string {
  return `${error.instancePath || 'the answer'} ${error.message ?? error.keyword}`;
}

/** An error of another context is no `Error` of this one. */
function parts(error: unknown): { code: string; message: string } {
  if (typeof error !== 'object' || error === null) return { code: '', message: String(error) };
  const code = 'code' in error ? String(error.code) : '';
  return { code, message: 'message' in error ? String(error.message) : String(error) };
}
