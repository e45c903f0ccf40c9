import type { ProcessIdentity } from '../../contract/process.ts';
import type { CallNote } from '../../ports/budget.ts';
import { levelsOf } from './levels.ts';
import { ceilNano, floorNano, toNano } from './money.ts';
import type { BudgetRecord, ReservedRecord } from './record.ts';

/** A reservation in force. `amount` is what was granted, in nano-dollars. */
export interface Reservation {
  readonly call_id: string;
  readonly task_id?: string | undefined;
  readonly identity_id?: string | undefined;
  readonly amount: number;
  readonly reserved_at: string;
  readonly owner: ProcessIdentity;
  readonly about?: CallNote | undefined;
}

/** The state of all money, in nano-dollars. Changed in place by `applyRecord` and by nothing else. */
export interface BudgetFold {
  cap: number;
  since: string;
  /** By purse: `run`, `task:<id>`, `identity:<id>`. */
  readonly spent: Map<string, number>;
  readonly reserved: Map<string, number>;
  /** By task: what its calls came to, over every reset. */
  readonly charged: Map<string, number>;
  readonly reservations: Map<string, Reservation>;
  /** The last settled calls, newest last, so that a repeated settlement is known for what it is. */
  readonly settled: Set<string>;
}

/** How many settled calls are remembered. */
const REMEMBERED = 4096;

export const emptyFold = (): BudgetFold => ({
  cap: 0,
  since: '',
  spent: new Map(),
  reserved: new Map(),
  charged: new Map(),
  reservations: new Map(),
  settled: new Set(),
});

export const spentAt = (fold: BudgetFold, key: string): number => fold.spent.get(key) ?? 0;
export const reservedAt = (fold: BudgetFold, key: string): number => fold.reserved.get(key) ?? 0;

/**
 * Fold one record. Returns false when it does not count: a reservation for which not enough was left at its place in
 * the log, a call that is reserved or settled already, a settlement without a reservation. The answer depends on the
 * log alone, so racing processes all come to the same one.
 */
export function applyRecord(fold: BudgetFold, record: BudgetRecord): boolean {
  if (fold.since === '') fold.since = record.timestamp;
  switch (record.kind) {
    case 'cap_set':
      fold.cap = floorNano(record.cap_usd);
      return true;
    case 'reserved':
      return reserve(fold, record);
    case 'settled':
      return settle(fold, record.call_id, toNano(record.cost_usd));
    case 'reset':
      return reset(fold, record);
  }
}

function reserve(fold: BudgetFold, record: ReservedRecord): boolean {
  if (fold.reservations.has(record.call_id) || fold.settled.has(record.call_id)) return false;
  const left = levelsOf(fold.cap, record).map((level) => level.cap - spentAt(fold, level.key) - reservedAt(fold, level.key));
  const amount = Math.min(ceilNano(record.amount_usd), ...left);
  if (amount < ceilNano(record.minimum_usd) || amount < 0) return false;
  const { call_id, task_id, identity_id, owner, about } = record;
  fold.reservations.set(call_id, { call_id, task_id, identity_id, amount, reserved_at: record.timestamp, owner, about });
  for (const key of pursesOf(record)) add(fold.reserved, key, amount);
  return true;
}

function settle(fold: BudgetFold, callId: string, cost: number): boolean {
  const reservation = fold.reservations.get(callId);
  if (!reservation) return false;
  release(fold, reservation);
  for (const key of pursesOf(reservation)) add(fold.spent, key, cost);
  if (reservation.task_id !== undefined) add(fold.charged, reservation.task_id, cost);
  fold.settled.add(callId);
  for (const oldest of fold.settled) {
    if (fold.settled.size <= REMEMBERED) break;
    fold.settled.delete(oldest);
  }
  return true;
}

/** Spending starts at zero. Reservations of living processes stay: their calls will still be paid. */
function reset(fold: BudgetFold, record: Extract<BudgetRecord, { kind: 'reset' }>): boolean {
  for (const callId of record.dropped) {
    const reservation = fold.reservations.get(callId);
    if (reservation) release(fold, reservation);
  }
  fold.spent.clear();
  fold.since = record.timestamp;
  return true;
}

function release(fold: BudgetFold, reservation: Reservation): void {
  fold.reservations.delete(reservation.call_id);
  for (const key of pursesOf(reservation)) add(fold.reserved, key, -reservation.amount);
}

/** Every purse a call is booked under, capped or not: a cap may be named by the next call only. */
function pursesOf(call: { readonly task_id?: string | undefined; readonly identity_id?: string | undefined }): string[] {
  const keys = ['run'];
  if (call.task_id !== undefined) keys.push(`task:${call.task_id}`);
  if (call.identity_id !== undefined) keys.push(`identity:${call.identity_id}`);
  return keys;
}

function add(purses: Map<string, number>, key: string, amount: number): void {
  const sum = (purses.get(key) ?? 0) + amount;
  if (sum === 0) purses.delete(key);
  else purses.set(key, sum);
}
