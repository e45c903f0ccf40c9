/** Cuts text that arrives in pieces into lines, whatever ends them. Only a new piece is searched. */
export class Lines {
  #rest = '';
  #afterReturn = false;

  /** Characters of the line that has not ended. */
  get waiting(): number {
    return this.#rest.length;
  }

  /** The lines that end in this piece. */
  cut(piece: string): string[] {
    if (piece === '') return [];
    const fresh = this.#afterReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    this.#afterReturn = piece.endsWith('\r');
    const [first = '', ...more] = fresh.split(/\r\n|\n|\r/);
    const last = more.pop();
    const begun = this.#rest + first;
    this.#rest = last ?? begun;
    return last === undefined ? [] : [begun, ...more];
  }

  /** What is left when nothing more comes. */
  end(): string {
    const rest = this.#rest;
    this.#rest = '';
    return rest;
  }
}
