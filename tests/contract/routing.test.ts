import { readFileSync } from 'node:fs';
import { extractIntent, type RoutableSkill, routeFields, routeTask, skillRouter, toolContextBlock } from '@vivarium/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

interface Labelled {
  readonly prompt: string;
  readonly expected: string | null;
  readonly split?: 'tune' | 'held_out';
}
const read = (name: string) => JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
const labelled: {
  skills: (Omit<RoutableSkill, 'when_to_use' | 'when_not'> & { when_to_use: string; when_not: string })[];
  prompts: Labelled[];
} = read('retrieval');
const nearMisses: { prompts: Labelled[] } = read('retrieval-near-misses');
const fresh: { prompts: Labelled[] } = read('retrieval-fresh');
const skills: RoutableSkill[] = labelled.skills.map((skill) => ({
  ...skill,
  when_to_use: [skill.when_to_use],
  when_not: [skill.when_not],
}));
const router = skillRouter(skills);

/** How a set fares; said aloud, so that a run shows what it measured. */
function measure(name: string, prompts: readonly Labelled[]) {
  const answers = prompts.map(({ prompt, expected }) => {
    const route = router.route(prompt, extractIntent(prompt));
    return { expected, got: route.route === 'generate' ? null : (route.tool_name ?? null) };
  });
  const routed = answers.filter(({ got }) => got !== null);
  const right = answers.filter(({ expected, got }) => expected === got).length;
  const wrong = routed.filter(({ expected, got }) => expected !== got).length;
  const missed = answers.filter(({ expected, got }) => expected !== null && got === null).length;
  process.stdout.write(
    `retrieval, ${name}: right on ${right}/${answers.length}, precision@1 ${routed.length - wrong}/${routed.length}, ${missed} left to the model\n`,
  );
  return { right: right / answers.length, precision: (routed.length - wrong) / routed.length, wrong };
}

describe('retrieval', () => {
  it('has 150 labelled prompts, at least 40 of them with no right skill', () => {
    expect(labelled.prompts).toHaveLength(150);
    expect(labelled.prompts.filter(({ expected }) => expected === null).length).toBeGreaterThanOrEqual(40);
  });

  it.each(['tune', 'held_out', 'all'])(
    'is right on at least 9 of 10 prompts and hardly ever names a wrong skill: %s',
    (split) => {
      const found = measure(
        split,
        labelled.prompts.filter((prompt) => split === 'all' || prompt.split === split),
      );
      expect(found.right).toBeGreaterThanOrEqual(0.9);
      expect(found.precision).toBeGreaterThanOrEqual(0.98);
    },
  );

  it('is not taken in by near misses', () => {
    const found = measure('near misses', nearMisses.prompts);
    expect(found.right).toBeGreaterThanOrEqual(0.9);
    expect(found.wrong).toBeLessThanOrEqual(2);
  });

  it('names no wrong skill for prompts that nobody tuned it on', () => {
    const found = measure('fresh', fresh.prompts);
    expect(found.precision).toBeGreaterThanOrEqual(0.95);
    expect(found.right).toBeGreaterThanOrEqual(0.7);
  });

  it.each([
    'share the results',
    'flatten the hierarchy',
    'important thing to do',
    'Summarize architecture gaps',
    '',
    '   ',
    '?!',
  ])('leaves "%s" to the model', (text) => {
    expect(routeTask(text, undefined, skills)).toMatchObject({ route: 'generate', tool_confidence: 0 });
  });
});

describe('a skill called by its name', () => {
  it.each([
    ['Please run read_json_safe on config', 'read_json_safe'],
    ['word-count for "a b c"', 'word-count'],
    ['Use the skill hash on "abc"', 'hash'],
    ['run hash on this: abc', 'hash'],
    ['Apply `slugify` to "A B"', 'slugify'],
    ['WORD-COUNT "a b"', 'word-count'],
  ])('%s', (text, name) => {
    expect(routeTask(text, extractIntent(text), skills)).toMatchObject({
      route: 'exact',
      tool_name: name,
      tool_confidence: 1,
      tool_version: '1.0.0',
    });
  });

  it.each([
    'Do not use read_json_safe; open the door instead',
    'Explain what word-count does',
    'The rehash of hashtags is over',
    'Give me three words that rhyme with "hash"',
    'Look at my-word-count-app and praise it',
    'Fix word-count.ts',
  ])('not by "%s"', (text) => {
    expect(routeTask(text, extractIntent(text), skills).route).not.toBe('exact');
  });
});

