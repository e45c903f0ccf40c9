import type { TaskRecord } from '@vivarium/core';
import type { ModelHandler } from '@vivarium/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openPhase, type PhaseWorld } from './phase-kit.ts';

let phase: PhaseWorld;
afterEach(() => phase.close());

const approve = JSON.stringify({ verdict: 'APPROVE', confidence: 0.95, issues: [], suggestions: [] });
const reject = JSON.stringify({ verdict: 'REJECT', confidence: 0.9, issues: ['the answer is wrong'], suggestions: [] });

/** A kind of task: its words, its answer, and the module a good author writes for it. */
interface Kind {
  readonly words: string;
  readonly code: string;
}
const last = "const text = prompt.slice(prompt.indexOf(': ') + 2);";
const kind = (words: string, body: string): Kind => ({ words, code: `export default ({ prompt }) => { ${last} ${body} }` });
const KINDS: readonly Kind[] = [
  kind('Write this word backwards letter by letter', "return [...text].reverse().join('');"),
  kind('Count the vowels of the following sentence', 'return String((text.match(/[aeiou]/g) ?? []).length);'),
  kind('Convert this title to a lower-case slug', "return text.toLowerCase().replaceAll(' ', '-');"),
  kind(
    'Add up the numbers of this shopping bill',
    "return String(text.split(' ').map((n) => Number(n) || 0).reduce((a, b) => a + b, 0));",
  ),
  kind('Sort these animals by the alphabet', "return text.split(' ').sort().join(' ');"),
  kind('Give the initials of this traveller', "return text.split(' ').map((w) => w[0]).join('');"),
  kind('Shout the message to the captain', "return text.toUpperCase() + '!';"),
  kind('Repeat the password of the lighthouse twice', "return text + ' ' + text;"),
  kind('Name the longest term of this glossary', "return text.split(' ').reduce((a, b) => (b.length > a.length ? b : a));"),
  kind('Strip every digit from this cargo label', "return text.replace(/[0-9]/g, '');"),
];
const NOUNS = [
  'otter',
  'heron',
  'badger',
  'falcon',
  'weasel',
  'marten',
  'stoat',
  'lynx',
  'ibis',
  'crane',
  'raven',
  'viper',
  'adder',
  'trout',
  'perch',
  'bream',
  'tench',
  'roach',
  'eagle',
  'robin',
];
const payload = (k: number, n: number) =>
  `${NOUNS[(n * 3 + k) % 20]} ${NOUNS[(n * 7 + k + 1) % 20]} ${10 + n} ${NOUNS[(n + k + 5) % 20]}`;
const solve = (prompt: string): string => {
  const found = KINDS.find(({ words }) => prompt.startsWith(words));
  return found ? String(new Function(`return (${found.code.replace('export default ', '')})`)()({ prompt })) : 'unknown';
};

const model: ModelHandler = ({ schemaName, prompt }) => {
  if (schemaName === 'critic_verdict') {
    const task = KINDS.flatMap(({ words }) => new RegExp(`^${words}: .*$`, 'm').exec(prompt)?.[0] ?? [])[0] ?? '';
    return prompt.includes(solve(task)) ? approve : reject;
  }
  if (schemaName === 'skill_draft') {
    const found = KINDS.find(({ words }) => prompt.includes(words));
    return JSON.stringify({
      name: '',
      description: found?.words ?? '',
      when_to_use: '',
      when_not: '',
      keywords: [],
      code: found?.code ?? '',
    });
  }
  return solve(prompt);
};

describe('phase 3: a stream of tasks that come again', () => {
  it('needs far fewer model tokens in its last quarter, at the same success', async () => {
    phase = await openPhase({ handler: model, env: { SWARM_RATE_LIMIT: '100000' } });
    const tasks = Array.from({ length: 200 }, (_, at) => {
      const [k, n] = [at % 10, Math.floor(at / 10)];
      return { id: `t${String(at).padStart(3, '0')}`, prompt: `${KINDS[k]?.words}: ${payload(k, n)}` };
    });
    const spent: number[] = [];
    const successes: number[] = [];
    let before = 0;
    for (let quarter = 0; quarter < 4; quarter += 1) {
      await phase.world.add(...tasks.slice(quarter * 50, quarter * 50 + 50));
      await phase.worker('run', '--until-idle');
      const total = phase.model.tokens.prompt + phase.model.tokens.completion;
      spent.push(total - before);
      before = total;
    }
    const records = await phase.world.store((store) => tasks.flatMap(({ id }) => store.get(id) ?? []));
    const isRight = ({ status, outcome, task }: TaskRecord) =>
      status === 'approved' && outcome?.result_summary === solve(task.prompt ?? '');
    for (let quarter = 0; quarter < 4; quarter += 1)
      successes.push(records.slice(quarter * 50, quarter * 50 + 50).filter(isRight).length);
    const saved = Math.round(100 * (1 - (spent[3] ?? 0) / (spent[0] ?? 1)));
    process.stdout.write(
      `stream of 200: model tokens by quarter ${spent.join(', ')} (${saved} % fewer in the last), right by quarter ${successes.join(', ')}\n`,
    );
    expect(successes).toEqual([50, 50, 50, 50]);
    expect(spent[3]).toBeLessThan(0.4 * (spent[0] ?? 0));
  }, 300_000);
});
