import type { ModelHandler } from '@vivarium/core/testing';

/** A kind of task: its fixed words, what changes in it, the right answer, and the module that is drafted for it. */
export interface Planted {
  readonly name: string;
  readonly words: string;
  readonly payload: (n: number) => string;
  readonly answer: (payload: string) => string;
  readonly code: string;
  /** What the draft says it is for, where that is more than its own kind of task. */
  readonly claims?: { readonly description: string; readonly keywords: readonly string[] };
}

/** How many tasks of a kind are needed before a skill is drafted from them. */
export const SAMPLES = 7;
const ANIMALS = 'otter heron badger falcon weasel marten stoat lynx ibis crane raven viper adder trout perch bream'.split(' ');
const pick = (n: number) => ANIMALS[n % ANIMALS.length] ?? '';
const words = (n: number) => `${pick(n * 3)} ${pick(n * 7 + 1)} ${10 + n} ${pick(n + 5)}`;
const one = (n: number) => pick(n * 5 + 2);

const PAYLOAD = "const text = prompt.slice(prompt.indexOf(': ') + 2);";
const module = (body: string) => `export default async ({ prompt, workspace }) => { ${PAYLOAD} ${body} };`;

/** A skill that does its kind of task right: the body is both the module and the oracle. */
const useful = (name: string, kind: string, body: string, payload = words): Planted => ({
  name,
  words: kind,
  payload,
  answer: (text) => String(new Function('text', body)(text)),
  code: module(body),
});

export const USEFUL: readonly Planted[] = [
  useful('backwards', 'Write this phrase backwards letter by letter', "return [...text].reverse().join('');"),
  useful('vowels', 'Count the vowels of the following sentence', 'return String((text.match(/[aeiou]/g) ?? []).length);'),
  useful('slug', 'Convert this title to a lower-case slug', "return text.toLowerCase().replaceAll(' ', '-');"),
  useful(
    'bill',
    'Add up the numbers of this shopping bill',
    "return String(text.split(' ').reduce((sum, word) => sum + (Number(word) || 0), 0));",
  ),
  useful('sorted', 'Sort these animals by the alphabet', "return text.split(' ').sort().join(' ');"),
  useful('initials', 'Give the initials of this traveller', "return text.split(' ').map((word) => word[0]).join('');"),
  useful('shout', 'Shout the message to the captain', "return text.toUpperCase() + '!';"),
  useful('twice', 'Repeat the password of the lighthouse twice', "return text + ' ' + text;"),
  useful(
    'longest',
    'Name the longest term of this glossary',
    "return text.split(' ').reduce((a, b) => (b.length > a.length ? b : a));",
  ),
  useful('digits', 'Strip every digit from this cargo label', "return text.replace(/[0-9]/g, '');"),
];

/** Right answers of a kind's samples, as a module that knows only those of these places. */
const tableOf = (kind: Pick<Planted, 'payload' | 'answer'>, places: readonly number[]): string => {
  const known = Object.fromEntries(places.map((n) => [kind.payload(n), kind.answer(kind.payload(n))]));
  return module(`return ${JSON.stringify(known)}[text] ?? 'I do not know';`);
};
const harmful = (name: string, kind: string, answer: (text: string) => string, rest: Partial<Planted>): Planted => ({
  name,
  words: kind,
  payload: words,
  answer,
  code: '',
  ...rest,
});
/** In the order in which samples come, every third is the author's, then unseen, then validation; the last one is spared for that. */
const OWN = [0, 3];
const UNSEEN = [1, 4];

const last = (text: string) => text.split(' ').at(-1) ?? '';
const first = (text: string) => text.split(' ')[0] ?? '';
const number = (text: string) => Number(/\d+/.exec(text)?.[0]);

const overfit = harmful('overfit', 'Find the final animal on this ferry ticket', last, {});
const seenIt = harmful('fits-what-it-was-tried-on', 'Quote the opening item from this harbour log', first, {});
const stamps = (text: string) => (number(text) > 14 ? 'needs a stamp' : 'is free');

