/** What a model thought before it answered, where a server leaves it in the text. It is never part of the answer. */

/** An answer without the thinking before it. */
export interface Thought {
  readonly text: string;
  /** Characters that were cut. */
  readonly chars: number;
  /** The thinking has no end, so no answer followed. */
  readonly open: boolean;
}

/** A name that says thought, as templates of models spell it: `think`, `Thinking`, `seed:think`, `thought_process`. */
const NAME = String.raw`[\w:.-]*(?:think|thought|reasoning|reflection|scratchpad|monologue|deliberation)[\w:.-]*`;
/** In brackets small letters are prose, such as a stage direction. */
const CAPITALS = '[A-Z_:]*(?:THINK|THOUGHT|REASONING)[A-Z_:]*';

interface Mark {
  readonly open: RegExp;
  readonly close: (name: string) => string;
}

const mark = (open: string, close: (name: string) => string, flags = 'iuy'): Mark => ({ open: new RegExp(open, flags), close });

/** The ways to mark a block: how it opens, and how one of that name closes. */
const MARKS: readonly Mark[] = [
  mark(`<(${NAME})(?:\\s[^<>]*)?>`, (name) => `</${name}\\s*>`),
  mark(`\\[(${CAPITALS})\\]`, (name) => `\\[/${name}\\]`, 'uy'),
  mark(`◁(${NAME})▷`, (name) => `◁/${name}▷`),
  mark(String.raw`<\|(?:begin|start)_(?:of_)?(${NAME})\|>`, (name) => String.raw`<\|end_(?:of_)?${name}\|>`),
  mark(String.raw`<\|(${NAME})\|>`, (name) => String.raw`<\|/${name}\|>`),
];
const BLANK = /[\s\p{Cf}]*/uy;
/** What some templates put around the answer that follows. */
const AROUND =
  /^<(?:\|(?:begin|start)_(?:of_)?)?(answer|response|solution|output|final)\|?>([\s\S]*?)<(?:\/|\|end_(?:of_)?)\1\|?>[\s\p{Cf}]*$/iu;

/**
 * Cut the thinking before an answer: blocks at its very beginning, whatever their mark, and text up to a closing mark whose
 * opening one a template swallowed. Marks that an answer is about, inside it or inside code, stay.
 */
export function withoutThinking(answer: string): Thought {
  const channels = channelsIn(answer);
  if (channels) return channels;
  let from = 0;
  for (let end = blockEnd(answer, 0); end !== undefined; end = blockEnd(answer, from)) {
    if (end === answer.length + 1) return { text: '', chars: answer.length, open: true };
    from = end;
  }
  if (from === 0) from = orphanEnd(answer) ?? 0;
  if (from === 0) return { text: answer, chars: 0, open: false };
  const rest = answer.slice(from).trim();
  return { text: AROUND.exec(rest)?.[2]?.trim() ?? rest, chars: from, open: false };
}

/** Where the block that begins here ends; one past the text when it never does; undefined when none begins here. */
function blockEnd(text: string, from: number): number | undefined {
  BLANK.lastIndex = from;
  const at = from + (BLANK.exec(text)?.[0].length ?? 0);
  for (const { open, close } of MARKS) {
    open.lastIndex = at;
    const opened = open.exec(text);
    const name = opened?.[1];
    if (!opened || name === undefined) continue;
    const inside = at + opened[0].length;
    if (opened[0].endsWith('/>')) return inside;
    return balanced(text, inside, `(${open.source.replace(`(${NAME})`, name)})|${close(name)}`) ?? text.length + 1;
  }
  return undefined;
}

/** The end of the block's own closing mark; of the first one when its thoughts only speak of an opening mark. */
function balanced(text: string, from: number, marks: string): number | undefined {
  let depth = 1;
  let first: number | undefined;
  for (const found of text.slice(from).matchAll(new RegExp(marks, 'giu'))) {
    depth += found[1] === undefined ? -1 : 1;
    const end = from + found.index + found[0].length;
    if (found[1] === undefined) first ??= end;
    if (depth === 0) return end;
  }
  return first;
}

/** An answer that speaks of marks more often is about them. */
const MENTIONS = 8;
const CLOSING = new RegExp(
  String.raw`<\/(${NAME})\s*>|\[\/(${CAPITALS})\]|◁\/(${NAME})▷|<\|(?:\/|end_(?:of_)?)(${NAME})\|>`,
  'giu',
);

/** The end of a closing mark that nothing opened. One within a sentence, in quotes, or behind data or code is spoken of. */
function orphanEnd(text: string): number | undefined {
  if (/^[\s\p{Cf}]*[{[<`"]/u.test(text)) return undefined;
  for (const found of [...text.matchAll(CLOSING)].slice(0, MENTIONS)) {
    const before = text.slice(0, found.index);
    const end = found.index + found[0].length;
    const name = found.slice(1).find((part) => part !== undefined) ?? '';
    if (new RegExp(`[<[◁_|]${name}\\b`, 'i').test(before)) return undefined;
    if ((before.match(/`/g)?.length ?? 0) % 2 === 1) continue;
    const standsAlone = /(?:^|\n)[ \t]*$/.test(before) || /^[ \t]*(?:\r?\n|$)/.test(text.slice(end));
    const glued = /[\p{L}\p{N}.!?;:)*]$/u.test(before);
    if (standsAlone || glued) return end;
  }
  return undefined;
}

const CHANNEL =
  /(?:<\|start\|>\w*)?(?:<\|channel\|>\s*(\w+)[^<]*)?<\|message\|>([\s\S]*?)(?:<\|(?:end|return|call)\|>|(?=<\|(?:start|channel)\|>)|$)/g;

/** An answer in channels: only the final one is the answer. Without their marks the names of the channels are left, run together. */
function channelsIn(text: string): Thought | undefined {
  const bare = /^\s*(?:assistant)?analysis(?=\S)[\s\S]*?assistantfinal([\s\S]*)$/.exec(text);
  const parts = /^[\s\p{Cf}]*<\|(?:start|channel|message)\|>/u.test(text) ? [...text.matchAll(CHANNEL)] : [];
  if (parts.length === 0 && !bare) return undefined;
  const final = bare ? [bare[1] ?? ''] : parts.filter(([, name]) => name === 'final').map(([, , said]) => said ?? '');
  const said = final.join('').trim();
  return { text: said, chars: text.length - said.length, open: final.length === 0 };
}
