import { isQuestion } from './asks.ts';

/** How an answer can be seen to be no work at all, from its words alone. */

/** What is longer holds something, unless it is all white space. */
const HOLLOW_MAX_CHARS = 2_000;

/**
 * True when nothing is left of an answer without white space, invisible characters, quotation marks, empty fences, empty
 * elements and comments.
 */
export function isHollow(answer: string): boolean {
  if (answer.length > HOLLOW_MAX_CHARS) return answer.replace(/[\s\p{Cf}]+/gu, '') === '';
  const bare = answer
    .replace(/```[\w-]*\s*```/g, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(\w+)[^>]*>\s*<\/\1>/g, '');
  return bare.replace(/[\s\p{Cf}"'“”‘’`]+/gu, '') === '';
}

const PLACEHOLDER = /^(?:n\/?a|todo|tbd|placeholder|working on it|in progress|\.{2,}|…)[.!…\s]*$/i;
/** Signs and words for nothing. To a question they may be the answer. */
const NOTHING =
  /^[([<]?(?:null|undefined|none|nil|nan|nothing|empty|blank|void|no (?:output|response|answer|result|content|data)|\{\s*\}|\[\s*\]|[-–—_*#~=.,;|/\\]+)[)\]>]?[.!]?$/i;
const WANTS_NOTHING =
  /(?<![-\w])(?:empty|blank|null|nothing|none|object|array|json|sign|symbol|character|divider|rule|line|dash|dots?|abbreviat\w*|acronym)(?![-\w])/i;

/** True when an answer only keeps the place of one; what the task itself names is an answer. */
export function isPlaceholder(answer: string, task = ''): boolean {
  const text = answer.trim();
  if (task.toLowerCase().includes(text.toLowerCase())) return false;
  if (WANTS_NOTHING.test(task)) return false;
  if (PLACEHOLDER.test(text)) return true;
  return task !== '' && NOTHING.test(text) && !isQuestion(task);
}

/** A text without the differences that make no other answer of it: letter case, white space, forms of one character. */
export const sameWords = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
