import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidInputError } from '../errors/index.ts';
import { type LoadOptions, loadConfig } from './load.ts';
import { VARIABLES } from './settings.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'vivarium-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const load = (options: LoadOptions = {}) => loadConfig({ env: {}, cwd, ...options });
const write = (name: string, text: string, folder = cwd) => writeFileSync(join(folder, name), text);

function refusal(options: LoadOptions): InvalidInputError {
  try {
    load(options);
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('the defaults', () => {
  it('are the documented ones', () => {
    const { sources, installation, notices, ...config } = load();
    expect(config).toEqual({
      workspace: installation,
      apiPort: 8420,
      panelPort: 8421,
      forwardedPorts: [],
      provider: 'auto',
      loopbackByProxy: false,
      groq: {},
      openai: {},
      defaultModel: 'openai/gpt-oss-20b',
      criticModel: 'openai/gpt-oss-120b',
      modelsFile: join(installation, 'config', 'models.json'),
      budgetLimitUsd: 5,
      rateLimitPerMinute: 60,
      approval: 'evidence',
      maxRequeueAttempts: 3,
      leaseSeconds: 30,
      minScore: 0,
      daySeconds: 60,
      maxResidents: 100,
      freeTimeUsd: 0,
      subtaskParallelism: 3,
      shardCount: 1,
      shardId: 'auto',
      autoDiscussionUpdates: true,
      docsOnly: false,
      logLevel: 'info',
    });
    expect(notices).toEqual([]);
    expect([...sources.keys()].sort()).toEqual([...VARIABLES].sort());
    expect(new Set([...sources.values()].map(({ from }) => from))).toEqual(new Set(['default']));
  });
});

describe('the order of sources', () => {
  it('is flags, environment, .env, vivarium.config.json, defaults', () => {
    write('vivarium.config.json', '{"api_port": 1, "panel_port": 2, "rate_limit": 3, "budget_limit_usd": 4.5 /* kept */}');
    write('.env', 'VIVARIUM_API_PORT=10\nVIVARIUM_CONTROL_PANEL_PORT=20\nSWARM_RATE_LIMIT="30"\n');
    const env = { VIVARIUM_API_PORT: '100', VIVARIUM_CONTROL_PANEL_PORT: '200' };
    const config = load({ flags: { 'api-port': 1000 }, env });
    expect([config.apiPort, config.panelPort, config.rateLimitPerMinute, config.budgetLimitUsd]).toEqual([1000, 200, 30, 4.5]);
    const from = (name: string) => config.sources.get(name)?.from;
    expect(['VIVARIUM_API_PORT', 'VIVARIUM_CONTROL_PANEL_PORT', 'SWARM_RATE_LIMIT', 'SWARM_BUDGET_LIMIT'].map(from)).toEqual([
      'flag',
      'environment',
      '.env',
      'file',
    ]);
  });

  it('lets an empty value count as not set', () => {
    write('.env', 'VIVARIUM_API_PORT=10\nGROQ_API_KEY=\n');
    const config = load({ env: { VIVARIUM_API_PORT: '' }, flags: { workspace: undefined } });
    expect(config.apiPort).toBe(10);
    expect(config.groq).toEqual({});
  });

  it('reads the files of the workspace before those of the current folder', () => {
    const workspace = mkdtempSync(join(cwd, 'world-'));
    write('.env', `VIVARIUM_WORKSPACE=${workspace}\nVIVARIUM_API_PORT=10\nSWARM_RATE_LIMIT=30\n`);
    write('.env', 'VIVARIUM_API_PORT=11\nVIVARIUM_WORKSPACE=/ignored\n', workspace);
    const config = load();
    expect([config.workspace, config.apiPort, config.rateLimitPerMinute]).toEqual([workspace, 11, 30]);
    expect(config.sources.get('VIVARIUM_WORKSPACE')).toEqual({ from: '.env', shown: workspace });
  });

  it('resolves a relative path from the folder of the source that names it', () => {
    expect(load({ env: { VIVARIUM_WORKSPACE: 'world' } }).workspace).toBe(join(cwd, 'world'));
    write('vivarium.config.json', '{"workspace": "./other", "models_file": "m.json"}');
    const config = load();
    expect([config.workspace, config.modelsFile]).toEqual([join(cwd, 'other'), join(cwd, 'm.json')]);
  });
});

describe('a bad configuration', () => {
  it('is refused with every problem at once', () => {
    write('vivarium.config.json', '{"docs_only": "maybe", "colour": 1}');
    write('.env', 'VIVARIUM_APPROVAL=never\n');
    const { problems, fix } = refusal({ env: { SWARM_BUDGET_LIMIT: '-1' }, flags: { api_port: '84a' } });
    expect(problems.map(({ field }) => field).sort()).toEqual([
      'SWARM_BUDGET_LIMIT',
      'VIVARIUM_API_PORT',
      'VIVARIUM_APPROVAL',
      'VIVARIUM_DOCS_ONLY',
      'colour',
    ]);
    expect(problems.find(({ field }) => field === 'VIVARIUM_API_PORT')?.message).toBe(
      'must be a whole number from 0 to 65535 (0 = any free port), got "84a" from the flags; set it to e.g. 8420 or remove it',
    );
    expect(fix).toContain('.env.example');
  });

  it.each([
    ['VIVARIUM_API_PORT', ['8420.5', '0x20', '65536', '-1', '1e3']],
    ['SWARM_BUDGET_LIMIT', ['NaN', 'Infinity', '-0.01', '5 USD', '0x10', '1,5', '1e9', '1000000.01', '9007199.254740993']],
    ['VIVARIUM_FREE_TIME_USD', ['1e9', '-1', '1e300']],
    ['SWARM_RATE_LIMIT', ['0', '1.5', 'many']],
    ['VIVARIUM_PROVIDER', ['grok']],
    ['OPENAI_BASE_URL', ['127.0.0.1:11434', 'ftp://127.0.0.1', 'file:///etc/passwd', '/v1']],
    ['GROQ_API_KEY', ['two words', 'schlüssel']],
    ['VIVARIUM_INTERNAL_EXECUTION_TOKEN', ['a b c d e f g h', 'tökentöken', 'short']],
    ['DEFAULT_GROQ_MODEL', ['a model', '"x"']],
    ['RESIDENT_MAX_REQUEUE_ATTEMPTS', ['0', '-3', '2.5']],
    ['RESIDENT_DAY_SECONDS', ['0', '-60', 'NaN']],
    ['RESIDENT_MIN_SCORE', ['high']],
    ['RESIDENT_SUBTASK_PARALLELISM', ['0']],
    ['RESIDENT_SHARD_COUNT', ['0']],
    ['RESIDENT_SHARD_ID', ['first', '-1']],
    ['VIVARIUM_AUTO_DISCUSSION_UPDATES', ['2', 'maybe']],
    ['VIVARIUM_DOCS_ONLY', ['2']],
    ['VIVARIUM_LOG_LEVEL', ['loud']],
  ])('names %s and what it expects', (name, values) => {
    for (const value of values) {
      const { problems } = refusal({ env: { [name]: value } });
      expect(problems.map(({ field }) => field)).toEqual([name]);
      expect(problems[0]?.message).toMatch(/^must be .+; set it to e\.g\. .+ or remove it$/);
    }
  });

  it('names the line and column of a file that does not parse', () => {
    write('vivarium.config.json', '{\n  "api_port": 8420,\n  "panel_port" 8421\n}\n');
    const [problem] = refusal({}).problems;
    expect(problem).toMatchObject({ field: join(cwd, 'vivarium.config.json'), line: 3 });
    expect(problem?.message).toContain('column 16');
  });

  it('refuses one port for two servers and a workspace that is a file', () => {
    write('taken', '');
    const { problems } = refusal({
      env: { VIVARIUM_API_PORT: '9000', VIVARIUM_CONTROL_PANEL_PORT: '9000', VIVARIUM_WORKSPACE: 'taken' },
    });
    expect(problems.map(({ field }) => field)).toEqual(['VIVARIUM_CONTROL_PANEL_PORT', 'VIVARIUM_WORKSPACE']);
    expect(load({ env: { VIVARIUM_API_PORT: '0', VIVARIUM_CONTROL_PANEL_PORT: '0' } }).panelPort).toBe(0);
  });

  it('refuses a workspace below a file, and one that this user may not use', () => {
    write('taken', '');
    const messages = (folder: string) => refusal({ env: { VIVARIUM_WORKSPACE: folder } }).problems.map(({ message }) => message);
    expect(messages('taken/world')).toEqual([expect.stringContaining(`${join(cwd, 'taken')} is a file`)]);
    if (existsSync('/proc/self')) expect(messages('/proc/world')).toEqual([expect.stringContaining('no files can be kept')]);
    if (process.getuid?.() === 0) return;
    const locked = join(cwd, 'locked');
    mkdirSync(locked, { mode: 0 });
    expect(messages(join(locked, 'world'))).toEqual([expect.stringContaining('may not use')]);
  });
});

describe('an .env file', () => {
  const cap = (text: string | Uint8Array) => {
    writeFileSync(join(cwd, '.env'), text);
    const { budgetLimitUsd, notices } = load();
    return { budgetLimitUsd, notices: notices.map(({ field, line, message }) => `${line} ${field} ${message}`) };
  };
  const wide = (text: string) => Buffer.from(text, 'utf16le');

  it.each([
    ['a byte order mark', '\uFEFFSWARM_BUDGET_LIMIT=1.25\n'],
    ['a byte order mark within, as when two files were joined', 'A=1\n\uFEFFSWARM_BUDGET_LIMIT=1.25\n'],
    ['CRLF', '# cap\r\nSWARM_BUDGET_LIMIT=1.25\r\nX=1\r\n'],
    ['CR alone', '# cap\rSWARM_BUDGET_LIMIT=1.25\rX=1\r'],
    ['export', 'export SWARM_BUDGET_LIMIT=1.25'],
    ['blanks around =', '  SWARM_BUDGET_LIMIT\t = 1.25  '],
    ['NBSP around =', 'SWARM_BUDGET_LIMIT\u00a0=\u00a01.25\u00a0'],
    ['double quotes and a comment', 'SWARM_BUDGET_LIMIT="1.25" # dollars'],
    ['single quotes', "SWARM_BUDGET_LIMIT='1.25'"],
    ['a comment behind a blank', 'SWARM_BUDGET_LIMIT=1.25 # dollars'],
    ['a key of several lines before it', 'KEY="-----BEGIN\nabc=\n-----END"\nSWARM_BUDGET_LIMIT=1.25'],
    [
      'variables of other programs around it',
      "DATABASE_URL=postgres://x\nOPENAI_ORG_ID=1\nSWARM_BUDGET_LIMIT=1.25\nIT=it's\nLOG_LEVEL=1",
    ],
  ])('is read rightly with %s', (_what, text) => {
    expect(cap(text)).toEqual({ budgetLimitUsd: 1.25, notices: [] });
  });

  it.each([
    ['twice', 'SWARM_BUDGET_LIMIT=1\nSWARM_BUDGET_LIMIT=1.25', 1.25, '2 SWARM_BUDGET_LIMIT is already set in line 1'],
    ['with # right behind it', 'SWARM_BUDGET_LIMIT=1.25#usd', 1.25, '1 SWARM_BUDGET_LIMIT has a # right behind its text'],
    [
      'misspelt',
      'A=1\n\nSWARM_BUDGET_LIMT=1.25',
      5,
      '3 SWARM_BUDGET_LIMT is not a setting of Vivarium, so it has no effect; did you mean SWARM_BUDGET_LIMIT?',
    ],
    ['in small letters', 'swarm_budget_limit=1.25', 5, 'did you mean SWARM_BUDGET_LIMIT?'],
    ['in mixed letters', 'export Swarm_Budget_Limit=1.25', 5, 'did you mean SWARM_BUDGET_LIMIT?'],
    ['in small letters, for a provider', 'groq_api_key=gsk_1', 5, 'did you mean GROQ_API_KEY?'],
    ['with dashes', 'SWARM-BUDGET-LIMIT=1.25', 5, 'did you mean SWARM_BUDGET_LIMIT?'],
    ['by its short form', 'budget_limit_usd=1.25', 5, 'did you mean SWARM_BUDGET_LIMIT?'],
    [
      'with an invisible sign before it',
      '\u200bSWARM_BUDGET_LIMT=1.25',
      5,
      '1 this line is not a setting, so it has no effect; did you mean SWARM_BUDGET_LIMIT=…?',
    ],
    ['as a name that is ours and unknown', 'VIVARIUM_COLOUR=blue', 5, '1 VIVARIUM_COLOUR is not a setting of Vivarium'],
  ])('names a setting that stands there %s', (_what, text, value, words) => {
    const { budgetLimitUsd, notices } = cap(text);
    expect(budgetLimitUsd).toBe(value);
    expect(notices).toEqual([expect.stringContaining(words)]);
    expect(notices[0]).toContain(join(cwd, '.env'));
    expect(notices[0]).not.toMatch(/1\.25|blue/);
  });

  it.each([
    ['without =', 'A=1\nSWARM_BUDGET_LIMIT 1.25', 'SWARM_BUDGET_LIMIT', 2],
    ['with a colon', 'SWARM_BUDGET_LIMIT: 1.25', 'SWARM_BUDGET_LIMIT', 1],
    ['as other shells set it', 'set SWARM_BUDGET_LIMIT=1.25', 'SWARM_BUDGET_LIMIT', 1],
    ['in a list', '- SWARM_BUDGET_LIMIT=1.25', 'SWARM_BUDGET_LIMIT', 1],
    ['with a full-width =', 'SWARM_BUDGET_LIMIT＝1.25', 'SWARM_BUDGET_LIMIT', 1],
    ['behind an invisible sign', '\u200bSWARM_BUDGET_LIMIT=1.25', 'SWARM_BUDGET_LIMIT', 1],
    ['in a quote that is not closed', 'SWARM_BUDGET_LIMIT="1.25\nX=1', 'SWARM_BUDGET_LIMIT', 1],
    ['with text behind its quotes', 'SWARM_BUDGET_LIMIT="1.25" USD', 'SWARM_BUDGET_LIMIT', 1],
    ['within the quotes of another', 'KEY="abc\nSWARM_BUDGET_LIMIT="1.25"', 'SWARM_BUDGET_LIMIT', 1],
    ['in typographic quotes', 'SWARM_BUDGET_LIMIT=“1.25”', 'SWARM_BUDGET_LIMIT', undefined],
    ['as a path in typographic quotes', 'VIVARIUM_MODELS_FILE=‘models.json’', 'VIVARIUM_MODELS_FILE', undefined],
    ['as a path that only a shell would understand', 'VIVARIUM_MODELS_FILE=$HOME/models.json', 'VIVARIUM_MODELS_FILE', undefined],
    ['in UTF-16', wide('\uFEFFSWARM_BUDGET_LIMIT=1.25\n'), 'UTF-16', 1],
    ['in UTF-16 without a mark', wide('SWARM_BUDGET_LIMIT=1.25\n'), 'UTF-16', 1],
    ['in Windows-1252', Buffer.from('# f\xfcr mich\nSWARM_BUDGET_LIMIT=1.25\n', 'latin1'), 'Windows-1252', 1],
    ['with a NUL byte', 'A=1\nSWARM_BUDGET_LIMIT=1.25\0', 'NUL', 2],
  ])('stops the start when a setting stands there %s', (_what, text, words, line) => {
    writeFileSync(join(cwd, '.env'), text);
    const { problems, message } = refusal({});
    expect(problems).toHaveLength(1);
    expect(problems[0]?.line).toBe(line);
    expect(message).toContain(words);
    expect(message).toContain(join(cwd, '.env'));
  });

  it('says of a line that is nobody’s setting only where it is: it may be a secret', () => {
    expect(cap('A=1\ngsk_0123456789\n').notices).toEqual([
      expect.stringMatching(/^2 this line is not a setting, so it has no effect; write NAME=/),
    ]);
  });
});

describe('vivarium.config.json', () => {
  it.each([
    ['with a byte order mark', '\uFEFF{"budget_limit_usd": 1.25}'],
    ['with CR alone and comments', '{ // the cap\r"budget_limit_usd": 1.25}\r'],
  ])('is read %s', (_what, text) => {
    write('vivarium.config.json', text);
    expect(load().budgetLimitUsd).toBe(1.25);
  });

  it.each([
    ['UTF-16', Buffer.from('\uFEFF{"budget_limit_usd": 1.25}', 'utf16le'), 1, 'is in UTF-16'],
    ['Windows-1252', Buffer.from('{\n// f\xfcr\n"budget_limit_usd": 1.25}', 'latin1'), 2, 'Windows-1252'],
    ['a setting twice', '{"budget_limit_usd": 1.25,\n"SWARM_BUDGET_LIMIT": 5}', 2, 'is set twice'],
    ['a key twice', '{"api_port": 1,\n"api_port": 2}', 2, 'is set twice'],
    ['a misspelt key', '{\n"budget_limit_ust": 1.25}', 2, 'did you mean budget_limit_usd?'],
  ])('is refused with %s', (_what, text, line, words) => {
    writeFileSync(join(cwd, 'vivarium.config.json'), text);
    expect(refusal({}).problems).toEqual([expect.objectContaining({ line, message: expect.stringContaining(words) })]);
  });
});

describe('secrets', () => {
  it('are never shown whole, neither in sources nor in refusals', () => {
    const env = {
      GROQ_API_KEY: 'gsk_0123456789abcdef',
      OPENAI_API_KEY: 'sk-short',
      VIVARIUM_INTERNAL_EXECUTION_TOKEN: `${'f'.repeat(60)}1234`,
      OPENAI_BASE_URL: 'https://me:hunter2@example.com/v1?key=hunter3',
    };
    const { sources } = load({ env });
    expect(Object.keys(env).map((name) => sources.get(name)?.shown)).toEqual([
      'gsk_…cdef',
      '…',
      '…1234',
      'https://example.com/v1 (credentials hidden)',
    ]);
    const { message } = refusal({ env: { GROQ_API_KEY: 'gsk_0123 456789abcdef', OPENAI_BASE_URL: 'ftp://me:hunter2@x/' } });
    expect(message).not.toMatch(/456789|hunter/);
  });
});

describe('values', () => {
  it('are read as a person writes them', () => {
    const config = load({
      env: {
        VIVARIUM_PROVIDER: ' Groq ',
        VIVARIUM_DOCS_ONLY: 'yes',
        VIVARIUM_AUTO_DISCUSSION_UPDATES: 'No',
        RESIDENT_SHARD_COUNT: '4',
        RESIDENT_SHARD_ID: '6',
        SWARM_BUDGET_LIMIT: '.5',
        OPENAI_BASE_URL: 'https://api.example.com/v1',
      },
    });
    expect(config).toMatchObject({
      provider: 'groq',
      docsOnly: true,
      autoDiscussionUpdates: false,
      shardCount: 4,
      shardId: 2,
      budgetLimitUsd: 0.5,
      openai: { baseUrl: 'https://api.example.com/v1' },
    });
  });
});
