import { forLatest } from '../words/for-latest.ts';
import { masked, type Sentence, sentencesOf } from '../words/index.ts';
import { maskBrackets } from '../words/mask.ts';
import { hasParallels, mayBeSeveral } from './clauses.ts';
import { beginsWork, saysHow } from './verbs.ts';

/** `after`: a connector such as "then" ties it to what came before; `with`: to the same as the piece before it. */
export type Link = 'free' | 'after' | 'with';

/** One thing to do, as a stretch of the request. */
export interface Piece {
  readonly text: string;
  readonly masked: string;
  readonly link: Link;
  /** Which sentence it stands in. */
  readonly sentence: number;
  /** The number its line has in an enumeration, when it has one. */
  readonly number?: number;
}

export interface Cut {
  readonly pieces: readonly Piece[];
  /** Sentences that belong to no single piece: what the work is about, how it shall be done. */
  readonly shared: readonly string[];
  /** Something looked like several tasks and was left whole because it was not clear. */
  readonly doubtful: boolean;
  /** There are signs, in whatever language, that it is more than what was understood of it. */
  readonly several: boolean;
}

const AFTER =
  "(?:and\\s+)?(?:then|next|after that|afterwards?|subsequently|thereafter|once (?:that is|that['’]s|this is|it is|it['’]s|you are) (?:done|finished|ready)|when (?:done|finished|that is done|you are done)|finally|lastly|at last)";
const BESIDE = '(?:and\\s+)?(?:also|plus|in addition|additionally|furthermore|besides|moreover)';
const CONNECTOR = new RegExp(`^[\\s,;]*(?:(?<after>${AFTER})|${BESIDE})\\b[\\s,:]*`, 'i');
const BETWEEN = new RegExp(`(?:[,;]\\s*|\\s+)(?=(?:${AFTER}|${BESIDE})\\b)|;\\s*`, 'gi');
const SUBORDINATE =
  /^(?:if|unless|when|whenever|while|because|since|although|though|as|given|before|after|once|for|using|with|based on|from|in|on|at)\b/i;
/** Words that begin a statement, never a request. */
const STATEMENT =
  /^(?:the|an?|this|that|these|those|it|its|i|we|you|they|he|she|there|here|our|my|your|their|his|her|not|no|is|are|was|were|what|why|how|who|where)\b/i;
const FILLER =
  /^(?:please[, ]+)?(?:(?:do|complete|perform|carry out|work through|follow)\s+)?(?:all\s+)?(?:the|these|of these|the following|following)?\s*(?:following|steps?|tasks?|things?|work|list|items)?\s*(?:in order|one by one)?\s*:$/i;
const POLITE =
  /^(?:(?:please|first(?:ly)?|second(?:ly)?|third(?:ly)?|to begin with|to start|ok|okay|hi|hello|now|so)\b[,:]?\s*)*(?:(?:can|could|would|will) you (?:please )?|i(?:['’]d like| want| need) (?:you )?to |let(?:['’]s| us) |lets )?/i;
const MATERIAL =
  /\b(?:following|this|these|below)\b[^.:\n]{0,40}\b(?:text|article|e-?mail|message|paragraph|code|log|story|notes?|transcript|document|passage|letter|data|sentences?|words|numbers|names|lines|review|poem|speech|snippet|function|report|json|csv|html|markdown|input|excerpt|conversation|chat|quote|string)\b[^.:\n]{0,40}:(?=\s)/i;
const NUMBERED = /^[ \t]*(?:(\d{1,3})[.)]|(step)[ \t]+(\d{1,3})[ \t]*[:.)–-])[ \t]+/i;

/** Cut a request into the things to do that it names. Every word is in a piece or in `shared`, but for the connectors. */
export const cut = forLatest(cutUp);

