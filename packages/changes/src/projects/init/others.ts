import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileExists } from '@vivarium/core';
import { below, type Folder, type Found, NOTHING } from './found.ts';

const PYTHON_FILES = ['pyproject.toml', 'setup.cfg', 'setup.py', 'pytest.ini', 'tox.ini', 'requirements.txt'];
const NO_SOURCE = /^(?:node_modules|build|dist|target|venv|env|vendor|docs?|tests?|examples?|scripts?|__pycache__|.*\.egg-info)$/;

export function pythonIn(folder: Folder): Found | undefined {
  const file = folder.first(PYTHON_FILES);
  if (file === undefined) return undefined;
  const environment = folder.first(['.venv/bin/python', 'venv/bin/python']);
  const venv = environment?.split('/')[0];
  const keys = PYTHON_FILES.concat('uv.lock', 'poetry.lock', 'Pipfile.lock').filter(
    (name) => /lock|requirements|pyproject/.test(name) && folder.has(name),
  );
  const packages = folder.names().filter((name) => !NO_SOURCE.test(name) && folder.has(`${name}/__init__.py`));
  const tests = folder.folders(['tests', 'test']);
  const modules = folder.names().some((name) => /^(?!test_|conftest|setup).*\.py$/.test(name)) ? ['*.py'] : [];
  return {
    ...NOTHING,
    kind: `${file}, pytest`,
    suites: {
      unit: {
        argv: [environment ?? 'python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', '--junitxml={out}/report.xml'],
        report: 'junit',
        only: 'paths',
      },
    },
    may_touch: [...below([...folder.folders(['src']), ...packages, ...tests]), ...modules],
    tests_are: [...below(tests), '**/test_*.py', '**/*_test.py', '**/conftest.py'],
    dependencies: venv ? [{ at: venv, from: venv, key: keys }] : [],
    environment: { PYTHONDONTWRITEBYTECODE: '1' },
    notes: venv ? [] : ['there is no .venv: pytest is taken from the system'],
  };
}

export function rustIn(folder: Folder): Found | undefined {
  if (!folder.has('Cargo.toml')) return undefined;
  const homes = { CARGO_HOME: join(homedir(), '.cargo'), RUSTUP_HOME: join(homedir(), '.rustup') };
  const own = Object.entries(homes).filter(([, path]) => fileExists(path));
  const key = folder.has('Cargo.lock') ? ['Cargo.lock'] : ['Cargo.toml'];
  const vendored = folder.has('vendor') ? [{ at: 'vendor', from: 'vendor', key }] : [];
  return {
    ...NOTHING,
    kind: 'Cargo.toml, cargo',
    suites: { unit: { argv: ['cargo', 'test', '--offline', '--no-fail-fast'], report: 'cargo', timeout_s: 600 } },
    may_touch: below(folder.folders(['src', 'tests', 'crates', 'benches', 'examples'])),
    tests_are: ['tests/**', '**/tests/**', '**/*_test.rs'],
    dependencies: vendored,
    tools: own.map(([, path]) => path),
    environment: Object.fromEntries(own.filter(([name]) => name === 'RUSTUP_HOME')),
    notes: ['cargo runs without network: fetch or vendor its crates first'],
  };
}

const GO_HOMES = ['/usr/local/go', '/usr/lib/go'];

export function goIn(folder: Folder): Found | undefined {
  if (!folder.has('go.mod')) return undefined;
  const modules = join(homedir(), 'go/pkg/mod');
  const vendored = folder.has('vendor');
  const cache = !vendored && fileExists(modules) ? [modules] : [];
  return {
    ...NOTHING,
    kind: 'go.mod, go test',
    suites: { unit: { argv: ['go', 'test', '-json', './...'], report: 'go-json', timeout_s: 600 } },
    may_touch: ['**/*.go'],
    tests_are: ['**/*_test.go', '**/testdata/**'],
    dependencies: vendored
      ? [{ at: 'vendor', from: 'vendor', key: ['go.mod', 'go.sum'].filter((name) => folder.has(name)) }]
      : [],
    tools: [...GO_HOMES.filter(fileExists), ...cache],
    environment: {
      GOFLAGS: vendored ? '-mod=vendor' : '-mod=readonly',
      GOPROXY: 'off',
      GOCACHE: '/tmp/go-build',
      ...(cache[0] ? { GOMODCACHE: cache[0] } : {}),
    },
    notes: ['go runs without network: its modules must be in vendor or in the module cache'],
  };
}
