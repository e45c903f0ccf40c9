import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ModelNotAllowedError, PriceUnknownError } from '../../errors/index.ts';
import { Catalogue, loadCatalogue } from './catalogue.ts';

const shipped = () =>
  loadCatalogue(fileURLToPath(new URL('../../../../../config/models.json', import.meta.url)), 'openai/gpt-oss-20b');
const groq = { name: 'groq', free: false } as const;
const local = (models?: string[]) => ({ name: 'local', free: true, models }) as const;

describe('the shipped list of models', () => {
  it('knows the published prices of both Groq models', () => {
    expect(shipped().choose('openai/gpt-oss-20b', groq).price).toEqual({ input: 0.075, output: 0.3 });
    expect(shipped().choose('openai/gpt-oss-120b', groq).price).toEqual({ input: 0.15, output: 0.6 });
  });

  it.each([
    ['llama-3.1-8b-instant', 'openai/gpt-oss-20b'],
    ['llama-3.3-70b-versatile', 'openai/gpt-oss-120b'],
  ])('keeps the retired id %s valid and says what answers for it', (from, to) => {
    expect(shipped().choose(from, groq)).toMatchObject({ id: to, alias: { from, because: expect.stringContaining('retired') } });
  });

  it('takes the default when nothing is asked', () => {
    expect(shipped().choose(undefined, groq).id).toBe('openai/gpt-oss-20b');
    expect(shipped().choose(undefined, { name: 'openai', free: false }).id).toBe('gpt-4.1-mini');
  });

  it('tells a model of another provider, which the runtime does not insist on', () => {
    expect(shipped().isForeign('openai/gpt-oss-120b', { name: 'openai', free: false })).toBe(true);
    expect(shipped().isForeign('openai/gpt-oss-120b', groq)).toBe(false);
    expect(shipped().isForeign('gpt-99', groq)).toBe(false);
  });

  it('refuses what is not listed, and a model of another provider', () => {
    expect(() => shipped().choose('gpt-99', groq)).toThrow(ModelNotAllowedError);
    expect(() => shipped().choose('gpt-4.1', groq)).toThrow(ModelNotAllowedError);
    expect(() => shipped().choose('__proto__', groq)).toThrow(ModelNotAllowedError);
  });
});

describe('prices', () => {
  const catalogue = (price?: { input: number; output: number }) =>
    new Catalogue(
      { models: { 'no/body-knows': { provider: 'groq', ...(price ? { price_usd_per_million: price } : {}) } }, aliases: {} },
      'models.json',
      'no/body-knows',
    );

  it('refuse a model whose price nobody knows; it is never free', () => {
    expect(() => catalogue().choose(undefined, groq)).toThrow(PriceUnknownError);
  });

  it('can be given in the file', () => {
    expect(catalogue({ input: 1, output: 2 }).choose(undefined, groq).price).toEqual({ input: 1, output: 2 });
  });
});

describe('a server on this machine', () => {
  it('costs nothing and offers what it lists', () => {
    expect(shipped().choose('llama3.2:3b', local(['llama3.2:3b']))).toMatchObject({
      id: 'llama3.2:3b',
      price: { input: 0, output: 0 },
    });
  });

  it('answers with its first model for a listed one it does not have', () => {
    expect(shipped().choose(undefined, local(['qwen3:8b', 'x']))).toMatchObject({
      id: 'qwen3:8b',
      alias: { from: 'openai/gpt-oss-20b' },
    });
    expect(shipped().choose('openai/gpt-oss-120b', local(['qwen3:8b'])).id).toBe('qwen3:8b');
  });

  it('is not asked for a model that nobody listed', () => {
    expect(() => shipped().choose('gpt-99', local(['qwen3:8b']))).toThrow(/Use|not allowed/);
  });

  it('gets listed names as they are when it does not say what it has', () => {
    expect(shipped().choose('llama-3.1-8b-instant', local()).id).toBe('openai/gpt-oss-20b');
  });
});
