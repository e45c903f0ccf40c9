import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe('requires', () => {
  it('lets tests be skipped when a program is missing, and refuses when it was demanded', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'vivarium-path-'));
    vi.stubEnv('PATH', empty);
    vi.stubEnv('VIVARIUM_TEST_REQUIRE', 'chromium');
    const { requires } = await import('./requires.ts');
    expect(requires('rg')).toBe(false);
    vi.stubEnv('VIVARIUM_TEST_REQUIRE', 'chromium, rg');
    expect(() => requires('rg')).toThrow(/need rg/);
    rmSync(empty, { recursive: true });
  });

  it('lets tests run when the program works', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vivarium-path-'));
    symlinkSync('/bin/true', join(folder, 'rg'));
    vi.stubEnv('PATH', folder);
    const { requires } = await import('./requires.ts');
    expect(requires('rg')).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
