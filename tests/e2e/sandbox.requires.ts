import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Why tests that need a tool are skipped here, or undefined when it is there. A tool named in VIVARIUM_TEST_REQUIRE must be
 * there: its absence is a failure.
 */
export function requires(tool: 'bwrap' | 'rg' | 'pytest'): string | undefined {
  if (isHere(tool)) return undefined;
  const required = (process.env['VIVARIUM_TEST_REQUIRE'] ?? '').split(',').includes(tool);
  if (required) throw new Error(`${tool} is required by VIVARIUM_TEST_REQUIRE and is not installed`);
  return `${tool} is not installed`;
}

function isHere(tool: string): boolean {
  if (tool === 'pytest') return spawnSync('python3', ['-c', 'import pytest']).status === 0;
  return existsSync(`/usr/bin/${tool}`) || existsSync(`/bin/${tool}`);
}
