import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { InvalidInputError } from '../../errors/index.ts';
import { aTask } from '../../testing/builders.ts';
import { modelFaults, moneyFaults } from '../intake/models.ts';
import { loadModels, publishedPrice } from './index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vivarium-models-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function list(models: unknown): string {
  const file = join(folder, 'models.json');
  writeFileSync(file, JSON.stringify(models));
  return file;
}

function configWith(models: unknown, env: Record<string, string> = {}) {
  const given = { OPENAI_API_KEY: 'k', ...env, VIVARIUM_MODELS_FILE: list(models) };
  return loadConfig({ env: given, cwd: folder, flags: { workspace: folder } });
}

function refusal(file: string): readonly string[] {
  try {
    loadModels(file);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    expect(error.fix).toMatch(/^Restore config\/models\.json/);
    return error.problems.map(({ field }) => field);
  }
}

describe('the list of models', () => {
  it('has what it does not need left out', () => {
    expect(loadModels(list({ models: { m: { provider: 'groq' } } }))).toEqual({
      models: { m: { provider: 'groq' } },
      aliases: {},
    });
  });

  it.each([
    ['models.m.provider', { models: { m: { provider: 'nobody' } } }],
    ['models.m.price_usd_per_million.output', { models: { m: { provider: 'groq', price_usd_per_million: { input: 1 } } } }],
    [
      'models.m.price_usd_per_million.input',
      { models: { m: { provider: 'groq', price_usd_per_million: { input: -1, output: 1 } } } },
    ],
    ['models.m', { models: { m: { provider: 'groq', price: 1 } } }],
    ['aliases.a.model', { models: {}, aliases: { a: {} } }],
    ['models', {}],
    ['file', []],
  ])('is refused for its %s', (field, models) => expect(refusal(list(models))).toEqual([field]));

  it('is refused when there is none', () => expect(refusal(join(folder, 'absent.json'))).toEqual(['file']));
});

it('knows the published price of a model with its provider, and of no other', () => {
  expect(publishedPrice('gpt-4.1', 'openai')).toEqual({ input: expect.any(Number), output: expect.any(Number) });
  expect([publishedPrice('nobody/knows-it', 'groq'), publishedPrice('gpt-4.1', 'local')]).toEqual([undefined, undefined]);
});

describe('a task with a cap of nearly nothing, and one for a model that nobody listed', () => {
  const task = aTask({ id: 'a', model: 'mine', max_budget: 0.000_001 });
  const dear = { provider: 'openai', price_usd_per_million: { input: 1, output: 1 } };
  const faultsWith = async (OPENAI_BASE_URL: string) => {
    const config = configWith({ models: { dear }, aliases: { mine: { model: 'dear' } } }, { OPENAI_BASE_URL });
    const unlisted = await modelFaults(config, [aTask({ id: 'b', model: 'not-listed' })], async () => false);
    return [...unlisted, ...moneyFaults(config, [task], () => true)].map(({ kind, field }) => `${kind} ${field}`);
  };

  it.each([
    'http://127.0.0.1:11434/v1',
    'http://localhost:11434/v1',
    'http://[::1]:11434/v1',
    'http://ollama.localhost:11434/v1',
    'http://user:word@127.0.0.1/v1',
  ])('enters when its server is %s, on this machine and free', async (url) => {
    expect(await faultsWith(url)).toEqual([]);
  });

  it.each(['https://api.openai.com/v1', 'http://10.0.0.1/v1', 'http://127.0.0.1.evil.example/v1', 'http://localhost.example/v1'])(
    'is refused when its server is %s, which is paid',
    async (url) => {
      expect(await faultsWith(url)).toEqual(['task model', 'money max_budget']);
    },
  );

  it('counts the prompt as the model gate will', () => {
    const config = configWith({ models: { mine: { provider: 'openai', price_usd_per_million: { input: 1, output: 10 } } } });
    // 96 and 8 tokens around 5 bytes of prompt, and 16 of an answer.
    const least = (96 + 8 + 5 + 16 * 10) / 1e6;
    const faults = (max_budget: number) =>
      moneyFaults(config, [aTask({ id: 'a', prompt: 'Hähl', model: 'mine', max_budget })], () => true);
    expect([faults(least).length, faults(least - 1e-9).length]).toEqual([0, 1]);
  });
});
