import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalResult, openLocalRunner } from '../../packages/api/src/local/index.ts';
import { aWorld, INSTALLATION, SECRET, type World } from './sandbox.fixture.ts';
import { requires } from './sandbox.requires.ts';

/** What must be refused, and by which rule. `OUT` is a folder of secrets beside the workspace, `ROOT` the workspace. */
const ESCAPES: readonly (readonly [command: string, rule: string])[] = [
  ['', 'command.empty'],
  ["''", 'command.empty'],
  ['ls; ls', 'command.operator'],
  ['ls && cat .env', 'command.operator'],
  ['ls || cat .env', 'command.operator'],
  ['ls | cat', 'command.operator'],
  ['ls & cat .env', 'command.operator'],
  ['echo hi > x', 'command.operator'],
  ['cat < .env', 'command.operator'],
  ['cat <(ls)', 'command.operator'],
  ['ls\ncat .env', 'command.operator'],
  ['ls\rcat .env', 'command.operator'],
  ['echo `cat .env`', 'command.expansion'],
  ['echo "`cat .env`"', 'command.expansion'],
  ['echo $(cat .env)', 'command.expansion'],
  ['echo "$(cat .env)"', 'command.expansion'],
  ['cat $HOME/.ssh/id_rsa', 'command.expansion'],
  ['echo $' + '{HOME}', 'command.expansion'],
  ["cat $'\\x2e'env", 'command.expansion'],
  ["cat 'README.md", 'command.quote'],
  ['cat "README.md', 'command.quote'],
  ['cat README.md\\', 'command.quote'],
  ['FOO=1 ls', 'command.assignment'],
  ['LD_PRELOAD=./evil.so ls', 'command.assignment'],
  ['OUT/ls', 'command.program_path'],
  ['/usr/bin/env ls', 'command.program_path'],
  ['./bin/cat README.md', 'command.program_path'],
  ['../world-outside/ls', 'command.program_path'],
  ['LS', 'command.program'],
  ['git status', 'command.program'],
  ['bash -c ls', 'command.program'],
  ['python3 -V', 'command.program'],
  ['nc host 80', 'command.program'],
  ['sh', 'command.program'],
  ['curl http://127.0.0.1', 'command.program'],
  ['rm -rf /', 'command.program'],
  ['__proto__', 'command.program'],
  ['ls ..', 'command.outside'],
  ['ls /', 'command.outside'],
  ['cat /etc/passwd', 'command.outside'],
  ['cat /etc/hostname', 'command.outside'],
  ['cat ../world-outside/secret.txt', 'command.outside'],
  ['cat OUT/secret.txt', 'command.outside'],
  ['cat docs/../../world-outside/secret.txt', 'command.outside'],
  ['cat link-file', 'command.outside'],
  ['cat link-folder/secret.txt', 'command.outside'],
  ['cat link-relative/secret.txt', 'command.outside'],
  ['cat ROOT/link-file', 'command.outside'],
  ['cat link-inside/../link-file', 'command.outside'],
  ['cat link-dangling', 'command.outside'],
  ['cat link-loop', 'command.outside'],
  ['cat -- /etc/shadow', 'command.outside'],
  ['cat "/etc/passwd"', 'command.outside'],
  ['cat /proc/self/environ', 'command.outside'],
  ['ls ~', 'command.home'],
  ['cat ~/.ssh/id_rsa', 'command.home'],
  ['cat ~root/.bashrc', 'command.home'],
  ['cat .env', 'command.secret'],
  ['cat ./.env', 'command.secret'],
  ['cat docs/../.env', 'command.secret'],
  ['cat .e""nv', 'command.secret'],
  ["cat '.env'", 'command.secret'],
  ['cat .ENV', 'command.secret'],
  ['cat ROOT/.env', 'command.secret'],
  ['cat link-env', 'command.secret'],
  ['cat sub/.env.local', 'command.secret'],
  ['cat keys/server.pem', 'command.secret'],
  ['cat keys/id_rsa', 'command.secret'],
  ['cat .git/config', 'command.secret'],
  ['cat .swarm/security/internal_execution_token.txt', 'command.secret'],
  ['cat link-swarm/internal_execution_token.txt', 'command.secret'],
  ['ls .swarm', 'command.secret'],
  ['ls -R .swarm/security', 'command.secret'],
  ['rg canary .swarm', 'command.secret'],
  ['rg canary .env', 'command.secret'],
  ['rg -e canary .env', 'command.secret'],
  ['rg --files .swarm', 'command.secret'],
  ['cat hard-env.txt', 'command.hard_link'],
  ['cat docs/hard-outside.txt', 'command.hard_link'],
  ['cat fifo', 'command.special_file'],
  ['rg canary fifo', 'command.special_file'],
  ['rg --pre sh . README.md', 'command.flag'],
  ['rg --pre=sh . README.md', 'command.flag'],
  ['rg --hostname-bin sh foo', 'command.flag'],
  ['rg -f/etc/hosts x', 'command.flag'],
  ['rg -f .env x', 'command.flag'],
  ['rg --file=/etc/hosts x', 'command.flag'],
  ['rg --ignore-file /etc/hosts x', 'command.flag'],
  ['rg -z foo', 'command.flag'],
  ['rg --search-zip foo', 'command.flag'],
  ['rg -u canary', 'command.flag'],
  ['rg -uu -- canary .', 'command.flag'],
  ['rg -uun canary', 'command.flag'],
  ['rg -nu canary', 'command.flag'],
  ['rg -. canary', 'command.flag'],
  ['rg --hidden canary', 'command.flag'],
  ['rg --no-ignore canary', 'command.flag'],
  ['rg --no-ignore-vcs canary', 'command.flag'],
  ['rg -L canary', 'command.flag'],
  ['rg --follow canary', 'command.flag'],
  ['rg --type-add x:*.env canary', 'command.flag'],
  ['rg --debug canary', 'command.flag'],
  ['rg -g .env canary', 'command.glob'],
  ['rg -g=.env canary', 'command.glob'],
  ['rg "--glob=**/.swarm/**" canary', 'command.glob'],
  ['rg --iglob "*.pem" canary', 'command.glob'],
  ['rg -g "{a,.env}" canary', 'command.glob'],
  ['rg canary -C --pre=sh', 'command.value'],
  ['rg -C x canary', 'command.value'],
  ['rg -t --pre=sh canary', 'command.value'],
  ['rg --sort nonsense canary', 'command.value'],
  ['rg --files=x', 'command.value'],
  ['ls -L link-file', 'command.flag'],
  ['ls --dereference', 'command.flag'],
  ['ls --al', 'command.flag'],
  ['cat', 'command.operands'],
  ['pwd docs', 'command.operands'],
  ['echo \0', 'command.operator'],
];

