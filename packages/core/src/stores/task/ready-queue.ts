/**
 * Runnable tasks, best first: higher priority, then order of arrival in the queue. Adding, removing and finding the first
 * take constant time however many wait; a removed entry stays behind as a hole that is passed over once.
 */
export class ReadyQueue {
  readonly #lanes = new Map<number, Lane>();
  readonly #tickets = new Map<string, number>();
  #priorities: number[] = [];
  #nextTicket = 1;

  get size(): number {
    return this.#tickets.size;
  }

  add(id: string, priority: number): void {
    if (this.#tickets.has(id)) return;
    const ticket = this.#nextTicket++;
    this.#tickets.set(id, ticket);
    this.#lane(priority).entries.push({ id, ticket });
  }

  remove(id: string): void {
    this.#tickets.delete(id);
  }

  /** Best first. Entries may be removed while walking. */
  *[Symbol.iterator](): Generator<string> {
    for (const priority of this.#priorities) {
      const lane = this.#lanes.get(priority);
      if (!lane) continue;
      this.#trim(lane);
      for (let at = lane.head; at < lane.entries.length; at++) {
        const entry = lane.entries[at];
        if (entry && this.#tickets.get(entry.id) === entry.ticket) yield entry.id;
      }
    }
  }

  #lane(priority: number): Lane {
    const known = this.#lanes.get(priority);
    if (known) return known;
    const lane: Lane = { entries: [], head: 0 };
    this.#lanes.set(priority, lane);
    this.#priorities = [...this.#lanes.keys()].sort((a, b) => b - a);
    return lane;
  }

  /** Step over the holes in front, and give their memory back now and then. */
  #trim(lane: Lane): void {
    for (let entry = lane.entries[lane.head]; entry && this.#tickets.get(entry.id) !== entry.ticket; ) {
      lane.head++;
      entry = lane.entries[lane.head];
    }
    if (lane.head < 1024 || lane.head * 2 < lane.entries.length) return;
    lane.entries = lane.entries.slice(lane.head);
    lane.head = 0;
  }
}

interface Lane {
  entries: { readonly id: string; readonly ticket: number }[];
  head: number;
}
