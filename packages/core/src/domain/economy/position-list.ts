const FIRST_PLACES = 8;

/** Positions of records, oldest first, in one flat run: a million of them load in one copy. */
export class PositionList {
  #places: Float64Array;
  #count: number;

  constructor(positions: Float64Array = new Float64Array(0)) {
    this.#places = positions;
    this.#count = positions.length;
  }

  get length(): number {
    return this.#count;
  }

  get last(): number | undefined {
    return this.#places[this.#count - 1];
  }

  /** All of them, for keeping; shares memory with the list. */
  get flat(): Float64Array {
    return this.#places.subarray(0, this.#count);
  }

  push(position: number): void {
    if (this.#count === this.#places.length) {
      const longer = new Float64Array(Math.max(FIRST_PLACES, 2 * this.#count));
      longer.set(this.#places);
      this.#places = longer;
    }
    this.#places[this.#count] = position;
    this.#count += 1;
  }

  slice(start: number, end = this.#count): number[] {
    return Array.from(this.#places.subarray(start, Math.min(end, this.#count)));
  }
}
