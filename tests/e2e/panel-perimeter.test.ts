import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, ask, type TestPanel, TOKEN, testPanel, write } from './panel-kit.ts';

let panel: TestPanel;
let outside: string;

beforeAll(async () => {
  panel = await testPanel();
  outside = await mkdtemp(join(tmpdir(), 'vivarium-outside-'));
  const { paths } = panel.world;
  await Promise.all([
    mkdir(join(paths.library, 'creative_works'), { recursive: true }),
    mkdir(join(paths.swarm, 'journals'), { recursive: true }),
    mkdir(paths.security, { recursive: true }),
  ]);
  await Promise.all([
    writeFile(join(outside, 'secret.txt'), 'outside'),
    writeFile(join(paths.root, 'notes.md'), '# Notes\nünïcode'),
    writeFile(join(paths.root, '.env'), 'GROQ_API_KEY=gsk_never_shown'),
    writeFile(join(paths.security, 'groq_api_key.txt'), 'gsk_never_shown_either'),
    writeFile(join(paths.swarm, 'journals', 'wren.jsonl'), '{"content":"private"}'),
    writeFile(join(paths.root, 'large.txt'), 'x'.repeat(600 * 1024)),
    symlink(join(outside, 'secret.txt'), join(paths.root, 'innocent.txt')),
    symlink(paths.security, join(paths.root, 'innocent')),
  ]);
});
afterAll(async () => {
  await panel.remove();
  await rm(outside, { recursive: true, force: true });
});

const JSON_TYPE = { 'content-type': 'application/json' };
const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

describe('The panel admits', () => {
  it.each([
    ['its own page', () => ({ headers: { origin: panel.origin } })],
    ['its own page with Sec-Fetch-Site', () => ({ headers: { origin: panel.origin, 'sec-fetch-site': 'same-origin' } })],
    [
      'its own page under localhost',
      () => ({ headers: { host: `localhost:${panel.port}`, origin: `http://localhost:${panel.port}` } }),
    ],
    ['a script with the token', () => ({ headers: { 'x-vivarium-internal-token': TOKEN } })],
  ] satisfies [string, () => Ask][])('%s', async (_who, how) => {
    const { headers } = how();
    const answer = await ask(panel.port, '/api/resume', { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: '{}' });
    expect(answer.status).toBe(200);
  });
});

