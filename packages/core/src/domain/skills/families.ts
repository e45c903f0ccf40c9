import { isStopWord, masked, quotedSpans, wordsOf } from '../words/index.ts';

/** One finished, verified task as a sample of its family. */
export interface Sample {
  readonly task_id: string;
  readonly prompt: string;
  readonly output: string;
}

export interface Family {
  /** Stable for the same samples: the shape of its first one. */
  readonly key: string;
  readonly samples: readonly Sample[];
}

/** Prompts whose fixed words agree by so much, in order, belong together. */
const LIKE = 0.6;
/** The same of the words that carry meaning: "what is the … of" alone makes no family. */
const LIKE_CONTENT = 0.5;
const SLOT = '·';

/**
 * The shape of a prompt: its words without what changes from task to task. Quoted words, code, numbers, file names and
 * links become slots, and so does what follows a colon.
 */
export function shapeOf(prompt: string): string[] {
  const quoted = quotedSpans(prompt);
  const mask = masked(prompt);
  const colon = mask.search(/:\s/);
  const head = colon > 0 && wordsOf(mask.slice(0, colon)).length >= 2 ? mask.slice(0, colon) : mask;
  const slotted = head.replace(/\uE000+/g, ` ${SLOT} `).replace(/[-+]?\d[\d.,:/-]*/g, ` ${SLOT} `);
  const tokens = (slotted.toLowerCase().match(/[\p{L}\p{N}]+|·/gu) ?? []).filter(
    (token, index, all) => token !== SLOT || all[index - 1] !== SLOT,
  );
  const payload = head.length < mask.length || (quoted.length > 0 && !tokens.includes(SLOT));
  return payload && tokens.at(-1) !== SLOT ? [...tokens, SLOT] : tokens;
}

/** Group samples into families: the same first word, and nearly the same words in the same order. Order of arrival decides. */
export function familiesOf(samples: readonly Sample[]): Family[] {
  const families: { key: string; shape: string[]; samples: Sample[] }[] = [];
  for (const sample of samples) {
    const shape = shapeOf(sample.prompt);
    const home = families.find((family) => alike(family.shape, shape));
    if (home) home.samples.push(sample);
    else families.push({ key: shape.join(' '), shape, samples: [sample] });
  }
  return families.map(({ key, samples: members }) => ({ key, samples: members }));
}

/** Whether two shapes are of one family. */
export function alike(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  const words = (shape: readonly string[]) => shape.filter((token) => token !== SLOT);
  const [first, second] = [words(a), words(b)];
  if (first[0] !== second[0]) return false;
  const longest = Math.max(first.length, second.length);
  if (longest === 0 || commonInOrder(first, second) / longest < LIKE) return false;
  const [about, other] = [first, second].map((list) => new Set(list.filter((word) => !isStopWord(word))));
  if (!about || !other) return false;
  const most = Math.max(about.size, other.size);
  return most === 0 || [...about].filter((word) => other.has(word)).length / most >= LIKE_CONTENT;
}

/** Samples in three parts that do not overlap, by order of arrival: what an author sees, unseen examples, validation. */
export function splitSamples(samples: readonly Sample[]): { own: Sample[]; unseen: Sample[]; validation: Sample[] } {
  const part = (rest: number) => samples.filter((_, index) => index % 3 === rest);
  return { own: part(0), unseen: part(1), validation: part(2) };
}

/** The words that all prompts of a family have, in order: what stays the same from task to task. */
export function templateOf(prompts: readonly string[]): string[] {
  const [first, ...rest] = prompts.map((prompt) => shapeOf(prompt).filter((token) => token !== SLOT));
  return rest.reduce((template, words) => inOrder(template, words), first ?? []);
}

/**
 * How well a prompt fits a template, 0..1: all of its words in order, and not much else. A template of a single meaningful
 * word fits nothing, because too much would fit it.
 */
export function fitOf(prompt: string, template: readonly string[]): number {
  if (template.filter((word) => !isStopWord(word)).length < 2) return 0;
  const words = shapeOf(prompt).filter((token) => token !== SLOT);
  if (words[0] !== template[0] || commonInOrder(template, words) < template.length) return 0;
  return template.length / words.length;
}

const commonInOrder = (a: readonly string[], b: readonly string[]): number => inOrder(a, b).length;

/** The longest run of words that both have in the same order, not necessarily side by side. */
function inOrder(a: readonly string[], b: readonly string[]): string[] {
  let row: string[][] = Array.from({ length: b.length + 1 }, () => []);
  for (const word of a) {
    const next: string[][] = [[]];
    for (const [index, other] of b.entries()) {
      const [above, left] = [row[index + 1] ?? [], next[index] ?? []];
      next.push(word === other ? [...(row[index] ?? []), word] : above.length >= left.length ? above : left);
    }
    row = next;
  }
  return row[b.length] ?? [];
}
