import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackHost } from './perimeter.ts';

describe('who is on this machine', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('%s is', (address) =>
    expect(isLoopbackAddress(address)).toBe(true),
  );
  it.each(['10.0.0.1', '0.0.0.0', '::', '::ffff:10.0.0.1', '127.0.0.1.evil.example', 'localhost', '', undefined])(
    '%s is not',
    (address) => expect(isLoopbackAddress(address)).toBe(false),
  );
});

describe('a Host header that names this machine', () => {
  it.each(['127.0.0.1', '127.0.0.1:8420', 'localhost', 'LocalHost:8420', '[::1]:8420', '[::1]'])('%s does', (host) =>
    expect(isLoopbackHost(host)).toBe(true),
  );
  it.each([
    'evil.example',
    'evil.example:8420',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '',
    undefined,
    '10.0.0.1:8420',
  ])('%s does not', (host) => expect(isLoopbackHost(host)).toBe(false));
});
