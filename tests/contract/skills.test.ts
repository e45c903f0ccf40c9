import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  alike,
  applySkill,
  familiesOf,
  fitOf,
  InvalidInputError,
  judgeCandidate,
  judgeDraft,
  judgeUses,
  judgeValidated,
  keptOf,
  mayMove,
  meetsExample,
  nearDuplicates,
  openSkills,
  type SkillFinding,
  type SkillFold,
  type SkillLogEntry,
  SkillManifest,
  type SkillOutcome,
  type SkillRegistry,
  SkillStatus,
  sameAnswer,
  shapeOf,
  splitSamples,
  standingOf,
  TaskConflictError,
  templateOf,
  type ValidationCase,
  workspacePaths,
} from '@vivarium/core';
import { FakeClock } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { readSkill } from '@vivarium/world';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;
const open: SkillRegistry[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vivarium-skills-'));
});
afterEach(async () => {
  for (const registry of open.splice(0)) await registry.close();
  rmSync(root, { recursive: true, force: true });
});

const findings: SkillFinding[] = [];
async function registry(options: { installation?: string } = {}): Promise<SkillRegistry> {
  findings.length = 0;
  const opened = await openSkills({
    backend: fileBackend(workspacePaths(join(root, 'world')), new FakeClock()),
    onFinding: (finding) => findings.push(finding),
    ...options,
  });
  open.push(opened);
  return opened;
}

function put(folder: string, skill: string, files: Record<string, string> = {}): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'SKILL.md'), skill);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
const inWorld = (name: string) => join(root, 'world', 'library', 'skills', name);
const front = (fields: string, body = 'Body.') => `---\n${fields}\n---\n\n${body}\n`;
const SHOUT = front(
  'name: shout\ndescription: Say it loud\nversion: 1.2.0\nkind: executable\nentry: skill.mjs\nkeywords: [loud, shout]',
);
const CODE = { 'skill.mjs': 'export default ({ prompt }) => prompt.toUpperCase();' };

