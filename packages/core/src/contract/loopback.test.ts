import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackHost, isLoopbackUrl, isOwnModelServer } from './loopback.ts';

describe('the address of a socket', () => {
  it.each(['127.0.0.1', '127.8.9.1', '127.255.255.255', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1', '::ffff:7f00:1'])(
    '%s is of this machine',
    (address) => expect(isLoopbackAddress(address)).toBe(true),
  );
  it.each([
    ...['10.0.0.1', '0.0.0.0', '128.0.0.1', '127.0.0.256', '127.0.0.01', '127.1', '127.0.0.1.2', '127.0.0.1.evil.example'],
    ...[
      '::',
      '::2',
      '::ffff:10.0.0.1',
      '::ffff:a00:1',
      'fe80::1',
      'localhost',
      '[::1]',
      '127.0.0.1:80',
      ' 127.0.0.1',
      '',
      undefined,
    ],
  ])('%s is not', (address) => expect(isLoopbackAddress(address)).toBe(false));
});

describe('a host', () => {
  it.each([
    ...['127.0.0.1', '127.0.0.1:8420', '127.8.8.8', 'localhost', 'LocalHost:8420', '[::1]:8420', '[::1]'],
    ...['[::ffff:127.0.0.1]:80', '[::ffff:7f00:1]'],
  ])('%s names this machine', (host) => expect(isLoopbackHost(host)).toBe(true));
  it.each([
    ...['evil.example', 'evil.example:8420', '127.0.0.1.evil.example', 'localhost.evil.example', 'evil-localhost', 'localhost.'],
    ...[
      '',
      undefined,
      '10.0.0.1:8420',
      '127.example',
      'localhost:',
      'localhost:123456',
      'localhost:8420:8420',
      '[localhost',
      'a@localhost',
    ],
  ])('%s does not', (host) => expect(isLoopbackHost(host, { subdomains: true })).toBe(false));
  it('may be a name below localhost only where that is said', () => {
    expect([isLoopbackHost('ollama.localhost:1'), isLoopbackHost('ollama.localhost:1', { subdomains: true })]).toEqual([
      false,
      true,
    ]);
  });
});

/** Each question about a URL: an endpoint, an http probe, a model server. */
const ASKED = [(url: string) => isLoopbackUrl(url), (url: string) => isLoopbackUrl(url, ['http:']), isOwnModelServer];

it.each([
  ['http://127.0.0.1:8420', [true, true, true]],
  ['http://localhost:9100/', [true, true, true]],
  ['http://[::1]:9100', [true, true, true]],
  ['http://127.1/', [true, true, true]],
  ['http://2130706433/', [true, true, true]],
  ['http://[::ffff:127.0.0.1]/', [true, true, true]],
  ['https://127.0.0.1/', [true, false, true]],
  ['ftp://127.0.0.1/', [false, false, true]],
  ['http://user:pw@127.0.0.1/', [false, false, true]],
  ['http://ollama.localhost:11434/v1', [false, false, true]],
  ['http://127.0.0.1@example.org/', [false, false, false]],
  ['http://127.0.0.1.evil.example/', [false, false, false]],
  ['http://localhost.example/', [false, false, false]],
  ['http://0.0.0.0/', [false, false, false]],
  ['http://10.0.0.1/', [false, false, false]],
  ['127.0.0.1:8420', [false, false, false]],
  ['', [false, false, false]],
])('%s is a URL of this machine: as an endpoint, for a probe, as a model server', (url, answers) => {
  expect(ASKED.map((ask) => ask(url))).toEqual(answers);
});