/** What must run, with what the output must hold and how it ends. */
const LEGITIMATE: readonly (readonly [command: string, holds: string, exit?: number])[] = [
  ['pwd', 'ROOT'],
  ['ls', 'README.md'],
  ['ls -la', 'docs'],
  ['ls -lahR docs', 'notes.md'],
  ['ls docs src', 'main.ts'],
  ['ls ROOT/docs', 'notes.md'],
  ['ls .', 'README.md'],
  ['ls ./docs/', 'notes.md'],
  ['ls --sort=size -1', 'README.md'],
  ['ls --color=never', 'README.md'],
  ['ls link-inside', 'notes.md'],
  ['ls .git', 'HEAD'],
  ['cat README.md', 'Hello residents'],
  ['cat -n README.md docs/notes.md', 'water the plants'],
  ['cat "docs/name with spaces.md"', 'spaced'],
  ['cat docs/name\\ with\\ spaces.md', 'spaced'],
  ['cat -- -dash.txt', 'dashed'],
  ['cat ./-dash.txt', 'dashed'],
  ['cat docs/../README.md', 'Hello'],
  ['cat link-inside/notes.md', 'water'],
  ['cat .env.example', 'GROQ_API_KEY='],
  ['cat nothing-here.md', 'No such file', 1],
  ['echo curl', 'curl'],
  ['echo reboot', 'reboot'],
  ['echo "rm -rf is dangerous; do not | run it"', 'dangerous; do not | run it'],
  ["echo 'cost: $5 and `ticks`'", 'cost: $5 and `ticks`'],
  ['echo "a \\$b"', 'a $b'],
  ['echo --help is a word', '--help is a word'],
  ['echo FOO=1', 'FOO=1'],
  ['echo -n no newline', 'no newline'],
  ["echo 'two\nlines'", 'two\nlines'],
  ['rg hello', 'greeting'],
  ['rg "a = 1; const"', 'const b'],
  ["rg 'hello|TODO' docs", 'water'],
  ['rg -n TODO docs/notes.md', '3:TODO'],
  ['rg -in todo', 'water'],
  ['rg -C3 add src', 'number'],
  ['rg -A 1 -B1 greeting src', 'hello'],
  ['rg -e hello -e TODO .', 'water'],
  ['rg -l -g "*.ts" const', 'main.ts'],
  ['rg -g "!docs/**" hello', 'main.ts'],
  ['rg --glob=*.{ts,md} TODO', 'water'],
  ['rg -tts greeting', 'hello'],
  ['rg --type=ts greeting', 'hello'],
  ['rg --files', 'README.md'],
  ['rg --files docs', 'docs/notes.md'],
  ['rg -- -dash', '', 1],
  ['rg -F "a + b" src', 'add'],
  ['rg "foo$|hello" src', 'hello'],
  ['rg --json greeting src', '"type"'],
  ['rg -c const', 'src'],
  ['rg nothing-has-this-word', '', 1],
];