describe('a SKILL.md', () => {
  it('is read with front matter, text and code', () => {
    const read = readSkill(put(join(root, 'shout'), SHOUT, CODE));
    expect(read).toMatchObject({
      kind: 'skill',
      skill: {
        manifest: { name: 'shout', version: '1.2.0', kind: 'executable', keywords: ['loud', 'shout'] },
        body: 'Body.',
        code: CODE['skill.mjs'],
      },
    });
  });

  it('of the open convention, with name and description only, is a prompt skill', () => {
    const read = readSkill(put(join(root, 'x'), front('name: x\ndescription: d\nlicense: MIT\nmetadata:\n  author: me')));
    expect(read).toMatchObject({ kind: 'skill', skill: { manifest: { kind: 'prompt', version: '1.0.0', license: 'MIT' } } });
  });

  it.each([
    ['no front matter', 'name: x', 1, /front matter/],
    ['YAML that is none', front('name: x\ndescription: "open'), 3, /YAML/],
    ['a key twice', front('name: x\nname: y\ndescription: d'), 3, /unique/],
    ['no name', front('description: d'), 1, /expected string/],
    ['a name with blanks', front('description: d\nname: My Skill'), 3, /small letters/],
    ['an unknown kind', front('name: x\ndescription: d\nkind: magic'), 4, /executable/],
    ['an executable without code', front('name: x\ndescription: d\nkind: executable'), 1, /needs an entry/],
    ['an entry outside', front('name: x\ndescription: d\nentry: ../../etc/passwd'), 4, /inside/],
    ['an absolute entry', front('name: x\ndescription: d\nentry: /bin/sh'), 4, /inside/],
    ['an entry that is not there', front('name: x\ndescription: d\nentry: none.mjs'), undefined, /no file none.mjs/],
    ['a version of words', front('name: x\ndescription: d\nversion: newest'), 4, /version/],
    ['an example without expectation', front('name: x\ndescription: d\nexamples:\n  - prompt: p'), 4, /expect/],
    ['a composed one without parts', front('name: x\ndescription: d\nkind: composed\ncomponents: [a]'), 5, /two components/],
    ['a list for an object', front('- a\n- b'), 1, /expected object/],
  ])('with %s is refused with its line', (_what, text, line, reason) => {
    const read = readSkill(put(join(root, 'x'), text));
    expect(read.kind).toBe('refused');
    if (read.kind === 'skill') return;
    const [finding] = read.findings;
    expect(finding?.file).toBe(join(root, 'x', 'SKILL.md'));
    expect(finding?.line).toBe(line);
    expect(finding?.reason).toMatch(reason);
    expect(finding?.fix).not.toBe('');
  });

  it('whose entry is a link out of its folder is refused', () => {
    writeFileSync(join(root, 'secret.mjs'), 'export default () => 1;');
    const folder = put(join(root, 'x'), front('name: x\ndescription: d\nentry: skill.mjs'));
    symlinkSync(join(root, 'secret.mjs'), join(folder, 'skill.mjs'));
    expect(readSkill(folder)).toMatchObject({ kind: 'refused', findings: [{ reason: 'entry leads out of the folder' }] });
  });

  it('never throws, whatever stands in it', () => {
    const line = fc.constantFrom(
      'name: x',
      'description: d',
      '---',
      '- a',
      'a: &x [*x]',
      '{',
      '"',
      'kind: 3',
      '\t:',
      'examples: [1]',
      'version: 1.0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string({ maxLength: 20 })), { maxLength: 8 }), (lines) => {
        const read = readSkill(put(join(root, 'fuzz'), `---\n${lines.join('\n')}\n---\n`));
        if (read.kind === 'refused') expect(read.findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the registry', () => {
  it('knows the skills of installation and workspace, and refuses bad ones loudly without ending', async () => {
    put(join(root, 'inst', 'library', 'skills', 'shout'), SHOUT, CODE);
    put(inWorld('whisper'), front('name: whisper\ndescription: Say it softly'));
    put(inWorld('bad'), 'no front matter');
    put(inWorld('thief'), SHOUT, CODE);
    const skills = await registry({ installation: join(root, 'inst') });
    expect(skills.list().map(({ name, shipped, status }) => [name, shipped, status])).toEqual([
      ['shout', true, 'active'],
      ['whisper', false, 'active'],
    ]);
    expect(findings.map(({ file }) => file).sort()).toEqual([
      join(inWorld('bad'), 'SKILL.md'),
      join(inWorld('thief'), 'SKILL.md'),
    ]);
    expect(skills.findings()).toHaveLength(2);
  });

  it('sees a skill that is added, changed and removed while it is open', async () => {
    const skills = await registry();
    const until = async (met: () => boolean) => {
      const stop = new Promise<void>((resolve) => {
        const check = () => void (met() && resolve());
        skills.follow(check);
        check();
      });
      await stop;
    };
    put(inWorld('shout'), SHOUT, CODE);
    await until(() => skills.show('shout') !== undefined);
    writeFileSync(join(inWorld('shout'), 'skill.mjs'), 'export default () => "new code here";');
    await until(() => skills.show('shout')?.code?.includes('new code') ?? false);
    rmSync(inWorld('shout'), { recursive: true });
    await until(() => skills.show('shout') === undefined);
  });

  it('adds a folder as a candidate, complete or not at all', async () => {
    const skills = await registry();
    expect(await skills.addSkill(put(join(root, 'shout'), SHOUT, CODE))).toMatchObject({
      name: 'shout',
      status: 'candidate',
      origin: 'person',
    });
    expect(readFileSync(join(inWorld('shout'), 'skill.mjs'), 'utf8')).toBe(CODE['skill.mjs']);
    await expect(skills.addSkill(join(root, 'shout'))).rejects.toThrow(TaskConflictError);
    const bad = put(join(root, 'bad'), front('name: bad\ndescription: d\nentry: none.mjs'));
    await expect(skills.addSkill(bad)).rejects.toThrow(/none\.mjs/);
    expect(existsSync(inWorld('bad'))).toBe(false);
  });

  it('writes a draft of its own as a candidate that can be read back', async () => {
    const skills = await registry();
    const manifest = { name: 'twice', description: 'Says: "it" twice', entry: 'skill.mjs', keywords: ['twice', 'double'] };
    await skills.addDraft({ manifest, files: { 'skill.mjs': 'export default ({ prompt }) => prompt + prompt;' } });
    expect(skills.show('twice')).toMatchObject({ ...manifest, kind: 'executable', status: 'candidate', origin: 'runtime' });
    const outside = { manifest: { ...manifest, name: 'out' }, files: { '../x.mjs': '' } };
    await expect(skills.addDraft(outside)).rejects.toThrow(InvalidInputError);
    expect(existsSync(inWorld('out'))).toBe(false);
  });

  it('keeps status and counters over a restart, by version', async () => {
    const first = await registry();
    await first.addSkill(put(join(root, 'shout'), SHOUT, CODE));
    await first.setStatus('shout', 'active', 'person', 'I tried it');
    await first.recordUse(use('t1', 'useful'));
    await first.recordUse(use('t2', 'failed'));
    const again = await registry();
    expect(again.show('shout')).toMatchObject({
      status: 'active',
      last_reason: 'I tried it',
      counters: { uses: 2, useful: 1, failed: 1, harmful: 0, model_calls_avoided: 1 },
    });
    writeFileSync(join(inWorld('shout'), 'SKILL.md'), SHOUT.replace('1.2.0', '2.0.0'));
    again.refresh();
    expect(again.show('shout')?.counters.uses).toBe(0);
  });

  it('counts one use per attempt; a later verdict replaces the earlier one', async () => {
    const skills = await registry();
    put(inWorld('shout'), SHOUT, CODE);
    skills.refresh();
    for (const outcome of ['unknown', 'useful', 'useful', 'harmful', 'unknown'] as const)
      await skills.recordUse(use('t1', outcome));
    expect(skills.show('shout')?.counters).toMatchObject({ uses: 1, useful: 0, harmful: 1 });
  });

  it('refuses moves off the way and takes harm out by itself', async () => {
    const skills = await registry();
    await skills.addSkill(put(join(root, 'shout'), SHOUT, CODE));
    await expect(skills.setStatus('shout', 'active', 'rules', 'hope')).rejects.toThrow(InvalidInputError);
    await expect(skills.setStatus('nobody', 'active', 'person', 'x')).rejects.toThrow(/no skill is called nobody/);
    await skills.setStatus('shout', 'validated', 'rules', 'examples pass');
    await skills.setStatus('shout', 'active', 'rules', 'it helps');
    await skills.recordUse(use('t1', 'harmful'));
    expect(await skills.sweep()).toEqual([]);
    await skills.recordUse(use('t2', 'harmful'));
    expect(await skills.sweep()).toMatchObject([{ name: 'shout', status: 'quarantined' }]);
  });

  it('lets one of two processes that move a skill win', async () => {
    const [a, b] = [await registry(), await registry()];
    await a.addSkill(put(join(root, 'shout'), SHOUT, CODE));
    b.refresh();
    const ends = await Promise.allSettled([
      a.setStatus('shout', 'validated', 'rules', 'a'),
      b.setStatus('shout', 'retired', 'rules', 'b'),
    ]);
    a.refresh();
    b.refresh();
    expect(a.show('shout')?.status).toBe(b.show('shout')?.status);
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
  });
});

const use = (task_id: string, outcome: SkillOutcome) => ({
  name: 'shout',
  version: '1.2.0',
  task_id,
  attempt: 1,
  route: 'exact',
  confidence: 1,
  model_call_avoided: true,
  outcome,
});

describe('the log of skills', () => {
  const at = { timestamp: '2026-01-01T00:00:00.000Z', name: 'shout', version: '1.0.0' };
  const moved = (from: SkillStatus, to: SkillStatus, by: 'rules' | 'person' = 'rules'): SkillLogEntry => ({
    ...at,
    event: 'skill_moved',
    from,
    to,
    by,
    reason: 'r',
  });

  it('counts a move only from where the skill stands, and only on its way', () => {
    const fold: SkillFold = new Map();
    expect(applySkill(fold, { ...at, event: 'skill_added', origin: 'runtime', status: 'candidate' })).toBe(true);
    expect(applySkill(fold, { ...at, event: 'skill_added', origin: 'person', status: 'active' })).toBe(false);
    expect(applySkill(fold, moved('candidate', 'active'))).toBe(false);
    expect(applySkill(fold, moved('candidate', 'validated'))).toBe(true);
    expect(applySkill(fold, moved('candidate', 'retired'))).toBe(false);
    expect(standingOf(fold, 'shout', false)).toMatchObject({ status: 'validated', origin: 'runtime' });
    expect(applySkill(fold, moved('validated', 'retired', 'person'))).toBe(true);
    expect(applySkill(fold, { ...at, event: 'skill_added', origin: 'person', status: 'candidate' })).toBe(true);
  });

  it('says nothing of a skill it does not know', () => {
    expect(standingOf(new Map(), 'new', true)).toMatchObject({ status: 'active', origin: 'shipped' });
  });
});

describe('promotion', () => {
  const score = (passed: number, total: number) => ({ passed, total });
  it.each([
    [score(3, 3), score(3, 3), 'validated'],
    [score(3, 3), score(2, 3), 'retired'],
    [score(2, 3), score(3, 3), 'retired'],
    [score(1, 1), score(3, 3), undefined],
    [score(3, 3), score(0, 0), undefined],
  ])('examples %j, unseen %j: %s', (own, unseen, move) => {
    expect(judgeCandidate({ own, unseen }).move).toBe(move);
  });

  const one = (with_skill: boolean, without: boolean, model_tokens_with = 0, model_tokens_without = 100): ValidationCase => ({
    task_id: 't',
    with_skill,
    without,
    model_tokens_with,
    model_tokens_without,
  });
  it.each([
    ['wins', [one(true, false), one(true, true), one(true, true)], 'active'],
    ['saves at equal success', [one(true, true), one(true, true), one(true, true)], 'active'],
    ['changes nothing', [one(true, true, 100), one(true, true, 100), one(true, true, 100)], undefined],
    ['costs more', [one(true, true, 200), one(true, true, 200), one(true, true, 200)], undefined],
    ['makes one worse', [one(true, false), one(true, true), one(false, true)], 'retired'],
    ['was tried too little', [one(true, false)], undefined],
    ['solves nothing', [one(false, false), one(false, false), one(false, false)], undefined],
  ])('a validated skill that %s', (_what, cases, move) => {
    expect(judgeValidated(cases).move).toBe(move);
  });

  it.each([
    [0, 1, undefined],
    [0, 2, 'quarantined'],
    [1, 2, 'quarantined'],
    [2, 2, undefined],
    [2, 3, 'quarantined'],
    [9, 1, undefined],
    [5, 5, 'quarantined'],
    [90, 10, undefined],
  ])('%d useful and %d harmful uses: %s', (useful, harmful, move) => {
    expect(judgeUses({ uses: useful + harmful, useful, harmful, failed: 0, model_calls_avoided: 0 }).move).toBe(move);
  });

  it('never keeps a skill that does more harm than good, nor takes one out for a single bad use', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }), (useful, harmful) => {
        const { move } = judgeUses({ uses: useful + harmful, useful, harmful, failed: 0, model_calls_avoided: 0 });
        if (harmful >= 2 && harmful > useful) expect(move).toBe('quarantined');
        if (harmful <= 1 && useful < 19) expect(move).toBeUndefined();
        if (harmful / (useful + harmful + 1e-9) <= 0.2) expect(move).toBeUndefined();
      }),
    );
  });

  it('has no way out of retirement but a person', () => {
    for (const to of SkillStatus.options) expect(mayMove('retired', to, 'rules')).toBe(false);
    expect(mayMove('retired', 'candidate', 'person')).toBe(true);
    expect(mayMove('candidate', 'active', 'rules')).toBe(false);
  });
});

