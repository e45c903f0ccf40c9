import { testAwareLines } from '@vivarium/core';
import type { Advice, Ground } from './ground.ts';

/** Code that asks whether it is being tested, or ends the program, can act otherwise where nobody looks: a person reads it. */
export async function unawareCheck(ground: Ground): Promise<Advice> {
  const rule = 'tests.unaware';
  const text = async (oid: string | undefined) => (oid === undefined ? undefined : (await ground.store.read(oid)).toString());
  const found: string[] = [];
  for (const { path, before, after, binary, tier } of ground.judged) {
    const now = binary || tier === 'D' ? undefined : await text(after?.oid);
    if (now === undefined) continue;
    found.push(...testAwareLines(await text(before?.oid), now).map((line) => `${path}:${line}`));
  }
  if (found.length === 0) return { quiet: true, check: ground.check(rule, true, 'no code asks who runs it') };
  return {
    quiet: false,
    check: ground.check(rule, true, `asks who runs it, or ends the program: ${found.slice(0, 12).join(', ')}`),
  };
}
