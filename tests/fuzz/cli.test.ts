/** The command line, typed in every way: an exit code of the documented ones, words for the person, JSON for the script. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Task, workspacePaths } from '@vivarium/core';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runCommand } from '../../packages/worker/src/program.ts';
import { cases, fuzz, oddText } from './kit.ts';
import { linesOf, playedWorld } from './world.ts';

/** `run` works until it is stopped and `doctor` looks at the machine; both have tests of their own. */
const COMMANDS: readonly (readonly string[])[] = [
  ...['add', 'list', 'show', 'explain', 'status', 'approve', 'reject', 'retry', 'cancel', 'undo'].map((name) => [name]),
  ...['halt', 'pause', 'resume', 'nonsense', '', '--help', '-h', '--version'].map((name) => [name]),
  ...groups('budget', 'show reset'),
  ...groups('skill', 'list show validate add promote quarantine retire'),
  ...groups('resident', 'list show create memories doubt'),
  ...groups('wallet', 'show'),
  ...groups('ledger', 'verify'),
  ...groups('bounty', 'list show create open complete cancel'),
  ...groups('room', 'list show say'),
  ...groups('mail', 'list reply send'),
  ...groups('guild', 'list show'),
  ...groups('journal', 'list'),
  ...groups('dispute', 'list show'),
  ...groups('gate', 'list show'),
];
const WORDS = [
  'read-contract',
  'one',
  'wren',
  'ash',
  'town_hall',
  'Say hello',
  '0.1',
  'high',
  '5',
  'pending_review',
  'repository-map',
];
const OPTIONS =
  '--json --reason --note --limit --status --file --command --model --max-budget --min-budget --priority --identity --decompose --dry-run --max-subtasks --expect-file --output-schema --skill --timeout --max-tokens --intensity --reward --description --winner --summary --traits --text --all -- -x --no-color --cursor --unanswered --help'.split(
    ' ',
  );

function groups(name: string, verbs: string): string[][] {
  return [[name], ...verbs.split(' ').map((verb) => [name, verb])];
}

let home: string;
let told: string[];
beforeEach(async () => {
  home = await playedWorld();
  told = [];
  vi.stubEnv('VIVARIUM_WORKSPACE', home);
  vi.stubEnv('VIVARIUM_API_PORT', '9');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('any words', async () => {
  const before = linesOf(workspacePaths(home).executionLog);
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 3, arbitrary: fc.constantFrom(...OPTIONS) },
    { weight: 2, arbitrary: oddText },
  );
  const line = fc
    .tuple(fc.constantFrom(...COMMANDS), fc.array(word, { maxLength: 6 }), fc.boolean())
    .map(([command, words, json]) => [...command, ...words, ...(json ? ['--json'] : [])]);
  await fuzz(cases(150, 10_000), line, async (args) => {
    told.length = 0;
    const code = await runCommand(args);
    expect([0, 1, 2, 3, 4, 5]).toContain(code);
    const said = told.join('');
    expect(said).not.toMatch(/VIV_UNEXPECTED|\n {4}at /);
    const isValue = args.at(-2)?.startsWith('-') ?? false;
    if (args.at(-1) !== '--json' || isValue || args.includes('--') || /-h\b|--help/.test(args.join(' '))) return;
    for (const out of said.split('\n').filter(Boolean)) expect(() => JSON.parse(out)).not.toThrow();
  });
  expect(linesOf(workspacePaths(home).executionLog).slice(0, before.length)).toEqual(before);
});

it('a task of any words', async () => {
  writeFileSync(join(home, 'schema.json'), '{"type":"object"}');
  let number = 0;
  const given = fc.record({ prompt: oddText, deps: oddText, budget: oddText, priority: oddText, model: oddText });
  await fuzz(cases(60), given, async ({ prompt, deps, budget, priority, model }) => {
    told.length = 0;
    const id = `task${number++}`;
    const code = await runCommand([
      'add',
      id,
      `Say hello ${prompt}`,
      deps,
      `--max-budget=${budget}`,
      `--priority=${priority}`,
      `--model=${model}`,
      '--json',
    ]);
    expect([0, 2, 4, 5]).toContain(code);
    if (code !== 0) return;
    told.length = 0;
    expect(await runCommand(['show', id, '--json'])).toBe(0);
    expect(JSON.parse(told.join('')).id).toBe(id);
    expect(Task.shape.id.safeParse(id).success).toBe(true);
  });
});