describe('likeness', () => {
  const skill = (fields: object) => ({
    name: 'a',
    kind: 'executable',
    description: 'Count the words of a text',
    keywords: ['words'],
    body: 'export default ({ prompt }) => String(prompt.split(" ").length);',
    ...fields,
  });
  it('finds the same skill twice and tells different ones apart', () => {
    expect(nearDuplicates(skill({}), skill({ name: 'b', description: 'How many words there are' }))).toBe(true);
    expect(nearDuplicates(skill({}), skill({ body: `// said otherwise\n${skill({}).body}` }))).toBe(true);
    expect(nearDuplicates(skill({}), skill({ body: 'export default ({ prompt }) => prompt.toUpperCase();' }))).toBe(false);
    expect(nearDuplicates(skill({}), skill({ kind: 'prompt' }))).toBe(false);
  });

  it('keeps the one further on its way, then the more useful, then the first', () => {
    const at = (status: string, useful: number, id: string) => ({ status, useful, id });
    expect(keptOf(at('active', 1, 'a'), at('candidate', 9, 'b')).id).toBe('a');
    expect(keptOf(at('active', 1, 'a'), at('active', 2, 'b')).id).toBe('b');
    expect(keptOf(at('active', 1, 'a'), at('active', 1, 'b')).id).toBe('a');
  });
});