function cutUp(request: string): Cut {
  const material = materialFrom(request);
  const text = request.slice(0, material);
  const pieces: Piece[] = [];
  const shared: string[] = [];
  let doubtful = false;
  for (const [index, sentence] of sentencesOf(text).entries()) {
    const found = piecesOf(text, sentence, index);
    doubtful ||= found.doubtful;
    for (const piece of found.pieces) {
      if (isWork(piece) || (found.pieces.length > 1 && asksPlainly(piece))) pieces.push(piece);
      else if (!FILLER.test(piece.text)) place(piece, pieces, shared);
    }
  }
  const last = pieces.at(-1);
  const rest = request.slice(material);
  if (last && rest.trim() !== '') pieces[pieces.length - 1] = { ...last, text: `${last.text}${rest.trimEnd()}` };
  const mask = masked(text);
  const several = pieces.length < 2 ? mayBeSeveral(mask, pieces.length) : pieces.some(isMore);
  return { pieces, shared, doubtful, several };
}

/** One of several pieces in which semicolons still stand between clauses. */
const isMore = ({ masked: mask }: Piece): boolean => hasParallels(mask);

/** Where pasted material begins ("Summarize the following text: …"): what stands in it is no request. */
function materialFrom(request: string): number {
  const found = MATERIAL.exec(masked(request));
  return found ? found.index + found[0].length : request.length;
}

/** Words that name no work are about all of it when they come first or say how; else they go on from the piece before. */
function place(piece: Piece, pieces: Piece[], shared: string[]): void {
  const last = pieces.at(-1);
  if (last === undefined || saysHow(piece.masked)) shared.push(piece.text);
  else pieces[pieces.length - 1] = { ...last, text: `${last.text}\n${piece.text}`, masked: `${last.masked}\n${piece.masked}` };
}

function isWork(piece: Piece): boolean {
  if (/[:?]$/.test(piece.masked.trimEnd()) && !MATERIAL.test(`${piece.masked} `)) return false;
  let asked = withoutPolite(piece.masked);
  if (SUBORDINATE.test(asked)) asked = asked.slice(asked.indexOf(',') + 1).trimStart();
  return beginsWork(asked, false) && (piece.number !== undefined || piece.link !== 'free' || !saysHow(asked));
}

/** Beside pieces of work, words that are no statement are a request too, whatever their verb. */
const asksPlainly = ({ masked }: Piece): boolean =>
  !/[:?]$/.test(masked.trimEnd()) &&
  !SUBORDINATE.test(masked) &&
  !STATEMENT.test(masked) &&
  /^\p{L}+\s+\S/u.test(masked) &&
  !saysHow(masked);

/** One sentence, cut at its connectors and semicolons and, where every part begins work of its own, at its commas. */
function piecesOf(text: string, sentence: Sentence, index: number): { pieces: Piece[]; doubtful: boolean } {
  const label = labelOf(text, sentence);
  const number = label.number === undefined ? {} : { number: label.number };
  const pieces: Piece[] = [];
  let doubtful = false;
  const add = (part: Part, link: Link) => pieces.push({ ...part, link, sentence: index, ...number });
  const body = trimmed(sentence, label.skip, sentence.text.length);
  const { heading, rest } = atColon(body);
  for (const stage of stagesOf(rest)) {
    const commas = atCommas(stage);
    doubtful ||= commas.doubtful;
    for (const [place, part] of commas.parts.entries()) {
      const ordered = label.step && (label.number ?? 0) > 1 && pieces.length === 0 && stage.link === 'free';
      add(part, place > 0 ? (stage.link === 'free' ? 'free' : 'with') : ordered ? 'after' : stage.link);
    }
  }
  if (heading === undefined) return { pieces, doubtful };
  if (pieces.length < 2) return { pieces: [{ ...body, link: pieces[0]?.link ?? 'free', sentence: index, ...number }], doubtful };
  return { pieces: [{ ...heading, link: 'free', sentence: index, ...number }, ...pieces], doubtful };
}

/** "For the user module: add tests, fix lints": what stands before the colon is about all that follows. */
function atColon(body: Part): { heading?: Part; rest: Part } {
  const colon = maskBrackets(body.masked).search(/:\s/);
  if (colon < 0) return { rest: body };
  const rest = trimmed(body, colon + 1, body.text.length);
  return beginsWork(withoutPolite(rest.masked), false) ? { heading: trimmed(body, 0, colon + 1), rest } : { rest: body };
}

