import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Programs of one kind, what they need of this machine, and lines for the shell that end well when they work. */
export interface Ecosystem {
  readonly name: string;
  /** Absolute: shown read-only as they are, unless the system's own. */
  readonly tools: readonly string[];
  readonly path: string;
  /** Undefined: all of it is here. */
  readonly missing?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly commands: Readonly<Record<string, string>>;
}

/** Where a program lies of those that a person may have installed for themselves. */
const find = (name: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

const lacks = (...names: string[]): { missing?: string } => {
  const missing = names.filter((name) => find(name) === undefined);
  return missing.length > 0 ? { missing: `${missing.join(', ')} not installed` } : {};
};

const node = realpathSync(process.execPath);
const rust = join(homedir(), '.cargo/bin/cargo');
const pytest = find('pytest') ?? '';
const ROOT = join(import.meta.dirname, '../..');

const TEST_JS =
  "const test = require('node:test'); const assert = require('node:assert'); test('adds', () => assert.equal(1 + 1, 2));";
const PACKAGE = '{ "name": "p", "scripts": { "test": "node --test", "hello": "echo hello from npm" } }';
const TEST_TS = "import { expect, it } from 'vitest'; it('adds', () => expect(1 + 1).toBe(2));";

export const ECOSYSTEMS: readonly Ecosystem[] = [
  {
    name: 'the system',
    tools: [],
    path: '',
    commands: {
      'a shell': 'x=$(printf "b\\na\\n" | sort | head -1); [ "$x" = a ]',
      'bash with a process substitution': "bash -c 'diff <(seq 3) <(seq 3)'",
      'a here-document and a temporary file': 'f=$(mktemp); cat > $f <<EOF\nhi\nEOF\ngrep -q hi $f',
      'find and xargs': 'mkdir f; touch f/a.txt f/b.txt; [ $(find f -name "*.txt" | xargs ls | wc -l) = 2 ]',
      'sed and awk': 'echo "a b" | sed s/a/c/ | awk "{ exit !(\\$1 == \\"c\\") }"',
      'tar and gzip': 'echo x > t; tar czf t.tgz t; rm t; tar xzf t.tgz; grep -q x t',
      'a background job and wait': 'sleep 0.05 & wait $!',
      'a named pipe': 'mkfifo p; (echo x > p &); grep -q x p',
      'an executable script': 'printf "#!/bin/sh\\nexit 0\\n" > s; chmod +x s; ./s',
      'who and where one is':
        '[ "$(whoami)" = resident ] && [ "$HOME" = /home/resident ] && echo x > ~/f && [ "$PWD" = /project ]',
      'symbolic links': 'echo x > l1; ln -s l1 l2; grep -q x l2',
      'hard links and renames': 'echo x > h1; ln h1 h2; mv h2 h3; grep -q x h3',
      'the time and random bytes': 'date +%Y > /dev/null && [ $(head -c 8 /dev/urandom | wc -c) = 8 ]',
      'a lock': 'flock lock true',
      'time limits': 'timeout 5 true',
    },
  },
  {
    name: 'node',
    tools: node.startsWith('/usr/') ? [] : [dirname(dirname(node))],
    path: dirname(node),
    ...lacks('npm'),
    commands: {
      'a script': 'node -e "process.exit(require(\'os\').cpus().length > 0 ? 0 : 1)"',
      'node --test': `mkdir t1; echo "${TEST_JS}" > t1/a.test.js; node --test t1/`,
      'node --test with a report': `mkdir t2; echo "${TEST_JS}" > t2/a.test.js; node --test --test-reporter=junit t2/ | grep -q testcase`,
      'a module': 'echo \'import fs from "node:fs"; fs.writeFileSync("m.out", "x")\' > m.mjs; node m.mjs; grep -q x m.out',
      'a server and its client':
        "node -e \"const s = require('http').createServer((q, r) => r.end('hi')).listen(0, async () => { const r = await fetch('http://localhost:' + s.address().port); process.exit(await r.text() === 'hi' ? 0 : 1); })\"",
      'a worker thread':
        "node -e \"new (require('worker_threads').Worker)('1', { eval: true }).on('exit', (c) => process.exit(c))\"",
      'a child process':
        "node -e \"process.exit(require('child_process').execFileSync('echo', ['x']).toString() === 'x\\n' ? 0 : 1)\"",
      'a temporary folder': "node -e \"require('fs').mkdtempSync(require('path').join(require('os').tmpdir(), 'x'))\"",
      'web assembly': 'node -e "new WebAssembly.Memory({ initial: 1, maximum: 100 })"',
      'npm test': `mkdir n; cd n; echo '${PACKAGE}' > package.json; echo "${TEST_JS}" > a.test.js; npm test`,
      'npm run': `mkdir r; cd r; echo '${PACKAGE}' > package.json; npm run hello | grep -q "hello from npm"`,
    },
  },
  {
    name: 'vitest and TypeScript, from dependencies shown by entries',
    tools: node.startsWith('/usr/') ? [] : [dirname(dirname(node))],
    path: dirname(node),
    commands: {
      vitest: `mkdir v; cd v; ln -s ../node_modules node_modules; echo "${TEST_TS}" > a.test.ts; node node_modules/vitest/vitest.mjs run`,
      'vitest with a configuration': `mkdir w; cd w; echo "${TEST_TS}" > a.test.ts; echo "export default { test: { globals: true } };" > vitest.config.ts; node ../node_modules/vitest/vitest.mjs run`,
      'a type check':
        'mkdir ts; echo "export const x: number = 1;" > ts/a.ts; node node_modules/typescript/bin/tsc --noEmit --ignoreConfig ts/a.ts',
    },
  },
  {
    name: 'python',
    tools: [],
    path: '',
    ...(existsSync('/usr/bin/python3') ? {} : { missing: 'python3 not installed' }),
    commands: {
      'a script': 'python3 -c "import json, ssl, sqlite3, getpass; assert getpass.getuser() == \'resident\'"',
      unittest:
        'mkdir u; cd u; printf "import unittest\\nclass T(unittest.TestCase):\\n  def test_a(self): self.assertEqual(1, 1)\\n" > test_a.py; python3 -m unittest',
      'processes with a shared lock':
        'python3 -c "import multiprocessing as m; l = m.Lock(); p = m.Process(target=print, args=(1,)); p.start(); p.join(); assert p.exitcode == 0"',
      'a database': "python3 -c \"import sqlite3; c = sqlite3.connect('d.db'); c.execute('create table t (x)'); c.commit()\"",
      'a socket of its own': "python3 -c \"import socket; a, b = socket.socketpair(); a.send(b'x'); assert b.recv(1) == b'x'\"",
      'a temporary file': 'python3 -c "import tempfile; tempfile.NamedTemporaryFile().write(b\'x\')"',
      'compiled modules': 'echo "x = 1" > mod.py; python3 -c "import mod"; ls __pycache__ | grep -q mod',
    },
  },
  {
    name: 'pytest',
    tools: pytest.startsWith('/usr/') ? [] : [dirname(dirname(pytest))],
    path: dirname(pytest),
    ...lacks('pytest'),
    commands: {
      pytest:
        "mkdir y; printf \"def test_a(tmp_path):\\n  (tmp_path / 'x').write_text('x')\\n\" > y/test_a.py; pytest -q y --junitxml=y/report.xml; grep -q test_a y/report.xml",
    },
  },
  {
    name: 'C and make',
    tools: [],
    path: '',
    ...lacks('cc', 'gcc', 'make'),
    commands: {
      'the compiler by its other name': 'echo "int main(void) { return 0; }" > c1.c; cc c1.c -o c1 && ./c1',
      'make with two jobs': 'mkdir mk; cd mk; printf "all: a b\\na b:\\n\\techo x > \\$@\\n" > Makefile; make -j2; ls a b',
      threads:
        'printf "#include <pthread.h>\\nvoid *f(void *p) { return p; }\\nint main(void) { pthread_t t; pthread_create(&t, 0, f, 0); return pthread_join(t, 0); }\\n" > c2.c; gcc c2.c -pthread -o c2 && ./c2',
      'a library of its own':
        'echo "int f(void) { return 0; }" > lib.c; gcc -shared -fPIC lib.c -o libf.so; echo "int f(void); int main(void) { return f(); }" > c3.c; gcc c3.c -L. -lf -o c3 && LD_LIBRARY_PATH=. ./c3',
    },
  },
  {
    name: 'rust',
    tools: [join(homedir(), '.cargo'), join(homedir(), '.rustup')],
    path: dirname(rust),
    ...(existsSync(rust) ? {} : { missing: 'cargo not installed' }),
    environment: { CARGO_HOME: '/tmp/cargo', RUSTUP_HOME: join(homedir(), '.rustup'), RUSTUP_TOOLCHAIN: '' },
    commands: {
      'cargo test':
        'unset RUSTUP_TOOLCHAIN; mkdir -p cr/src; cd cr; printf "[package]\\nname = \\"p\\"\\nversion = \\"0.1.0\\"\\nedition = \\"2021\\"\\n" > Cargo.toml; printf "#[test]\\nfn adds() { assert_eq!(1 + 1, 2); }\\n" > src/lib.rs; cargo test --offline --lib',
    },
  },
  {
    name: 'git and perl',
    tools: [],
    path: '',
    ...lacks('git', 'perl'),
    commands: {
      'a repository':
        'mkdir g; cd g; git init -q; git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x; git log --oneline | grep -q x',
      'a difference': 'mkdir gd; cd gd; git init -q; echo a > f; git add f; echo b > f; git diff | grep -q "^+b"',
      'perl and its test protocol': 'perl -MTest::More -e \'plan(tests => 1); ok(1)\' | grep -q "^ok 1"',
      'perl with processes': "perl -e 'my $p = fork; exit 3 if !$p; waitpid $p, 0; exit($? >> 8 != 3)'",
    },
  },
];

/** The dependencies of this repository. */
export const DEPENDENCIES = join(ROOT, 'node_modules');
