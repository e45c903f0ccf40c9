import { z } from 'zod';
import { roundHalfEven } from '../../economy/rules.ts';

const clamped = (low: number, high: number, fallback: number) =>
  z
    .number()
    .default(fallback)
    .transform((value) => Math.min(high, Math.max(low, value)));

/** How a bounty pays for places in and beyond its slots. Values out of range are taken to the nearest in range. */
export const SlotPolicy = z.object({
  in_slot_multiplier: clamped(0.1, 2, 1),
  overflow_decay: clamped(0.1, 0.95, 0.5),
  min_multiplier: clamped(0, 1, 0.05),
  min_description_chars: z.int().nonnegative().default(20),
  allow_artifact_override: z.boolean().default(true),
  max_rewarded_submissions_per_identity: z.int().min(1).default(1),
});
export type SlotPolicy = z.infer<typeof SlotPolicy>;

/** What the `place`-th submission (from 1) is worth of the reward, four decimals. */
export function slotMultiplier(policy: SlotPolicy, slots: number, place: number): number {
  const { in_slot_multiplier, overflow_decay, min_multiplier } = policy;
  if (place <= slots) return in_slot_multiplier;
  return round4(Math.max(min_multiplier, in_slot_multiplier * overflow_decay ** (place - slots)));
}

export function rewardCap(reward: number, multiplier: number): number {
  return roundHalfEven(reward * Math.max(0, multiplier));
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