describe('families', () => {
  const sample = (prompt: string, index: number) => ({ task_id: `t${index}`, prompt, output: 'x' });
  it('gather tasks that differ only in what changes', () => {
    const prompts = [
      'Reverse the word "pear"',
      'Convert 37 degrees Celsius to Fahrenheit',
      'Reverse the word "fig"',
      'Convert -4.5 degrees Celsius to Fahrenheit',
      'Sort these names: zoe, adam',
      'What is the capital of France?',
      'Sort these names: mike, ann, bob',
      'What is the sum of 3 and 4?',
      'Reverse the word apple',
      'Summarize chapter 3 of notes.md',
    ];
    expect(familiesOf(prompts.map(sample)).map(({ samples }) => samples.map(({ task_id }) => task_id))).toEqual([
      ['t0', 't2', 't8'],
      ['t1', 't3'],
      ['t4', 't6'],
      ['t5'],
      ['t7'],
      ['t9'],
    ]);
  });

  it('give a shape whose slots hold what changes', () => {
    expect(shapeOf('Convert 37.5 degrees to "F"')).toEqual(['convert', '·', 'degrees', 'to', '·']);
    expect(shapeOf('Sort these names: zoe, adam')).toEqual(['sort', 'these', 'names', '·']);
    expect(alike(shapeOf('Add 3 and 4'), shapeOf('Add 10 and 20'))).toBe(true);
  });

  it('have a template of what stays the same, and only their own tasks fit it', () => {
    const template = templateOf([
      'Name the capital of France',
      'Name the capital of New Zealand',
      'Name the capital of Peru, please',
    ]);
    expect(template).toEqual(['name', 'the', 'capital', 'of']);
    expect(fitOf('Name the capital of Chad', template)).toBeCloseTo(0.8);
    expect(fitOf('Name the currency of Chad', template)).toBe(0);
    expect(fitOf('Name the capital letters of the title of my book and explain each', template)).toBeLessThan(0.5);
    expect(fitOf('Reverse it', ['reverse'])).toBe(0);
  });

  it('are split into three parts that do not overlap', () => {
    const samples = Array.from({ length: 10 }, (_, index) => sample('p', index));
    const { own, unseen, validation } = splitSamples(samples);
    expect(new Set([...own, ...unseen, ...validation].map(({ task_id }) => task_id)).size).toBe(10);
    expect([own.length, unseen.length, validation.length]).toEqual([4, 3, 3]);
  });
});

