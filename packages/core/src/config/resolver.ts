import { resolve } from 'node:path';
import type { FieldProblem } from '../errors/index.ts';
import type { Layer } from './layers.ts';
import { maskSecret, maskUrl } from './masking.ts';
import type { Config } from './schema.ts';
import { SETTINGS, type Setting, type ValueOf, type Variable } from './settings.ts';

type Source = Config['sources'] extends ReadonlyMap<string, infer S> ? S : never;

/** No value begins or ends so; an editor put them in the place of straight quotes. */
const CURLY = /^[“”„‟‘’‚‛«»]|[“”„‟‘’‚‛«»]$/;

/** Looks settings up in layers, first layer first, and collects every problem instead of stopping at one. */
export class Resolver {
  readonly sources = new Map<string, Source>();
  readonly problems: FieldProblem[];
  readonly notices: readonly FieldProblem[];
  readonly #layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    this.#layers = layers;
    this.problems = layers.flatMap((layer) => layer.problems);
    this.notices = layers.flatMap((layer) => layer.notices);
  }

  /** The setting, else its default. `stopgap` stands in only when a problem was recorded. */
  value<V extends Variable>(name: V, stopgap: ValueOf<V>): ValueOf<V> {
    return this.#read(name) ?? stopgap;
  }

  optional<V extends Variable>(name: V): ValueOf<V> | undefined {
    return this.#read(name);
  }

  /** A path, absolute; a relative one starts at the folder of the layer that names it. */
  path(name: 'VIVARIUM_WORKSPACE' | 'VIVARIUM_MODELS_FILE', fallback: () => string): string {
    const layer = this.#layers.find(({ values }) => values.has(name));
    const text = this.#read(name);
    const found = layer === undefined || text === undefined ? fallback() : resolve(layer.base, text);
    this.sources.set(name, { from: layer?.from ?? 'default', shown: found });
    return found;
  }

  /** Takes over what another resolver found out about one setting. */
  adopt(name: Variable, other: Resolver): void {
    const source = other.sources.get(name);
    if (source) this.sources.set(name, source);
    this.problems.push(...other.problems.filter(({ field }) => field === name));
  }

  #read<V extends Variable>(name: V): ValueOf<V> | undefined {
    const setting = settingOf(name);
    const layer = this.#layers.find(({ values }) => values.has(name));
    const text = layer?.values.get(name) ?? setting.fallback;
    if (text === undefined) {
      this.sources.set(name, { from: 'default', shown: '(not set)' });
      return undefined;
    }
    this.sources.set(name, { from: layer?.from ?? 'default', shown: shown(setting, text) });
    const read = CURLY.test(text) ? { ok: false as const, expected: 'written without typographic quotes' } : setting.read(text);
    if (read.ok) return read.value;
    const got = setting.secret ? 'something else (not shown)' : JSON.stringify(maskUrl(text).slice(0, 120));
    const fix = `set it to e.g. ${setting.example} or remove it`;
    this.problems.push({ field: name, message: `must be ${read.expected}, got ${got} from ${layer?.place}; ${fix}` });
    return undefined;
  }
}

function settingOf<V extends Variable>(name: V): Setting<ValueOf<V>> {
  const setting: Setting<unknown> = SETTINGS[name];
  return setting as Setting<ValueOf<V>>; // the table is keyed by name; the compiler cannot follow a generic key
}

function shown(setting: Setting<unknown>, text: string): string {
  return setting.secret ? maskSecret(text) : maskUrl(text);
}
