import {
  autoOrWhole,
  decimal,
  httpUrl,
  modelId,
  oneOf,
  onOff,
  path,
  portList,
  secret,
  type ValueParser,
  wholeNumber,
} from './values.ts';

/** One setting: how its text is read, what stands when nobody sets it, and an example for error messages. */
export interface Setting<T> {
  readonly read: ValueParser<T>;
  /** Text, read like any other; undefined leaves the setting unset. */
  readonly fallback?: string;
  readonly example: string;
  readonly secret?: true;
  /** A further key in `vivarium.config.json`, beside the variable's own name and its short form. */
  readonly alias?: string;
}

const setting = <T>(read: ValueParser<T>, fallback: string, alias?: string): Setting<T> => ({
  read,
  fallback,
  example: fallback,
  ...(alias ? { alias } : {}),
});
const optional = <T>(read: ValueParser<T>, example: string): Setting<T> => ({ read, example });
const hidden = (minLength: number, example: string): Setting<string> => ({ read: secret(minLength), example, secret: true });

const port = wholeNumber(0, 65_535, ' (0 = any free port)');
/** Far below what the ledger can count; see `domain/budget/money.ts`. */
const MOST_USD = 1_000_000;
const usd = (period: string, note: string) =>
  decimal(`a number of US dollars${period} from 0 to ${MOST_USD}${note}`, (value) => value >= 0 && value <= MOST_USD);

/** Every variable that Vivarium reads. */
export const SETTINGS = {
  VIVARIUM_WORKSPACE: optional(path, '/home/me/my-vivarium'),
  VIVARIUM_API_PORT: setting(port, '8420'),
  VIVARIUM_CONTROL_PANEL_PORT: setting(port, '8421', 'panel_port'),
  VIVARIUM_PANEL_FORWARDED_PORTS: optional(portList, '9000'),
  VIVARIUM_PROVIDER: setting(oneOf('auto', 'groq', 'openai', 'local', 'scripted', 'none'), 'auto'),
  VIVARIUM_LOOPBACK_BY_PROXY: setting(onOff, '0'),
  GROQ_API_KEY: hidden(1, 'gsk_…'),
  GROQ_BASE_URL: optional(httpUrl, 'https://api.groq.com'),
  OPENAI_API_KEY: hidden(1, 'sk-…'),
  OPENAI_BASE_URL: optional(httpUrl, 'http://127.0.0.1:11434/v1'),
  DEFAULT_GROQ_MODEL: setting(modelId, 'openai/gpt-oss-20b', 'default_model'),
  VIVARIUM_CRITIC_MODEL: setting(modelId, 'openai/gpt-oss-120b'),
  VIVARIUM_MODEL_TIMEOUT: optional(wholeNumber(1, 3600, ' (seconds a model may be silent)'), '300'),
  VIVARIUM_CRITIC_TIMEOUT: optional(wholeNumber(1, 3600, ' (seconds for one verdict)'), '120'),
  VIVARIUM_PLANNER_TIMEOUT: optional(wholeNumber(1, 3600, ' (seconds for one plan)'), '120'),
  VIVARIUM_MODELS_FILE: optional(path, 'config/models.json'),
  SWARM_BUDGET_LIMIT: setting(usd('', ''), '5.0', 'budget_limit_usd'),
  SWARM_RATE_LIMIT: setting(wholeNumber(1, 1_000_000, ' (model calls per minute)'), '60', 'rate_limit_per_minute'),
  VIVARIUM_INTERNAL_EXECUTION_TOKEN: { ...hidden(8, '64 random characters'), alias: 'internal_token' },
  VIVARIUM_APPROVAL: setting(oneOf('evidence', 'human'), 'evidence'),
  RESIDENT_MAX_REQUEUE_ATTEMPTS: setting(wholeNumber(1, 1000), '3'),
  VIVARIUM_LEASE_SECONDS: setting(wholeNumber(2, 3600), '30'),
  RESIDENT_MIN_SCORE: setting(
    decimal('a number', () => true),
    '0',
  ),
  RESIDENT_DAY_SECONDS: setting(
    decimal('a number of seconds above 0', (value) => value > 0),
    '60',
  ),
  VIVARIUM_MAX_RESIDENTS: setting(wholeNumber(1, 100_000), '100'),
  VIVARIUM_FREE_TIME_USD: setting(usd(' a day', ' (0 = no free time)'), '0'),
  RESIDENT_SUBTASK_PARALLELISM: setting(wholeNumber(1, 256), '3'),
  RESIDENT_SHARD_COUNT: setting(wholeNumber(1, 100_000), '1'),
  RESIDENT_SHARD_ID: setting(autoOrWhole, 'auto'),
  VIVARIUM_AUTO_DISCUSSION_UPDATES: setting(onOff, '1'),
  VIVARIUM_DOCS_ONLY: setting(onOff, '0'),
  VIVARIUM_LOG_LEVEL: setting(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), 'info'),
} as const;

export type Variable = keyof typeof SETTINGS;
export type ValueOf<V extends Variable> = (typeof SETTINGS)[V] extends Setting<infer T> ? T : never;
export const VARIABLES = Object.keys(SETTINGS).filter((name): name is Variable => name in SETTINGS);

const byKey = new Map<string, Variable>();
for (const name of VARIABLES) {
  const { alias }: Setting<unknown> = SETTINGS[name];
  for (const key of [name, name.replace(/^(VIVARIUM|SWARM|RESIDENT)_/, ''), alias]) {
    if (key) byKey.set(key.toLowerCase(), name);
  }
}

/** Every name under which a setting may stand in `vivarium.config.json`. */
export const KEYS: readonly string[] = [...byKey.keys()];

/** The variable that a flag or a key of `vivarium.config.json` means: its own name or its short form, in any letter case. */
export function variableFor(key: string): Variable | undefined {
  return byKey.get(key.toLowerCase().replaceAll('-', '_'));
}