/** The number of the line that a sentence begins, and whether it calls itself a step. */
function labelOf(text: string, sentence: Sentence): { number?: number; step: boolean; skip: number } {
  const own = NUMBERED.exec(sentence.masked);
  if (own?.[3] !== undefined) return { number: Number(own[3]), step: true, skip: own[0].length };
  const lineStart = text.lastIndexOf('\n', sentence.start - 1) + 1;
  const head = NUMBERED.exec(text.slice(lineStart, sentence.end));
  if (!head || lineStart + head[0].length < sentence.start) return { step: false, skip: 0 };
  return { number: Number(head[1] ?? head[3]), step: head[2] !== undefined, skip: 0 };
}

interface Part {
  readonly text: string;
  readonly masked: string;
}

/** Cut at connectors ("then", "also", …) and semicolons behind which work begins. */
function stagesOf(body: Part): (Part & { link: Link })[] {
  const mask = maskBrackets(body.masked);
  const cuts = [...mask.matchAll(BETWEEN)]
    .map((match) => match.index)
    .filter(
      (at) =>
        at > 0 &&
        beginsWork(
          withoutPolite(
            mask
              .slice(at)
              .replace(CONNECTOR, '')
              .replace(/^[\s,;]+/, ''),
          ),
          false,
        ),
    );
  const starts = [0, ...cuts].filter(
    (at, index, all) => index === 0 || !/^[\s,;]*(?:and)?\s*$/i.test(mask.slice(all[index - 1], at)),
  );
  return starts.map((from, index) => {
    const to = starts[index + 1] ?? body.text.length;
    const head = CONNECTOR.exec(mask.slice(from, to));
    const link: Link = head?.groups?.['after'] === undefined ? 'free' : 'after';
    return { ...trimmed(body, from + (head?.[0].length ?? 0), to), link };
  });
}

/** Cut "do A, do B and do C" at its commas; an enumeration of things stays whole. */
function atCommas(part: Part): { parts: Part[]; doubtful: boolean } {
  const mask = maskBrackets(part.masked);
  if (SUBORDINATE.test(mask) || !beginsWork(withoutPolite(mask), false)) return { parts: [part], doubtful: false };
  const marks = [...mask.matchAll(/,\s*(?:and\s+)?|\s+and\s+/gi)].filter((match) => match.index > mask.lastIndexOf(':'));
  const works = marks.filter((match) => beginsWork(withoutPolite(mask.slice(match.index + match[0].length)), true));
  const lastComma = works.findLast((match) => match[0].startsWith(','))?.index;
  if (lastComma === undefined) return { parts: [part], doubtful: false };
  const cuts = works.filter((match) => match[0].startsWith(',') || match.index > lastComma);
  const things = marks.some((match) => match[0].startsWith(',') && !works.includes(match));
  return { parts: cutAt(part, cuts), doubtful: things };
}

/** Pieces joined by "and" alone: only looked for when a person asks for a split. */
export function atAnd(piece: Piece): Piece[] {
  const mask = maskBrackets(piece.masked);
  if (!beginsWork(withoutPolite(mask), false)) return [piece];
  const cuts = [...mask.matchAll(/,?\s+and\s+/gi)].filter((match) => beginsWork(mask.slice(match.index + match[0].length), true));
  return cutAt(piece, cuts).map((part, index) => ({ ...piece, ...part, link: index === 0 ? piece.link : 'free' }));
}

function cutAt(part: Part, marks: readonly RegExpExecArray[]): Part[] {
  const ends = [...marks.map((mark) => mark.index), part.text.length];
  const starts = [0, ...marks.map((mark) => mark.index + mark[0].length)];
  return starts.map((from, index) => trimmed(part, from, ends[index] ?? part.text.length));
}

function trimmed(part: Part, from: number, to: number): Part {
  const raw = part.text.slice(from, to);
  const start = from + (raw.length - raw.replace(/^[\s,;]+/, '').length);
  const end = Math.max(start, from + raw.replace(/[\s,;]+$/, '').length);
  return { text: part.text.slice(start, end), masked: part.masked.slice(start, end) };
}

/** A text without "please", "first", "could you" and the like at its beginning. */
export const withoutPolite = (text: string): string => text.slice(POLITE.exec(text)?.[0].length ?? 0);
