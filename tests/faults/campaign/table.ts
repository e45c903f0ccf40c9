import type { CampaignResult } from './campaign.ts';
import { PROMISES } from './check/found.ts';
import { INJURY_KINDS } from './schedule.ts';

/** How many violations of one promise are told in full. */
const TOLD = 8;

/** What was done, what was looked at, and what was broken. */
export function tableOf({ injuries, skipped, found }: CampaignResult): string {
  const rows = (pairs: readonly (readonly [string, string | number])[]) =>
    pairs.map(([name, value]) => `  ${name.padEnd(44)}${String(value).padStart(8)}`).join('\n');
  const hurt = INJURY_KINDS.map((kind) => [kind, skipped[kind] === undefined ? (injuries.get(kind) ?? 0) : 'skipped'] as const);
  const total = [...injuries.values()].reduce((sum, times) => sum + times, 0);
  const broken = PROMISES.map((promise) => [promise, found.violations.filter((one) => one.promise === promise).length] as const);
  const details = PROMISES.flatMap((promise) => {
    const what = found.violations.filter((one) => one.promise === promise);
    const more = what.length > TOLD ? [`  … and ${what.length - TOLD} more`] : [];
    return [...what.slice(0, TOLD).map((one) => `  ${promise}: ${one.what}`), ...more];
  });
  const reasons = Object.entries(skipped).map(([kind, why]) => `  ${kind} skipped: ${why}`);
  const parts = [
    `Injuries\n${rows([...hurt, ['together', total]])}`,
    ...(reasons.length > 0 ? [reasons.join('\n')] : []),
    `Looked at\n${rows(Object.entries(found.figures))}`,
    `Violations\n${rows([...broken, ['together', found.violations.length]])}`,
    ...details,
  ];
  return parts.join('\n');
}
