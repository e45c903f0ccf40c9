import { masked } from '../words/index.ts';
import { isListed } from './clauses.ts';
import { dependenciesOf } from './depends.ts';
import { atAnd, cut, type Piece, withoutPolite } from './pieces.ts';
import { COMPLEX_SCORE, type Signal, signalsOf } from './signals.ts';

export const DEFAULT_MAX_SUBTASKS = 5;
/** A longer request of several sentences in which no pieces are found is not surely one task. */
const LONG_CHARS = 220;

/** One step of a breakdown; `depends_on` names the keys of others. */
export interface Subtask {
  readonly key: string;
  readonly prompt: string;
  readonly depends_on: readonly string[];
}

export interface Breakdown {
  /** Two or more, or none: then the request is one task. */
  readonly subtasks: readonly Subtask[];
  /** false: a model may know better, when there is one. */
  readonly sure: boolean;
}

/** Whether a text shows in any language that it may be several tasks: a list, or more clauses than were understood. */
export const looksLikeSeveral = (text: string): boolean => cut(text).several || isListed(masked(text));

export interface GutCheck {
  readonly signals: readonly Signal[];
  readonly complexity_score: number;
  readonly should_decompose: boolean;
}

/** Whether a prompt is worth breaking down: it has the reference's signals, and there is more than one thing to do in it. */
export function gutCheck(prompt: string): GutCheck {
  const signals = signalsOf(prompt);
  const complex = signals.length >= COMPLEX_SCORE;
  return {
    signals,
    complexity_score: signals.length,
    should_decompose: complex && breakdown(prompt).subtasks.length > 1,
  };
}

/**
 * Break a request down into the things to do that it names. No word of it is lost: what belongs to no single step stands in
 * all of them. An enumeration of things is one task, words in quotation marks or code are never cut, and steps run side by
 * side unless one needs another. `forced`: a person asked for a split, so "and" alone may separate steps as well.
 */
export function breakdown(text: string, max: number = DEFAULT_MAX_SUBTASKS, forced = false): Breakdown {
  const found = cut(text);
  let pieces = found.pieces;
  if (forced && pieces.length < 2) pieces = pieces.flatMap(atAnd);
  if (pieces.length < 2 || max < 2) {
    const open = text.trim().length >= LONG_CHARS && (found.pieces.length > 0 ? found.shared.length > 1 : true);
    return { subtasks: [], sure: !forced && !found.doubtful && !found.several && !open };
  }
  const groups = grouped(pieces.length, max);
  const waits = dependenciesOf(pieces);
  const subtasks = groups.map((members, index): Subtask => {
    const needs = new Set(members.flatMap((at) => waits[at] ?? []).map((at) => groups.findIndex((group) => group.includes(at))));
    needs.delete(index);
    const prompt = members.map((at) => wordsOf(pieces[at])).join('\n');
    return {
      key: keyOf(index),
      prompt: found.shared.length > 0 ? `${prompt}\n\nThis holds for the whole:\n${found.shared.join('\n')}` : prompt,
      depends_on: [...needs].sort((a, b) => a - b).map(keyOf),
    };
  });
  return { subtasks, sure: !found.doubtful && !found.several && pieces.length <= max };
}

const keyOf = (index: number): string => `step_${index + 1}`;

function wordsOf(piece: Piece | undefined): string {
  const text = piece?.text ?? '';
  const rest = withoutPolite(text);
  return (rest === '' ? text : rest).replace(/(?<=[\p{L}\p{N})"'”’`])\.$/u, '').trim();
}

/** Indexes of `count` pieces in at most `max` groups of neighbours, none empty. */
function grouped(count: number, max: number): number[][] {
  const size = Math.min(count, max);
  const groups: number[][] = Array.from({ length: size }, () => []);
  for (let at = 0; at < count; at++) groups[Math.floor((at * size) / count)]?.push(at);
  return groups;
}
