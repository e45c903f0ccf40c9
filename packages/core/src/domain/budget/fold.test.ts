import { describe, expect, it } from 'vitest';
import type { ReservationRequest } from '../../ports/budget.ts';
import { applyRecord, type BudgetFold, emptyFold, reservedAt, spentAt } from './fold.ts';
import { toNano } from './money.ts';
import type { BudgetRecord } from './record.ts';
import { admit } from './rules.ts';
import { loadFold, saveFold } from './snapshot.ts';

const timestamp = '2030-01-01T00:00:00.000Z';
const owner = { pid: 1, process_start: '1', boot_id: 'b', host: 'h', pid_ns: '', time_ns: '' };

function foldOf(cap: number, ...records: BudgetRecord[]): BudgetFold {
  const fold = emptyFold();
  for (const record of [{ kind: 'cap_set', timestamp, actor: 'config', cap_usd: cap } as const, ...records])
    applyRecord(fold, record);
  return fold;
}
const request = (call_id: string, amount: number, more: Partial<ReservationRequest> = {}): ReservationRequest => ({
  call_id,
  amount_usd: amount,
  minimum_usd: amount,
  ...more,
});
const reserved = (...args: Parameters<typeof request>): BudgetRecord => ({
  kind: 'reserved',
  timestamp,
  owner,
  ...request(...args),
});
const settled = (call_id: string, cost_usd: number): BudgetRecord => ({ kind: 'settled', timestamp, call_id, cost_usd });

describe('the fold of the budget', () => {
  it('lets the first of two racing reservations win and voids the second', () => {
    const fold = foldOf(1, reserved('a', 0.7), reserved('b', 0.7));
    expect([...fold.reservations.keys()]).toEqual(['a']);
    expect(reservedAt(fold, 'run')).toBe(toNano(0.7));
  });

  it('grants what is left when that is at least the minimum', () => {
    const fold = foldOf(1, reserved('a', 0.7), reserved('b', 0.7, { minimum_usd: 0.1 }));
    expect(fold.reservations.get('b')?.amount).toBe(toNano(0.3));
  });

  it('counts a task and an identity against their own caps too', () => {
    const task = { task_id: 't', task_cap_usd: 0.5 };
    const resident = { identity_id: 'i', identity_cap_usd: 0.5 };
    const fold = foldOf(
      9,
      reserved('a', 0.4, task),
      reserved('b', 0.2, task),
      reserved('c', 0.4, resident),
      reserved('d', 0.2, resident),
    );
    expect([...fold.reservations.keys()]).toEqual(['a', 'c']);
  });

  it('books the true cost, frees the rest, and lets a call be settled once only', () => {
    const fold = foldOf(
      1,
      reserved('a', 0.7, { task_id: 't' }),
      settled('a', 0.123456789),
      settled('a', 0.5),
      settled('never', 0.1),
    );
    expect(spentAt(fold, 'run')).toBe(123456789);
    expect(spentAt(fold, 'task:t')).toBe(123456789);
    expect(reservedAt(fold, 'run')).toBe(0);
  });

  it('does not open a settled call again', () => {
    const fold = foldOf(1, reserved('a', 0.1), settled('a', 0.1), reserved('a', 0.1));
    expect(fold.reservations.size).toBe(0);
  });

  it('adds thousands of small sums without drift', () => {
    const records = Array.from({ length: 3000 }, (_, n) => [reserved(`c${n}`, 0.0001), settled(`c${n}`, 0.0001)]).flat();
    expect(spentAt(foldOf(1, ...records), 'run')).toBe(toNano(0.3));
  });

  it('starts at zero after a reset, keeping the reservations of living processes', () => {
    const reset: BudgetRecord = { kind: 'reset', timestamp, actor: 'person', dropped: ['dead'] };
    const fold = foldOf(1, reserved('s', 0.5), settled('s', 0.5), reserved('live', 0.2), reserved('dead', 0.1), reset);
    expect(spentAt(fold, 'run')).toBe(0);
    expect(reservedAt(fold, 'run')).toBe(toNano(0.2));
  });

  it('is the same after a trip through a snapshot', () => {
    const fold = foldOf(1, reserved('a', 0.2, { task_id: 't' }), reserved('b', 0.3), settled('b', 0.1));
    expect(loadFold(JSON.parse(JSON.stringify(saveFold(fold))))).toEqual(fold);
  });
});

describe('admission', () => {
  it('waits for reserved money and refuses for spent money', () => {
    const waiting = foldOf(1, reserved('a', 0.8));
    expect(admit(waiting, request('b', 0.5))).toMatchObject({ kind: 'wait', level: { key: 'run' } });
    const spent = foldOf(1, reserved('a', 0.8), settled('a', 0.8));
    expect(admit(spent, request('b', 0.5))).toMatchObject({ kind: 'refuse', left: toNano(0.2) });
  });

  it('clamps to what spending left, not to what others merely hold', () => {
    const spent = foldOf(1, reserved('a', 0.8), settled('a', 0.8));
    expect(admit(spent, request('b', 0.5, { minimum_usd: 0.1 }))).toEqual({ kind: 'grant', amount: toNano(0.2) });
    const held = foldOf(1, reserved('a', 0.8));
    expect(admit(held, request('b', 0.5, { minimum_usd: 0.1 }))).toMatchObject({ kind: 'wait' });
  });

  it('names the purse that refuses', () => {
    const fold = foldOf(1);
    expect(admit(fold, request('a', 0.5, { task_id: 't', task_cap_usd: 0.1 }))).toMatchObject({
      kind: 'refuse',
      level: { name: 'task' },
    });
  });

  it('counts what this process has asked for and not read back', () => {
    expect(admit(foldOf(1), request('a', 0.5), new Map([['run', toNano(0.6)]]))).toMatchObject({ kind: 'wait' });
  });
});
