import fc from 'fast-check';

/**
 * How many cases of everything: `full` is 10,000, a number that many. Left out, each test says how many fit: `inCi` makes
 * 10,000 of each kind of door (routes together, lines typed, pages of a socket), `usual` a few seconds.
 */
const WANTED = process.env['VIVARIUM_FUZZ'];
const SEED = Number(process.env['VIVARIUM_SEED'] ?? Number.NaN);

export function cases(usual: number, inCi = usual): number {
  if (WANTED !== undefined) return WANTED === 'full' ? 10_000 : Number(WANTED);
  return process.env['CI'] === undefined ? usual : inCi;
}

/** Try a check on so many values (`cases`); a failure is shrunk and shown with its seed, which `VIVARIUM_SEED` repeats. */
export async function fuzz<T>(numRuns: number, given: fc.Arbitrary<T>, check: (value: T) => void | Promise<void>): Promise<void> {
  const options = { numRuns, maxSkipsPerRun: 0, ...(Number.isNaN(SEED) ? {} : { seed: SEED }) };
  await fc.assert(
    fc.asyncProperty(given, async (value) => {
      await check(value);
    }),
    options,
  );
}

const ODD_TEXTS = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '..',
  '.',
  '/',
  '%2e%2e%2f',
  '%',
  '\0',
  '\n',
  '\ud800',
  '\u202e',
  '\ufeff',
  '💥'.repeat(40),
  'a'.repeat(5_000),
  '$(id)',
  '-1',
  '--help',
  'NaN',
  'null',
  '[object Object]',
  '<script>alert(1)</script>',
  '2026-13-45T99:99:99Z',
] as const;
const ODD_NUMBERS = [0, -0, -1, 0.1, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21] as const;

/** Values that people and programs send where something else was meant. */
export const oddText = fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }));
export const odd: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: oddText },
  { weight: 2, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null], { length: 1 }) },
  { weight: 1, arbitrary: fc.nat({ max: 200 }).map((depth) => nested(depth)) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { value };
  return value;
}

type Step = string | number;

/** A JSON value with up to three of its parts replaced, left out, doubled or renamed. */
export function mangled<T>(sample: T): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('replace', 'remove', 'add', 'rename'),
    value: odd,
    name: oddText,
  });
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    let value: unknown = structuredClone(sample);
    for (const { at, how, value: other, name } of changes) {
      const places = [...placesIn(value)];
      value = changed(value, places[at % places.length] ?? [], how, structuredClone(other), name);
    }
    return value;
  });
}

function* placesIn(value: unknown, path: readonly Step[] = []): Generator<readonly Step[]> {
  yield path;
  if (path.length > 12 || typeof value !== 'object' || value === null) return;
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const key of keys) yield* placesIn((value as Record<Step, unknown>)[key], [...path, key]);
}

function changed(whole: unknown, path: readonly Step[], how: string, value: unknown, name: string): unknown {
  const last = path.at(-1);
  if (last === undefined) return how === 'replace' ? value : whole;
  let holder = whole as Record<Step, unknown>;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<Step, unknown>;
  if (Array.isArray(holder)) {
    if (how === 'remove') holder.splice(Number(last), 1);
    else if (how === 'add') holder.splice(Number(last), 0, holder[Number(last)], value);
    else holder[Number(last)] = value;
  } else if (how === 'replace') holder[last] = value;
  else if (how === 'remove') delete holder[last];
  else define(holder, name, how === 'rename' ? holder[last] : value);
  return whole;
}

/** As JSON does it: `__proto__` is a key like any other. */
function define(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A text that was cut, doubled, overwritten or damaged in places, as bytes. */
export function damaged(text: string): fc.Arbitrary<Buffer> {
  const whole = Buffer.from(text);
  const change = fc.record({
    at: fc.nat({ max: whole.length }),
    length: fc.nat({ max: 60 }),
    how: fc.constantFrom('cut', 'remove', 'double', 'insert', 'flip'),
    text: oddText,
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    let bytes = Buffer.from(whole);
    for (const { at, length, how, text: other } of changes) {
      const start = Math.min(at, bytes.length);
      const end = Math.min(start + length, bytes.length);
      const [head, part, tail] = [bytes.subarray(0, start), bytes.subarray(start, end), bytes.subarray(end)];
      if (how === 'cut') bytes = Buffer.from(head);
      else if (how === 'remove') bytes = Buffer.concat([head, tail]);
      else if (how === 'double') bytes = Buffer.concat([head, part, part, tail]);
      else if (how === 'insert') bytes = Buffer.concat([head, Buffer.from(other), part, tail]);
      else bytes = Buffer.concat([head, Buffer.from(part.map((byte) => byte ^ (1 << (at % 8)))), tail]);
    }
    return bytes;
  });
}