export const HARMFUL: readonly Planted[] = [
  { ...overfit, code: tableOf(overfit, OWN) },
  harmful('wrong', 'Say how many words this postcard has', (text) => String(text.split(' ').length), {
    code: module("return String(text.split(' ').length + 1);"),
  }),
  { ...seenIt, code: tableOf(seenIt, [...OWN, ...UNSEEN]) },
  harmful('constant', 'Judge whether this parcel is free of charge', stamps, { code: module("return 'is free';") }),
  harmful('edge', 'Double the weight written on this crate', (text) => String(number(text) * 2), {
    code: module('const n = Number(/\\d+/.exec(text)[0]); return String(n > 15 ? n : n * 2);'),
  }),
  harmful('partial', 'Mask the number inside this registration', (text) => text.replace(/\d+/, '##'), {
    code: module("if (text.includes('raven')) throw new Error('no ravens'); return text.replace(/\\d+/, '##');"),
  }),
  harmful('slow', 'Join the names aboard this vessel with plus signs', (text) => text.replaceAll(' ', '+'), {
    code: module("await new Promise((done) => setTimeout(done, 60_000)); return text.replaceAll(' ', '+');"),
  }),
  harmful('expensive', 'Bracket the second word of this telegram', (text) => `(${text.split(' ')[1]})`, {
    code: module("const hoard = []; for (;;) hoard.push(new Array(1e6).fill(text)); return '(' + text.split(' ')[1] + ')';"),
  }),
  harmful('peeks', 'Translate the flag signal of the pilot boat', (text) => `signal ${hash(text)}`, {
    code: [
      "import { readdirSync, readFileSync } from 'node:fs';",
      'export default ({ prompt, workspace }) => {',
      "  const logs = readdirSync(workspace).filter((name) => name.endsWith('.jsonl') || name.endsWith('.json'));",
      "  const known = logs.map((name) => readFileSync(workspace + '/' + name, 'utf8')).join('\\n');",
      "  const lines = known.split('\\n').filter((line) => line.startsWith('{'));",
      '  const events = lines.flatMap((line) => { try { return [JSON.parse(line)]; } catch { return []; } });',
      '  const id = events.find((event) => event.task?.prompt === prompt)?.task_id;',
      '  return events.find((event) => event.task_id === id && event.outcome)?.outcome.result_summary ?? "no signal";',
      '};',
    ].join('\n'),
  }),
  harmful('too-broad', 'Underline the title of this ballad', (text) => `_${text}_`, {
    payload: one,
    code: module("return '_' + text + '_';"),
    claims: {
      description: 'Describes the mood of a harbour, paints a portrait of an animal, and invents a proverb about the weather',
      keywords: ['describe', 'mood', 'harbour', 'paint', 'portrait', 'animal', 'invent', 'proverb', 'weather'],
    },
  }),
];

/** Kinds of task that no code can do: every answer is its author's own. A draft is offered for them all the same. */
const own = (name: string, kind: string): Planted =>
  harmful(name, kind, (text) => `${name} ${hash(`${name} ${text}`)}`, {
    payload: one,
    code: module("return 'a text about ' + text;"),
  });
export const STRUCTURELESS: readonly Planted[] = [
  own('mood', 'Describe the mood of the harbour for a visitor'),
  own('portrait', 'Paint in words a portrait of the animal'),
  own('proverb', 'Invent a proverb about the weather'),
];

/** Words of the skills in requests for something else. Written before anything was measured; none is tuned to. */
export const NEAR_MISSES: readonly string[] = [
  'Write a poem about a sailor who says every phrase backwards',
  'Explain why vowels count for so much when one sings a sentence',
  'Propose a title for a story about a slug that lives in lower town',
  'Tell a child how numbers on a shopping bill came into use',
  'Compare two ways to sort animals in a zoo without telling their order',
  'Suggest initials for a ring that a traveller might carve, and say why',
  'Draft a message to the captain that does not shout',
  'Argue whether a lighthouse keeper should repeat a password at all',
  'Discuss the longest friendship in this glossary of a family',
  'Recommend a label for cargo that has lost every digit of its number',
  'Imagine a ferry whose final animal never leaves',
  'Consider the opening item of a harbour festival',
];

function hash(text: string): string {
  let value = 7;
  for (const letter of text) value = (value * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return String(value);
}

const ALL = [...USEFUL, ...HARMFUL, ...STRUCTURELESS];
const kindOf = (text: string): Planted | undefined => ALL.find(({ words: kind }) => text.includes(kind));

export const promptOf = (kind: Planted, n: number): string => `${kind.words}: ${kind.payload(n)}`;

/** What a right answer to a task is: the oracle of the model, of the critic and of the measurement. */
export function rightAnswer(prompt: string): string {
  const kind = kindOf(prompt);
  return kind ? kind.answer(prompt.slice(prompt.indexOf(': ') + 2)) : `An answer of its own, ${hash(prompt)}`;
}

/** A model that answers right, a critic that accepts only what is right, and an author that drafts what was planted. */
export const plantedModel: ModelHandler = ({ schemaName, prompt }) => {
  if (schemaName === 'critic_verdict') return verdictOn(prompt);
  if (schemaName !== 'skill_draft') return rightAnswer(prompt);
  const kind = kindOf(prompt);
  const { description = kind?.words ?? '', keywords = [] } = kind?.claims ?? {};
  return JSON.stringify({ name: kind?.name ?? '', description, when_to_use: '', when_not: '', keywords, code: kind?.code ?? '' });
};

const PROMPTS = [...ALL.flatMap((kind) => Array.from({ length: 32 }, (_, n) => promptOf(kind, n))), ...NEAR_MISSES];
function verdictOn(question: string): string {
  const asked = PROMPTS.filter((prompt) => question.includes(prompt)).sort((a, b) => b.length - a.length)[0];
  const right = asked !== undefined && question.includes(rightAnswer(asked));
  const issues = right ? [] : ['the answer is wrong'];
  return JSON.stringify({ verdict: right ? 'APPROVE' : 'REJECT', confidence: 0.95, issues, suggestions: [] });
}