describe('a drafted skill', () => {
  const samples = ['Reverse the word "pear"', 'Reverse the word "fig"'].map((prompt, index) => ({
    task_id: `t${index}`,
    prompt,
    output: '',
  }));
  const code = 'export default ({ prompt }) => prompt;';

  it('becomes a manifest that says where it comes from', () => {
    const verdict = judgeDraft(
      JSON.stringify({
        name: 'Reverse Word',
        description: 'Reverses',
        when_to_use: '',
        when_not: '',
        keywords: ['backwards'],
        code,
      }),
      samples,
      new Set(['reverse-word']),
    );
    expect(verdict).toMatchObject({
      kind: 'draft',
      code,
      manifest: {
        name: 'reverse-word-2',
        keywords: ['backwards', 'reverse', 'word'],
        template: 'reverse the word',
        provenance: { task_ids: ['t0', 't1'] },
      },
    });
  });

  it('has a name that can be a folder, whatever the model calls it', () => {
    for (const name of ['ぁ 𠀀', 'é à b', '---', `${'very '.repeat(20)}long`]) {
      const verdict = judgeDraft(JSON.stringify({ name, code }), samples, new Set());
      expect(verdict.kind === 'draft' && SkillManifest.safeParse(verdict.manifest).success).toBe(true);
    }
  });

  it('needs nothing but a module with a default export', () => {
    expect(judgeDraft(JSON.stringify({ code: `\`\`\`js\n${code}\n\`\`\`` }), samples, new Set())).toMatchObject({
      kind: 'draft',
      code,
      manifest: { name: 'reverse-word' },
    });
    for (const reply of [{}, { code: '' }, { code: 'const a = 1;' }, null, 'text', { name: 'x', code: 3 }]) {
      expect(judgeDraft(JSON.stringify(reply), samples, new Set()).kind).toBe('refused');
    }
  });
});

describe('examples', () => {
  it('are met by what they expect', () => {
    expect(meetsExample(' 42\n', { prompt: 'p', expect: '42' })).toBe(true);
    expect(meetsExample('about 42', { prompt: 'p', expect: '42' })).toBe(false);
    expect(meetsExample('about 42', { prompt: 'p', expect_contains: ['42', 'about'] })).toBe(true);
    expect(meetsExample('about 42', { prompt: 'p', expect_pattern: '\\d+$' })).toBe(true);
    expect(meetsExample('anything', { prompt: 'p', expect_pattern: '(' })).toBe(false);
  });

  it('compare answers without blanks, letter case and quotation marks', () => {
    expect(sameAnswer('"Raep".', 'raep')).toBe(true);
    expect(sameAnswer('98.6', '98.60')).toBe(false);
  });
});
