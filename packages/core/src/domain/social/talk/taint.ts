import { formsOf } from '../../safety/normalise.ts';

/** Text that somebody else wrote and a model has read. */
export interface Source {
  /** Where it stands, in words, e.g. `room town_hall`. */
  readonly origin: string;
  readonly text: string;
  /** Words of the actor itself, e.g. its profile: only a call that is spelled out counts against it. */
  readonly weak?: boolean;
}

/** An act that a model asks for. */
export interface ActCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Its point is what it says, so the words decide; otherwise whom and what it concerns. */
  readonly speech: boolean;
}

export interface Tainted {
  readonly rule: 'arguments' | 'instruction';
  readonly origin: string;
}

/** Free words of an act; every other argument names somebody, something or an amount. */
const WORDS = new Set(['content', 'message', 'reason', 'note', 'notes', 'purpose', 'description', 'prompt', 'about']);
/** Choices from a short list say nothing about where an act comes from. */
const CHOICES = new Set(
  'mode type mood importance vote journal_type target_type outcome risk_privilege as_guild max_budget room reply_to'.split(' '),
);
const COMMON = new Set('hello hi hey thanks thank you welcome good morning yes no ok okay done everyone all'.split(' '));
/** Letters and digits in a row, about eight words, that are no coincidence. */
const RUN = 32;
/** Above this share of copied letters a text is not the actor's own. */
const COPIED_SHARE = 0.5;
/** A call with so few words after it in its sentence names no arguments. */
const BARE_WORDS = 3;

interface Leaf {
  readonly tokens: string;
  readonly letters: string;
  readonly free: boolean;
}

interface Text {
  readonly source: Source;
  readonly raw: string;
  readonly tokens: string;
  readonly letters: string;
  runs?: ReadonlySet<string>;
}

/**
 * What others' words stand behind an act. Text keeps its origin whatever its spelling: look-alike letters, invisible
 * characters, case and punctuation change nothing. What the task itself says is the person's wish and taints nothing.
 */
export class Taint {
  readonly #trusted: Text;
  #texts: Text[] = [];

  constructor(trusted: string) {
    this.#trusted = textOf({ origin: 'task', text: trusted });
  }

  add(...sources: readonly Source[]): void {
    for (const source of sources) if (source.text.trim() !== '') this.#texts.push(textOf(source));
  }

  /** Why an act may not be done; undefined when it is the actor's own. */
  check(call: ActCall): Tainted | undefined {
    const leaves = leavesOf(call.args).filter((leaf) => !this.#wished(leaf));
    const asked = mentions(this.#trusted, call.tool);
    for (const text of this.#texts) {
      const { origin, weak } = text.source;
      if (!asked && instructs(text, call, leaves)) return { rule: 'instruction', origin };
      if (!weak && supplies(text, call, leaves)) return { rule: 'arguments', origin };
    }
    return undefined;
  }

  #wished(leaf: Leaf): boolean {
    return stands(leaf, this.#trusted) || copied(leaf, this.#trusted) >= COPIED_SHARE;
  }
}

/** The call is spelled out in the text: by its name with something of these arguments, or by its name alone. */
function instructs(text: Text, { tool, args }: ActCall, leaves: readonly Leaf[]): boolean {
  if (!mentions(text, tool)) return false;
  if (bareCall(text.raw, tool) || Object.keys(args).length === 0) return true;
  return leaves.some((leaf) => stands(leaf, text) || copied(leaf, text) > 0);
}

/** The arguments come from the text, whatever it calls the act. */
function supplies(text: Text, call: ActCall, leaves: readonly Leaf[]): boolean {
  if (leaves.some((leaf) => copied(leaf, text) >= COPIED_SHARE)) return true;
  const decisive = leaves.filter(({ free }) => free === call.speech);
  if (decisive.length > 0) return decisive.every((leaf) => stands(leaf, text));
  return false;
}

function leavesOf(value: unknown, field = ''): Leaf[] {
  if (CHOICES.has(field)) return [];
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, field));
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, item]) => leavesOf(item, key));
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const { tokens, letters } = textOf({ origin: '', text: String(value) });
  const words = tokens.trim().split(' ');
  const free = WORDS.has(field);
  const common = free && words.every((word) => COMMON.has(word));
  return common || letters === '' ? [] : [{ tokens, letters, free }];
}

function textOf(source: Source): Text {
  const { raw, words } = formsOf(source.text);
  const found = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  return { source, raw, tokens: ` ${found.join(' ')} `, letters: found.join('') };
}

function stands({ tokens, letters }: Leaf, text: Text): boolean {
  return text.tokens.includes(tokens) || (letters.length >= RUN && text.letters.includes(letters));
}

/** The share of a long text that stands in the other in runs that are no coincidence; 0 for a short one. */
function copied({ letters }: Leaf, text: Text): number {
  if (letters.length < RUN || text.letters.length < RUN) return 0;
  text.runs ??= runsOf(text.letters);
  let covered = 0;
  let until = 0;
  for (let at = 0; at + RUN <= letters.length; at++) {
    if (!text.runs.has(letters.slice(at, at + RUN))) continue;
    covered += at + RUN - Math.max(at, until);
    until = at + RUN;
  }
  return covered / letters.length;
}

function runsOf(letters: string): ReadonlySet<string> {
  const runs = new Set<string>();
  for (let at = 0; at + RUN <= letters.length; at++) runs.add(letters.slice(at, at + RUN));
  return runs;
}

/** Whether a text names a tool: as it is written, or its words in order with little between them. */
function mentions({ raw, tokens }: Text, tool: string): boolean {
  const parts = tool.split('_');
  if (parts.length > 1) return new RegExp(` ${parts.join(' (?:\\S+ ){0,2}')} `).test(tokens);
  const call = `(?:call|use|run|invoke|execute|tool|function|name|action)\\W{1,6}(?:the )?\\W?${tool}\\b`;
  const order = `(?:^|[.!?:;,>] ?|\\b(?:should|must|go|to|can) )(?:please |now |then |just |and )?${tool}\\b(?=\\W*(?:now|please|at once|immediately|$|[.!({]))`;
  return new RegExp(`${call}|${order}|\\b${tool}\\s*[({]`).test(raw) || (tool === 'remember' && tokens.includes(' remember '));
}

/** `call leave_guild now`: an order that leaves the arguments to whoever obeys. */
function bareCall(raw: string, tool: string): boolean {
  const form = new RegExp(
    `(?:call|use|run|invoke|execute|trigger|issue)\\s+(?:the\\s+)?(?:tool\\s+|function\\s+)?\\W?${tool}\\b([^.!?\\n]*)`,
    'g',
  );
  for (const [, rest = ''] of raw.matchAll(form)) if ((rest.match(/[\p{L}\p{N}]+/gu) ?? []).length <= BARE_WORDS) return true;
  return new RegExp(`\\b${tool}\\s*\\(\\s*\\)`).test(raw);
}
