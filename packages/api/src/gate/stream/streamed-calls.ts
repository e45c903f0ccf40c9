import { type Fields, isObject, isText } from '../reply/fields.ts';

interface Call {
  readonly index: unknown;
  id: unknown;
  name: string;
  arguments: string;
}

/** Function calls that arrive in pieces. */
export class StreamedCalls {
  readonly #calls: Call[] = [];

  /** @returns how many characters were said */
  take(piece: Fields): number {
    const called = isObject(piece['function']) ? piece['function'] : piece;
    const name = typeof called['name'] === 'string' ? called['name'] : '';
    const given = called['arguments'];
    const more = typeof given === 'string' ? given : isObject(given) ? JSON.stringify(given) : '';
    const call = this.#continued(piece, name, more) ?? this.#begun(piece);
    if (!isText(call.id)) call.id = piece['id'];
    if (call.name !== name) call.name += name;
    // Whole arguments that go on were a placeholder, or are said again.
    call.arguments = beginsAnew(call, more) ? more : call.arguments + more;
    return name.length + more.length;
  }

  /** As in a message that came in one piece. */
  whole(): unknown[] {
    return this.#calls.map(({ id, name, arguments: given }) => ({ id, type: 'function', function: { name, arguments: given } }));
  }

  /**
   * The call that a piece goes on with. Pieces of one call share its index, but so do all calls of some servers: another
   * id, or another name once there are arguments, begins another call.
   */
  #continued({ index, id }: Fields, name: string, more: string): Call | undefined {
    const known = isSaid(index)
      ? this.#calls.findLast((call) => call.index === index)
      : isText(id)
        ? this.#calls.findLast((call) => call.id === id)
        : name === ''
          ? this.#calls.at(-1)
          : undefined;
    if (!known) return undefined;
    if (isText(id) && isText(known.id))
      return known.id === id ? known : this.#calls.findLast((call) => call.id === id && call.index === index);
    if (name === '' || known.arguments === '') return known;
    return name === known.name && !beginsAnew(known, more) ? known : undefined;
  }

  #begun({ index, id }: Fields): Call {
    const call: Call = { index, id, name: '', arguments: '' };
    this.#calls.push(call);
    return call;
  }
}

/** Whether arguments are whole already, and an object begins behind them. */
function beginsAnew({ arguments: known }: Call, more: string): boolean {
  if (!more.trimStart().startsWith('{') || !known.trimEnd().endsWith('}')) return false;
  try {
    return isObject(JSON.parse(known));
  } catch {
    return false;
  }
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null;
