import { expect, it } from 'vitest';
import { addressesOf } from './base-url.ts';

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