describe('The panel turns away', () => {
  const cases: [string, number, () => Ask & { path?: string }][] = [
    ['a foreign Host', 421, () => ({ headers: { host: 'evil.example' } })],
    ['a foreign Host with the right port', 421, () => ({ headers: { host: `evil.example:${panel.port}` } })],
    ['its own address under another port', 421, () => ({ headers: { host: '127.0.0.1:1' } })],
    ['a foreign Host on the page itself', 421, () => ({ path: '/', headers: { host: 'evil.example' } })],
    [
      'a foreign Host that is said to be forwarded',
      421,
      () => ({ headers: { host: 'evil.example', 'x-forwarded-host': `127.0.0.1:${panel.port}`, forwarded: 'host=localhost' } }),
    ],
    ['two Hosts in one', 421, () => ({ headers: { host: `127.0.0.1:${panel.port}@evil.example` } })],
    ['a write from a foreign Origin', 403, () => post({ origin: 'https://evil.example' })],
    ['a write from another port of this machine', 403, () => post({ origin: 'http://127.0.0.1:3000' })],
    ['a write from the same port under https', 403, () => post({ origin: `https://127.0.0.1:${panel.port}` })],
    ['a write from another name of this machine', 403, () => post({ origin: `http://localhost:${panel.port}` })],
    ['a write from a sandboxed frame', 403, () => post({ origin: 'null' })],
    ['a write that the browser calls cross-site', 403, () => post({ origin: panel.origin, 'sec-fetch-site': 'cross-site' })],
    ['a write that the browser calls same-site', 403, () => post({ origin: panel.origin, 'sec-fetch-site': 'same-site' })],
    [
      'a foreign Origin even with the token',
      403,
      () => post({ origin: 'https://evil.example', 'x-vivarium-internal-token': TOKEN }),
    ],
    ['a write without Origin and token', 403, () => post({})],
    ['a write with a wrong token', 403, () => post({ 'x-vivarium-internal-token': `${TOKEN}x` })],
    ['a forwarded header as a pass', 403, () => post({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost' })],
    [
      'a DELETE from elsewhere',
      403,
      () => ({ ...post({ origin: 'https://evil.example' }), method: 'DELETE', path: '/api/groq_key' }),
    ],
    ['a text/plain body', 415, () => post({ origin: panel.origin, 'content-type': 'text/plain' })],
    ['a form', 415, () => post({ origin: panel.origin, 'content-type': 'application/x-www-form-urlencoded' })],
    ['a multipart form', 415, () => post({ origin: panel.origin, 'content-type': 'multipart/form-data; boundary=x' })],
    ['broken JSON', 400, () => ({ ...post({ origin: panel.origin }), body: '{"reason":' })],
    [
      'a body over the limit',
      413,
      () => ({ ...post({ origin: panel.origin }), body: JSON.stringify({ reason: 'x'.repeat(1_200_000) }) }),
    ],
  ];
  it.each(cases)('%s with %i', async (_what, status, how) => {
    const { path = '/api/halt', ...request } = how();
    const answer = await ask(panel.port, path, request);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ success: false, error: expect.any(String) });
    expect(panel.world.switches.state()).toBe('running');
  });

  const post = (headers: Record<string, string>): Ask => ({ method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: '{}' });
});

describe('The event feed', () => {
  const upgrade = (headers: Record<string, string>) =>
    ask(panel.port, '/socket.io/?EIO=4&transport=websocket', {
      headers: { ...UPGRADE, ...headers },
    });
  it.each([
    ['its own page', 101, () => ({ origin: panel.origin })],
    ['a script', 101, () => ({})],
    ['another site', 403, () => ({ origin: 'https://evil.example' })],
    ['another port of this machine', 403, () => ({ origin: 'http://127.0.0.1:3000' })],
    ['a cross-site request without Origin', 403, () => ({ 'sec-fetch-site': 'cross-site' })],
    ['a foreign Host', 421, () => ({ host: 'evil.example', origin: 'http://evil.example' })],
  ] satisfies [string, number, () => Record<string, string>][])('answers %s with %i', async (_who, status, headers) => {
    expect((await upgrade(headers())).status).toBe(status);
  });

  it('turns away polling from another site', async () => {
    const answer = await ask(panel.port, '/socket.io/?EIO=4&transport=polling', { headers: { origin: 'https://evil.example' } });
    expect(answer.status).toBe(403);
  });
});

describe('A port that something forwards', () => {
  let forwarded: TestPanel;
  beforeAll(async () => {
    forwarded = await testPanel({ forwarded: '9000, 80' });
  });
  afterAll(() => forwarded.remove());

  const upgradeUnder = (host: string, origin: string) =>
    ask(forwarded.port, '/socket.io/?EIO=4&transport=websocket', {
      headers: { ...UPGRADE, host, origin },
    });

  it.each(['localhost:9000', '127.0.0.1:9000', '[::1]:9000', 'LOCALHOST:9000', 'localhost', '127.0.0.1:80'])(
    'serves %s as its own address: page, API, writes and feed',
    async (host) => {
      const headers = { host, origin: `http://${host}` };
      expect((await ask(forwarded.port, '/', { headers: { host } })).status).toBe(200);
      expect((await ask(forwarded.port, '/api/tasks', { headers: { host } })).status).toBe(200);
      const written = await ask(forwarded.port, '/api/resume', {
        method: 'POST',
        headers: { ...JSON_TYPE, ...headers },
        body: '{}',
      });
      expect(written.status).toBe(200);
      expect((await upgradeUnder(host, headers.origin)).status).toBe(101);
    },
  );

  it.each([
    ['the port in front of its own', 'localhost:9000', () => `http://localhost:${forwarded.port}`],
    ['another name', 'localhost:9000', () => 'http://127.0.0.1:9000'],
    ['another forwarded port', 'localhost:9000', () => 'http://localhost'],
    ['another site', 'localhost:9000', () => 'http://evil.example:9000'],
  ])('turns a write and the feed away from %s', async (_, host, origin) => {
    const headers = { ...JSON_TYPE, host, origin: origin() };
    expect((await ask(forwarded.port, '/api/halt', { method: 'POST', headers, body: '{}' })).status).toBe(403);
    expect((await upgradeUnder(host, origin())).status).toBe(403);
  });

  it('opens no other name and no other port', async () => {
    for (const host of [
      'evil.example:9000',
      'evil.example',
      'localhost:9001',
      'localhost.evil.example:9000',
      '127.0.0.1:9000@evil.example',
    ])
      expect((await ask(forwarded.port, '/', { headers: { host } })).status).toBe(421);
  });

  it('is told how to be let in, with the line that does it', async () => {
    const { port: own } = panel;
    const { json } = await ask(own, '/', { headers: { host: 'localhost:9000' } });
    expect(json).toMatchObject({
      error: `The control panel listens on port ${own} and was asked for on port 9000`,
      fix: expect.stringContaining(`the line VIVARIUM_PANEL_FORWARDED_PORTS=9000 into .env`),
    });
    const more = await ask(forwarded.port, '/', { headers: { host: '[::1]:9001' } });
    expect(more.json).toMatchObject({ fix: expect.stringContaining('VIVARIUM_PANEL_FORWARDED_PORTS=9000,80,9001 ') });
    const foreign = await ask(own, '/', { headers: { host: 'evil.example:9000' } });
    expect(JSON.stringify(foreign.json)).not.toContain('FORWARDED');
  });
});

describe('Every answer', () => {
  it('carries a policy that runs and loads nothing foreign and nothing inline, and cannot be framed', async () => {
    const { headers } = await ask(panel.port, '/');
    const policy = String(headers['content-security-policy']);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(part);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('of an unknown API path is a 404 in JSON that says where to look', async () => {
    const answer = await ask(panel.port, '/api/nothing');
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({ success: false, fix: expect.stringContaining('/api/openapi.json') });
  });
});

describe('The artifact viewer', () => {
  const view = (path: string) => ask(panel.port, `/api/artifact/view?path=${path}`);

  it('shows a file of the workspace', async () => {
    const { status, json } = await view('notes.md');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      success: true,
      path: 'notes.md',
      filename: 'notes.md',
      content: '# Notes\nünïcode',
      file_type: 'markdown',
    });
  });

  it.each([
    ['a parent', '../secret.txt', 403],
    ['an encoded parent', '%2e%2e%2fsecret.txt', 403],
    ['a parent by backslash', '..%5csecret.txt', 403],
    ['a parent inside a path', 'library/../../secret.txt', 403],
    ['an absolute path', '/etc/passwd', 403],
    ['a link that leads outside', 'innocent.txt', 403],
    ['a link that leads to the secrets', 'innocent/groq_api_key.txt', 403],
    ['the stored key', '.swarm/security/groq_api_key.txt', 403],
    ['the stored key in other letters', '.SWARM/Security/groq_api_key.txt', 403],
    ['the stored key by a detour', 'library/../.swarm/security/groq_api_key.txt', 403],
    ['the environment file', '.env', 403],
    ['a private journal', '.swarm/journals/wren.jsonl', 403],
    ['a parent encoded twice', '%252e%252e%252fsecret.txt', 404],
    ['an unknown file', 'nothing.md', 404],
    ['a zero byte', 'notes.md%00.txt', 400],
    ['a folder', 'library', 400],
    ['no path', '', 400],
    ['a large file', 'large.txt', 413],
  ])('refuses %s', async (_what, path, status) => {
    const answer = await view(path);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ success: false });
    expect(answer.text).not.toContain(outside);
    expect(answer.text).not.toContain(panel.workspace);
    expect(answer.text).not.toContain('gsk_');
  });
});

