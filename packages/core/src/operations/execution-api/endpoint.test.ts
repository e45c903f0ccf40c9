import { describe, expect, it } from 'vitest';
import { resolveEndpoint } from './endpoint.ts';

describe('the address of the API', () => {
  it.each([
    [undefined, 8420, false, 'http://127.0.0.1:8420'],
    ['', 9000, true, 'http://127.0.0.1:9000'],
    ['http://127.0.0.1:9100', 9000, true, 'http://127.0.0.1:9100'],
    ['http://localhost:9100/', 8420, false, 'http://localhost:9100'],
    ['http://[::1]:9100', 8420, false, 'http://[::1]:9100'],
    ['http://127.0.0.1:8420', 9000, true, 'http://127.0.0.1:9000'],
    ['http://127.0.0.1:8420', 9000, false, 'http://127.0.0.1:8420'],
  ])('is for %j and port %i (chosen: %s) %s', (written, port, chosen, endpoint) => {
    expect(resolveEndpoint(written, port, chosen)).toBe(endpoint);
  });

  it.each([
    'http://example.com:8420',
    'http://10.0.0.5:8420',
    'ftp://127.0.0.1',
    'not a url',
    'http://user:pw@127.0.0.1:8420',
    'http://127.0.0.1.evil.com',
  ])('is never %s', (written) => {
    expect(() => resolveEndpoint(written, 8420, false)).toThrow(/loopback/);
  });
});
