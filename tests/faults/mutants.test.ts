import { describe, expect, it } from 'vitest';
import { BREAKS, fits, MUTANTS, type Mutant } from './campaign/mutants.ts';
import { start } from './kit/processes.ts';

const full = process.env['VIVARIUM_FAULTS'] === 'full';

const NAMES = Object.keys(MUTANTS) as Mutant[];

describe('a planted bug', () => {
  it.each(NAMES)('%s still fits the sources', (mutant) => {
    expect(fits(mutant)).toBe(true);
  });

  it.runIf(full).each(NAMES)('%s is caught by the campaign', { timeout: 600_000, retry: 0 }, async (mutant) => {
    const run = start('tests/faults/campaign/main.ts', ['--minutes', '0.6', '--seed', '5', '--mutant', mutant]);
    const { code } = await run.exit;
    expect(code, run.errors.slice(-5).join('\n')).toBe(1);
    const violations = run.lines.find((line) => line.trim().startsWith(BREAKS[mutant]) && /\d+$/.test(line)) ?? '';
    expect(Number(/(\d+)$/.exec(violations)?.[1])).toBeGreaterThan(0);
  });
});
