import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SETTINGS, VARIABLES } from '../../packages/core/src/config/settings.ts';
import { TaskEvent } from '../../packages/core/src/contract/event.ts';
import { Hold } from '../../packages/core/src/contract/outcome.ts';
import { REFUSALS } from '../../packages/core/src/contract/refusals.ts';
import { ChangeEvent } from '../../packages/core/src/domain/changes/events.ts';
import { ALL_COMMANDS } from '../../packages/worker/src/cli/commands/all.ts';
import { EXIT } from '../../packages/worker/src/cli/exit.ts';
import { build } from '../../packages/worker/src/program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

type Command = ReturnType<typeof build>;
const OF_PNPM = new Set(['install', 'itself', 'run', 'exec']);

/** The first word of a command line that the program does not know; '' when it knows all of them. */
function unknownIn(program: Command, line: string): string {
  const words = line
    .replace(/\s{2,}#.*$/, '')
    .replace(/"[^"]*"|'[^']*'/g, 'text')
    .trim()
    .split(/\s+/);
  let command = program;
  while (words.length > 0 && command.commands.length > 0) {
    const [word = ''] = words;
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) return /^[<…-]/.test(word) ? '' : word;
    command = next;
    words.shift();
  }
  const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  return words.find((word) => /^--\w/.test(word) && !known.has(word.replace(/[=,.)].*$/, ''))) ?? '';
}

