import type { Line } from '../../kit/read-log.ts';
import type { ModelCall } from '../model.ts';
import type { Found } from './found.ts';

/** What rounding may hide, in US dollars. */
const CENT_OF_NOTHING = 1e-9;

interface Reserved {
  readonly task: string | undefined;
  readonly amount: number;
}

/**
 * Money line by line, as anybody can add it up. A reservation is granted what is left at its place, and is void when that
 * is less than its minimum; spent and reserved together never pass the cap, over all and for each task.
 */
export function checkMoney(found: Found, ledger: readonly Line[], audit: readonly Line[], calls: readonly ModelCall[]): void {
  const books = new Books(found);
  for (const line of ledger) books.read(line);
  found.count('money lines', ledger.length);
  found.figures['highest share of the cap, %'] = Math.round(books.highest * 1000) / 10;
  for (const id of books.reserved.keys()) found.broke('nothing runs loose', `reservation ${id} was never settled`);
  checkAudit(found, books, audit);
  checkBill(found, books, calls);
}

class Books {
  readonly #found: Found;
  readonly reserved = new Map<string, Reserved>();
  readonly settled = new Set<string>();
  /** Reservations that counted, by task. */
  readonly bought = new Map<string, number>();
  readonly #taskSpent = new Map<string, number>();
  readonly #taskCap = new Map<string, number>();
  #cap = 0;
  #spent = 0;
  total = 0;
  highest = 0;

  constructor(found: Found) {
    this.#found = found;
  }

  read(line: Line): void {
    const id = String(line['call_id']);
    switch (line['kind']) {
      case 'cap_set':
        this.#cap = Number(line['cap_usd']);
        return;
      case 'reserved':
        this.#reserve(id, line);
        return;
      case 'settled':
        this.#settle(id, Number(line['cost_usd']));
        return;
      case 'reset':
        this.#spent = 0;
        this.#taskSpent.clear();
        this.#found.count('budget resets');
        for (const dropped of Array.isArray(line['dropped']) ? line['dropped'] : []) {
          this.settled.add(String(dropped));
          this.reserved.delete(String(dropped));
        }
    }
  }

  #reserve(id: string, line: Line): void {
    if (this.reserved.has(id) || this.settled.has(id)) return;
    const task = line['task_id'] === undefined ? undefined : String(line['task_id']);
    const taskCap = line['task_cap_usd'] === undefined ? Number.POSITIVE_INFINITY : Number(line['task_cap_usd']);
    const left = Math.min(this.#cap - this.#spent - this.#open(), taskCap - this.#ofTask(task));
    const amount = Math.min(Number(line['amount_usd']), left);
    if (amount < Number(line['minimum_usd']) - CENT_OF_NOTHING || amount < 0) {
      this.#found.count('reservations refused by the log');
      return;
    }
    this.reserved.set(id, { task, amount });
    if (task !== undefined) this.#taskCap.set(task, taskCap);
    if (task !== undefined) this.bought.set(task, (this.bought.get(task) ?? 0) + 1);
    this.#look(task);
  }

  #settle(id: string, cost: number): void {
    const reservation = this.reserved.get(id);
    if (!reservation) {
      if (!this.settled.has(id)) this.#found.broke('a cap is never passed', `${id} was settled and nothing was reserved for it`);
      return;
    }
    this.reserved.delete(id);
    this.settled.add(id);
    this.#spent += cost;
    this.total += cost;
    const { task } = reservation;
    if (task !== undefined) this.#taskSpent.set(task, (this.#taskSpent.get(task) ?? 0) + cost);
    this.#look(task);
  }

  #open = () => [...this.reserved.values()].reduce((sum, { amount }) => sum + amount, 0);
  #ofTask(task: string | undefined): number {
    if (task === undefined) return Number.NEGATIVE_INFINITY;
    const open = [...this.reserved.values()].reduce((sum, other) => sum + (other.task === task ? other.amount : 0), 0);
    return (this.#taskSpent.get(task) ?? 0) + open;
  }

  #look(task: string | undefined): void {
    const total = this.#spent + this.#open();
    this.highest = Math.max(this.highest, total / this.#cap);
    if (total > this.#cap + CENT_OF_NOTHING)
      this.#found.broke('a cap is never passed', `${total} of ${this.#cap} USD were spent and reserved`);
    const cap = task === undefined ? Number.POSITIVE_INFINITY : (this.#taskCap.get(task) ?? Number.POSITIVE_INFINITY);
    if (this.#ofTask(task) > cap + CENT_OF_NOTHING)
      this.#found.broke('a cap is never passed', `${task} has ${this.#ofTask(task)} of its ${cap} USD spent and reserved`);
  }
}

/** Each settled call stands once in the audit. */
function checkAudit(found: Found, books: Books, audit: readonly Line[]): void {
  const times = new Map<string, number>();
  for (const line of audit)
    if (String(line['event']).startsWith('API_CALL_'))
      times.set(String(line['call_id']), (times.get(String(line['call_id'])) ?? 0) + 1);
  found.count('audited calls', times.size);
  for (const id of books.settled)
    if (!times.has(id)) found.broke('nothing is lost', `call ${id} was paid and is not in the audit`);
  for (const [id, lines] of times)
    if (lines > 1) found.broke('nothing is done twice', `call ${id} stands ${lines} times in the audit`);
}

/** No call reached the provider without money set aside for it first. */
function checkBill(found: Found, { bought }: Books, calls: readonly ModelCall[]): void {
  const arrived = new Map<string, number>();
  for (const { task, purpose } of calls) if (purpose !== 'other') arrived.set(task, (arrived.get(task) ?? 0) + 1);
  found.count('model calls', calls.length);
  for (const [task, times] of arrived)
    if (times > (bought.get(task) ?? 0))
      found.broke(
        'a cap is never passed',
        `${times} calls for ${task} reached the provider, ${bought.get(task) ?? 0} were reserved`,
      );
}