it('is not called when the text says so, whatever its intent says', () => {
  for (const text of [
    'Do not run read_json_safe on it',
    'Find out what a is without read_json_safe',
    'Use anything instead of read_json_safe',
  ]) {
    expect(routeTask(text, undefined, skills).route, text).toBe('generate');
  }
});

describe('which skills are found', () => {
  const only = (status: string, origin: string) => [{ ...skills[0]!, status, origin }];
  it.each([
    ['active', 'runtime', 'exact', 'semantic'],
    ['candidate', 'person', 'exact', 'generate'],
    ['candidate', 'runtime', 'generate', 'generate'],
    ['quarantined', 'person', 'generate', 'generate'],
    ['retired', 'shipped', 'generate', 'generate'],
  ])('%s, from %s: %s by name, %s by meaning', (status, origin, byName, byMeaning) => {
    expect(routeTask('run word-count on "a b"', undefined, only(status, origin)).route).toBe(byName);
    expect(routeTask('Count the words in "a b"', undefined, only(status, origin)).route).toBe(byMeaning);
  });

  it('finds a learned one by the family of its tasks, and by nothing that only looks like it', () => {
    const capital: RoutableSkill = {
      ...skills[0]!,
      name: 'capitals',
      description: 'x',
      keywords: [],
      when_to_use: [],
      template: 'name the capital of',
    };
    expect(routeTask('Name the capital of Chad', undefined, [capital])).toMatchObject({
      route: 'semantic',
      tool_name: 'capitals',
    });
    expect(routeTask('Name the currency of Chad', undefined, [capital]).route).toBe('generate');
  });
});

describe('a composition', () => {
  it('does each part with the skill it needs, in order', () => {
    const route = routeTask('Convert "hello you" to upper case, then count the words in "hello you"', undefined, skills);
    expect(route).toMatchObject({
      route: 'composed',
      tool_name: 'composed_to-uppercase_word-count',
      components: [{ name: 'to-uppercase' }, { name: 'word-count' }],
    });
    expect(route.tool_confidence).toBeGreaterThan(0.5);
    expect(route.tool_confidence).toBeLessThanOrEqual(1);
  });

  it('needs a skill for every part', () => {
    expect(routeTask('Count the words in "a b", then write a poem about them', undefined, skills).route).toBe('generate');
    const three = 'Count the words in "a b", convert "c" to upper case, then write a poem for Ann';
    expect(routeTask(three, undefined, skills).route).toBe('generate');
  });
});

describe('what a route leaves behind', () => {
  it('is a block before the task and fields for events', () => {
    const route = routeTask('Count the words in "a b"', undefined, skills);
    const block = toolContextBlock(route, { description: ' ', body: 'Split at blanks.' }, 'the prompt');
    expect(block.split('\n')[0]).toContain('RELEVANT TOOL CONTEXT');
    expect(block).toMatch(
      /TOOL_NAME: word-count\nTOOL_ROUTE: semantic\nTOOL_CONFIDENCE: \d\.\d\d\nTOOL_DESCRIPTION: n\/a\nSplit at blanks\.\nTASK:\nthe prompt$/,
    );
    expect(routeFields(route, true)).toEqual({
      tool_route: 'semantic',
      tool_name: 'word-count',
      tool_version: '1.0.0',
      tool_confidence: route.tool_confidence,
      model_call_avoided: true,
    });
  });
});

it('routes any text, always the same way, with a confidence between 0 and 1', () => {
  const word = fc.oneof(
    fc.constantFrom('count', 'the', 'words', 'json', 'to', '"a b"', 'hash', 'word-count', ':', '\n', ', then', '('),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 14 }), (words) => {
      const text = words.join(' ');
      const route = router.route(text);
      expect(router.route(text)).toEqual(route);
      expect(route.tool_confidence).toBeGreaterThanOrEqual(0);
      expect(route.tool_confidence).toBeLessThanOrEqual(1);
      expect(route.tool_name === undefined).toBe(route.route === 'generate');
    }),
  );
});