describe('.env.example', () => {
  const shown = new Map([...read('.env.example').matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

  it('shows every setting and no other', () => {
    expect([...shown.keys()].sort()).toEqual([...VARIABLES].sort());
  });

  it('shows the defaults that stand', () => {
    for (const name of VARIABLES) {
      const { fallback }: { fallback?: string } = SETTINGS[name];
      if (fallback !== undefined) expect(`${name}=${shown.get(name)}`).toBe(`${name}=${fallback}`);
    }
  });
});

describe('the documents', () => {
  const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  const documents = ['README.md', 'CONTRIBUTING.md', ...inDocs.map((name) => `docs/${name}`)].sort();

  it.each(documents)('%s links only to what is there', (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => String(link));
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });

  it.each(documents)('%s names only commands and options that there are', (document) => {
    const program = build(ALL_COMMANDS, () => undefined);
    const shown = [...read(document).matchAll(/pnpm worker ([^`\n|]+)/g)].map(([, words]) => String(words));
    for (const line of shown) expect(unknownIn(program, line), line).toBe('');
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    const asked = [...read(document).matchAll(/\b(?:pnpm|npm run(?: --silent)?) ([a-z]+)(?=[ `\n])/g)].map(([, name]) =>
      String(name),
    );
    expect(asked.filter((name) => !scripts.includes(name) && !OF_PNPM.has(name))).toEqual([]);
  });

  it('describe every event of a task', () => {
    const events = TaskEvent.options.map((option) => option.shape.event.value);
    const described = [...read('docs/lifecycle.md').matchAll(/^\| `(task_\w+)`/gm)].map(([, event]) => event);
    expect(described.sort()).toEqual([...events].sort());
  });
});

it('describe every event of a change', () => {
  const events = ChangeEvent.options.map((option) => option.shape.event.value);
  const [, section = ''] = /^## Changes to projects$([\s\S]*?)^## /m.exec(read('docs/lifecycle.md')) ?? [];
  expect([...section.matchAll(/^\| `(\w+)`/gm)].map(([, event]) => event).sort()).toEqual([...events].sort());
});

describe('the error arms of a task', () => {
  const [, section = ''] = /^## What can go wrong at each step$([\s\S]*?)^## /m.exec(read('docs/lifecycle.md')) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:Step|---)/.test(line));
  const cells = rows.map((row) => row.slice(2, -2).split(' | '));
  const named = (of: RegExp) => [...new Set(section.match(of) ?? [])];

  it('name events, codes and holds that there are', () => {
    const events: readonly string[] = TaskEvent.options.map((option) => option.shape.event.value);
    const codes = read('docs/reference/errors.md');
    expect(cells.length).toBeGreaterThan(20);
    expect(named(/task_\w+/g).filter((event) => !events.includes(event))).toEqual([]);
    expect(named(/VIV_[A-Z_]+/g).filter((code) => !codes.includes(`| \`${code}\``))).toEqual([]);
    const holds = [...section.matchAll(/`task_held`, `(\w+)`/g)].map(([, kind]) => kind);
    expect(holds.filter((kind) => !Hold.shape.kind.safeParse(kind).success)).toEqual([]);
  });

  it('say of every phase what goes wrong and who moves next', () => {
    const steps = new Set(cells.map(([step]) => step?.replaceAll(' ', '-')));
    const phases = readdirSync(join(ROOT, 'packages/worker/src/phases'), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(phases.map(({ name }) => name).filter((name) => name !== 'before' && !steps.has(name))).toEqual([]);
    const movers = /^(?:who adds it|itself|lease|worker|timer|person)/;
    expect(cells.filter((row) => row.length !== 4 || !movers.test(row[3] ?? ''))).toEqual([]);
  });

  it('leave out no code that a call to a model can end with', () => {
    const codes = read('docs/reference/errors.md').match(/^\| `VIV_(?:PROVIDER|MODEL)_[A-Z_]+`/gm) ?? [];
    const ofCalls = codes.map((row) => row.slice(3, -1)).filter((code) => code !== 'VIV_MODELS_FILE');
    expect(ofCalls.length).toBeGreaterThan(8);
    expect(ofCalls.filter((code) => !section.includes(code))).toEqual([]);
  });

  it('leave out no event that ends a claim', () => {
    const ending = [
      'task_blocked',
      'task_held',
      'task_requeued',
      'task_failed',
      'task_released',
      'task_approved',
      'task_expanded',
    ];
    expect(ending.filter((event) => !section.includes(event))).toEqual([]);
  });

  it('say of an error what its disposition makes of the task', () => {
    const happens: Record<string, RegExp> = {
      'tried again later': /task_requeued|task_released|said again|ends the worker/,
      'the task waits for a person': /task_held|refused/,
      'the task is blocked': /task_blocked|refused/,
      'another worker has the task': /nothing is written/,
    };
    const lines = read('docs/reference/errors.md').split('\n');
    for (const [step, what = '', becomes = ''] of cells)
      for (const code of `${what} ${becomes}`.match(/VIV_[A-Z_]+/g) ?? []) {
        const disposition =
          lines
            .find((line) => line.startsWith(`| \`${code}\``))
            ?.split(' | ')[3]
            ?.trim() ?? '';
        const expected = happens[disposition];
        if (expected) expect(becomes, `${step}: ${code} (${disposition})`).toMatch(expected);
      }
  });
});

describe('the page of errors', () => {
  const cellsOf = (line: string) => line.split(' | ').map((cell) => cell.replace(/^\| |\s*\|$/g, '').trim());
  const rows = (of: RegExp) =>
    new Map(
      read('docs/reference/errors.md')
        .split('\n')
        .flatMap((line) => {
          const [first = '', ...rest] = cellsOf(line);
          const [, name] = of.exec(first) ?? [];
          return name === undefined ? [] : [[name, rest] as const];
        }),
    );
  const product = readdirSync(join(ROOT, 'packages'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^[\w-]+\/src\/.*\.m?[jt]s$/.test(file) && !/\.test\.ts$|\/testing\//.test(file))
    .map((file) => read(join('packages', file)));

  it('has every code that is said somewhere, with what happens and what it means, and no other', () => {
    const codes = rows(/^`(VIV_[A-Z_]+)`$/);
    const said = new Set(product.flatMap((text) => text.match(/\bVIV_[A-Z][A-Z_]*[A-Z]\b/g) ?? []));
    expect([...codes.keys()].sort()).toEqual([...said].sort());
    expect([...codes].filter(([, [, , happens, meaning]]) => !happens || !meaning)).toEqual([]);
  });

  it('has every refusal of the registry with its status, exit code and meaning, and each of them is said somewhere', () => {
    const refusals = rows(/^`([a-z_]+)`$/);
    const expected = Object.entries(REFUSALS).map(([reason, { status, exit, already, means }]) => [
      reason,
      [String(status), String(EXIT[exit]), already ? 'yes' : '', `${means}.`],
    ]);
    expect([...refusals].sort()).toEqual(expected.sort());
    const silent = Object.keys(REFUSALS).filter((reason) => !product.some((text) => text.includes(`'${reason}'`)));
    expect(silent).toEqual([]);
  });
});
