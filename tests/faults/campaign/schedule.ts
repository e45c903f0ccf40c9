import { seeded } from '../kit/processes.ts';

/** Everything that is done to the world, and how often within one round: all kinds come before any comes for the next round. */
const ROUND = {
  kill: 6,
  stop: 3,
  freeze: 2,
  term: 2,
  full_disk: 1,
  garbage: 4,
  clock: 1,
  provider: 4,
  hand_edit: 2,
  broken_edit: 1,
  late_commit: 2,
  repeated_act: 2,
  http_flood: 2,
  socket_flood: 2,
  cli_flood: 1,
} as const;
export type InjuryKind = keyof typeof ROUND;
export const INJURY_KINDS = Object.keys(ROUND) as InjuryKind[];

/** One injury, as the seed alone says: everything about it that chance decides is drawn from its own seed. */
export interface Injury {
  readonly at_ms: number;
  readonly kind: InjuryKind;
  readonly seed: number;
}

const [SHORTEST_GAP_MS, LONGEST_GAP_MS] = [200, 1_400];

/** The injuries of a campaign. The same seed and length give the same ones. */
export function schedule(seed: number, length_ms: number): Injury[] {
  const random = seeded(seed);
  const injuries: Injury[] = [];
  let bag: InjuryKind[] = [];
  for (let at = 0; ; ) {
    at += SHORTEST_GAP_MS + random() * (LONGEST_GAP_MS - SHORTEST_GAP_MS);
    if (at >= length_ms) return injuries;
    if (bag.length === 0) bag = INJURY_KINDS.flatMap((kind) => Array.from({ length: ROUND[kind] }, () => kind));
    const [kind] = bag.splice(Math.floor(random() * bag.length), 1);
    if (kind !== undefined) injuries.push({ at_ms: Math.round(at), kind, seed: Math.floor(random() * 2 ** 31) });
  }
}