describe('The page', () => {
  it.each([
    '/../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/assets/../../../../etc/passwd',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/assets/%252e%252e%252fpackage.json',
    '/assets//etc/passwd',
    '/%00',
    '/assets/index.js%00.html',
  ])('is never a way to another file: %s', async (path) => {
    const { status, text } = await ask(panel.port, path);
    expect([200, 400, 403, 404, 500, 503]).toContain(status);
    expect(text).not.toMatch(/root:|"private"|at \w+ \(|node_modules/);
  });

  it.each(['../secret.txt', '%2e%2e%2fsecret.png', '/etc/passwd', 'innocent.txt', '.swarm/security/groq_api_key.txt'])(
    'gives no picture of %s',
    async (path) => {
      const answer = await ask(panel.port, `/api/artifact/picture?path=${path}`);
      expect([403, 404, 415]).toContain(answer.status);
      expect(answer.json).toMatchObject({ success: false });
      expect(answer.text).not.toMatch(/gsk_|root:/);
    },
  );
});

describe('The Groq key', () => {
  it('is written for the owner only, shown masked, and removed', async () => {
    const key = 'gsk_0123456789abcdef7890';
    const saved = await write(panel, '/api/groq_key', { api_key: `  ${key} ` });
    expect(saved.json).toEqual({ success: true, configured: true, source: 'security_file', masked_key: 'gsk_...7890' });
    const { stat, readFile } = await import('node:fs/promises');
    const file = join(panel.world.paths.security, 'groq_api_key.txt');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, 'utf8')).trim()).toBe(key);
    expect((await ask(panel.port, '/api/groq_key')).text).not.toContain(key);
    const removed = await write(panel, '/api/groq_key', undefined, 'DELETE');
    expect(removed.json).toEqual({ success: true, configured: false, source: null, masked_key: null });
  });

  it.each([
    ['absent', {}, 'api_key is required'],
    ['blank', { api_key: '  ' }, 'api_key is required'],
    ['short', { api_key: 'gsk_1' }, 'api_key is too short'],
    ['long', { api_key: 'x'.repeat(257) }, 'api_key is too long'],
  ])('is refused when %s', async (_how, body, message) => {
    const answer = await write(panel, '/api/groq_key', body);
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual([{ field: 'api_key', message }]);
  });
});