function table(sandbox: boolean): void {
  let world: World;
  let run: (command: string) => Promise<LocalResult>;
  beforeAll(async () => {
    world = await aWorld();
    const runner = await openLocalRunner({ installation: INSTALLATION, sandbox });
    run = (command) => runner.runLocal({ command, timeoutMs: 20_000, paths: world.paths });
  });
  afterAll(() => world.remove());
  const placed = (text: string) => text.replaceAll('OUT', world.outside).replaceAll('ROOT', world.root);

  it.each(ESCAPES)('refuses %j by %s', async (command, rule) => {
    const result = await run(placed(command));
    expect(result).toMatchObject({ kind: 'refused', rule });
    if (result.kind === 'refused') expect(Math.min(result.reason.length, result.fix.length)).toBeGreaterThan(5);
  });

  it.each(LEGITIMATE.map(([command, holds, exit = 0]) => ({ command, holds, exit })))(
    'runs $command',
    async ({ command, holds, exit }) => {
      const result = await run(placed(command));
      expect(result).toMatchObject({ kind: 'ran', exit_code: exit, sandboxed: sandbox });
      if (result.kind === 'ran') expect(result.output).toContain(placed(holds));
    },
  );

  it.each([
    'rg canary',
    'rg canary .',
    'rg -g "*" canary',
    'rg -g "*env*" canary .',
    'rg --iglob "*" canary',
    'rg -a canary docs',
    'rg canary .git',
    'rg -g "*.txt" canary',
  ])('finds no secret with %j', async (command) => {
    const result = await run(command);
    expect(result.kind).toBe('ran');
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it('follows no configuration file of ripgrep', async () => {
    expect(existsSync(world.root)).toBe(true);
    const result = await run('rg --files');
    expect(JSON.stringify(result)).not.toMatch(/\.env"|security/);
  });
}

describe('the argument grammar without a sandbox', () => {
  const missing = requires('rg');
  describe.skipIf(missing !== undefined)(`table${missing ? ` (skipped: ${missing})` : ''}`, () => table(false));
});

describe('the argument grammar in the sandbox', () => {
  const missing = requires('bwrap') ?? requires('rg');
  describe.skipIf(missing !== undefined)(`table${missing ? ` (skipped: ${missing})` : ''}`, () => table(true));
});
