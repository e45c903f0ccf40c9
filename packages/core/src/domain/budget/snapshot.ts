import { z } from 'zod';
import { ProcessIdentity } from '../../contract/process.ts';
import { type BudgetFold, emptyFold } from './fold.ts';
import { CallNote } from './record.ts';

/** Rises when the shape below changes; an older snapshot is then folded anew from the log. */
export const SNAPSHOT_VERSION = 2;

const Purses = z.array(z.tuple([z.string(), z.number()]));
const Saved = z.object({
  cap: z.number(),
  since: z.string(),
  spent: Purses,
  reserved: Purses,
  charged: Purses,
  reservations: z.array(
    z.object({
      call_id: z.string(),
      task_id: z.string().optional(),
      identity_id: z.string().optional(),
      amount: z.number(),
      reserved_at: z.string(),
      owner: ProcessIdentity,
      about: CallNote.optional(),
    }),
  ),
  settled: z.array(z.string()),
});

/** The fold's state as JSON. */
export function saveFold(fold: BudgetFold): z.infer<typeof Saved> {
  return {
    cap: fold.cap,
    since: fold.since,
    spent: [...fold.spent],
    reserved: [...fold.reserved],
    charged: [...fold.charged],
    reservations: [...fold.reservations.values()],
    settled: [...fold.settled],
  };
}

/** @throws ZodError for a state this version did not write */
export function loadFold(value: unknown): BudgetFold {
  const saved = Saved.parse(value);
  return {
    ...emptyFold(),
    cap: saved.cap,
    since: saved.since,
    spent: new Map(saved.spent),
    reserved: new Map(saved.reserved),
    charged: new Map(saved.charged),
    reservations: new Map(saved.reservations.map((reservation) => [reservation.call_id, reservation])),
    settled: new Set(saved.settled),
  };
}
