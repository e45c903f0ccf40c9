import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CHEATS, type Cheat } from './verification-cheats.ts';
import type { Dialect } from './verification-dialects.ts';
import { HONEST } from './verification-honest.ts';
import { benchOf, detailOf, judged, rejections } from './verification-kit.ts';

const FULL = process.env['VIVARIUM_CHANGES'] === 'full';
/** On a machine that is busy with other things. */
const PATIENCE_MS = 240_000;
const short = FULL ? '' : ' (short form; VIVARIUM_CHANGES=full tries all)';

type ABench = Awaited<ReturnType<typeof benchOf>>;
const benches = new Map<string, Promise<ABench>>();
afterAll(async () => {
  for (const bench of benches.values()) (await bench).end();
});

/** One bench for all changes to the same base: its tests are run once. */
function benchFor({ ecosystem }: Dialect, base: Cheat['base'] = {}, settings: Cheat['settings'] = {}): Promise<ABench> {
  const key = JSON.stringify([ecosystem.name, base, settings]);
  const known = benches.get(key) ?? benchOf({ ...ecosystem, files: { ...ecosystem.files, ...base } }, settings);
  benches.set(key, known);
  return known;
}

const chosen = <T extends { readonly short?: true; readonly dialect: Dialect; readonly what: string }>(all: readonly T[]) =>
  all.filter((each) => FULL || each.short).map((each) => [`${each.dialect.ecosystem.name} ${each.what}`, each] as const);

describe(`a change that cheats is never approved by witnesses${short}`, () => {
  it.for(chosen(CHEATS))(
    '%s',
    { timeout: PATIENCE_MS },
    async ([, { dialect, base, settings, wanted, caught, words, attack }], { skip }) => {
      skip(dialect.ecosystem.missing !== undefined, dialect.ecosystem.missing);
      const bench = await benchFor(dialect, base, settings);
      const seen = await judged(bench, wanted);
      expect(seen, `attack ${attack}`).toMatchObject({ proven: false });
      expect(seen.interrupted ?? seen.stale).toBeUndefined();
      if (caught === 'critic') expect(rejections(seen)).toEqual([]);
      else if (caught === 'unsteady') expect(rejections(seen).length).toBeGreaterThan(0);
      else expect(rejections(seen), JSON.stringify(seen.checks)).toContain(caught);
      if (words) expect(detailOf(seen, caught)).toMatch(words);
      expect(readdirSync(join(bench.store.folder, 'runs'))).toEqual([]);
    },
  );

  it('is one of fifty or more, of every kind', () => {
    expect(CHEATS.length).toBeGreaterThanOrEqual(50);
    expect(new Set(CHEATS.map(({ attack }) => attack))).toEqual(
      new Set([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]),
    );
  });
});

describe(`an honest change is not refused${short}`, () => {
  it.for(chosen(HONEST))('%s', { timeout: PATIENCE_MS }, async ([, { dialect, wanted, proven }], { skip }) => {
    skip(dialect.ecosystem.missing !== undefined, dialect.ecosystem.missing);
    const seen = await judged(await benchFor(dialect), wanted);
    expect(seen.interrupted ?? seen.stale).toBeUndefined();
    expect(rejections(seen), JSON.stringify(seen.checks, null, 1)).toEqual([]);
    expect(seen.proven).toBe(proven);
  });
});
