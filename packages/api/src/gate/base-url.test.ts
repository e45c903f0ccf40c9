import { expect, it } from 'vitest';
import { addressesOf, isLoopback } from './base-url.ts';

it.each([
  ['http://127.0.0.1:11434', ['http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1']],
  ['http://127.0.0.1:11434/', ['http://127.0.0.1:11434', 'http://127.0.0.1:11434/v1']],
  ['http://127.0.0.1:11434/v1', ['http://127.0.0.1:11434/v1', 'http://127.0.0.1:11434']],
  ['http://127.0.0.1:11434/v1///', ['http://127.0.0.1:11434/v1', 'http://127.0.0.1:11434']],
  ['http://127.0.0.1:1234/v1/chat/completions', ['http://127.0.0.1:1234/v1', 'http://127.0.0.1:1234']],
  ['http://127.0.0.1:1234//v1//models/', ['http://127.0.0.1:1234/v1', 'http://127.0.0.1:1234']],
  ['https://host.example/openai/v1?x=1#y', ['https://host.example/openai/v1', 'https://host.example/openai']],
  ['https://host.example/api', ['https://host.example/api', 'https://host.example/api/v1']],
])('looks for the API of %s where it is most often meant', (given, addresses) => {
  expect(addressesOf(given)).toEqual(addresses);
});

it('knows this machine by its names', () => {
  for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', 'ollama.localhost', '[::1]'])
    expect(isLoopback(`http://${host}:1/v1`)).toBe(true);
  for (const host of ['localhost.example', '10.0.0.1', '128.0.0.1', '127.example'])
    expect(isLoopback(`http://${host}/`)).toBe(false);
});
