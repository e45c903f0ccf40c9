import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import type { FaultWorld } from '../kit/world.ts';
import { tokenOf } from './town.ts';

/** What came back from bad input: an answer, or none because nobody served. */
export interface FloodCount {
  sent: number;
  refused: number;
  unanswered: number;
  /** 5xx answers, and commands that ended as if they had broken. */
  readonly broke: { readonly what: string; readonly at: number }[];
}

const REQUESTS = 30;
const PATIENCE_MS = 15_000;

type Random = () => number;
type Pick = <T>(from: readonly T[]) => T;
const picker =
  (random: Random): Pick =>
  (from) =>
    from[Math.floor(random() * from.length)] as (typeof from)[number];

/** Bytes, texts and numbers that nobody should send. */
const BODIES: readonly string[] = [
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '{"prompt": 7}',
  '{"prompt": "", "mode": "llm"}',
  '{"prompt": "x", "max_tokens": -1}',
  '{"prompt": "x", "mode": 7, "no_such_key": 1}',
  '{"prompt": "x", "timeout": 1e99}',
  '{"tasks": [{"id": "../../etc", "prompt": "x"}]}',
  '{"tasks": [{"id": "a b", "depends_on": "nobody"}]}',
  `{"prompt": "${'x'.repeat(300_000)}"}`,
  `${'['.repeat(20_000)}`,
  '\u0000\u0001\ufffe',
  '{"__proto__": {"admin": true}, "constructor": 1}',
];
const API_PATHS: readonly string[] = ['/cycle', '/plan', '/status?x=%ff', '/nowhere', '/cycle/../docs', '/%00'];
const PANEL_PATHS: readonly string[] = [
  '/api/tasks',
  '/api/tasks/%00/approve',
  '/api/tasks/nobody/retry',
  '/api/artifact/view?path=../../../etc/passwd',
  '/api/bounties',
  '/api/bounties/none/complete',
  '/api/events?after=-1&limit=1e9',
  '/api/chatrooms/..%2f..%2fx',
  '/api/messages/respond',
  '/api/identities/create',
];

/** Requests that must be refused, to API and panel. */
export async function httpFlood(world: FaultWorld, random: Random, count: FloodCount): Promise<void> {
  const pick = picker(random);
  const one = async () => {
    const toApi = random() < 0.5;
    const port = toApi ? world.env['VIVARIUM_API_PORT'] : world.env['VIVARIUM_CONTROL_PANEL_PORT'];
    const path = pick(toApi ? API_PATHS : PANEL_PATHS);
    const token = pick(['', 'wrong', tokenOf(world), tokenOf(world)]);
    const headers = {
      'content-type': pick(['application/json', 'application/json', 'text/plain', 'multipart/form-data']),
      ...(token === '' ? {} : { 'x-vivarium-internal-token': token }),
      ...pick([{}, {}, { origin: 'http://evil.example' }, { 'x-forwarded-for': '8.8.8.8' }, { 'content-length': '7' }]),
    };
    const body = pick(BODIES);
    const what = `POST ${path} ${body.slice(0, 40)}`;
    const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE_MS) };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init).catch(() => undefined);
    await response?.arrayBuffer().catch(() => undefined);
    note(count, what, response?.status);
  };
  await Promise.all(Array.from({ length: REQUESTS }, one));
}

/** The provider failed, nobody may be asked now, or it took too long: said of a request that was sound. */
const NOT_ITS_FAULT: ReadonlySet<number> = new Set([502, 503, 504]);

function note(count: FloodCount, what: string, status: number | undefined): void {
  count.sent += 1;
  if (status === undefined) count.unanswered += 1;
  else if (status >= 500 && !NOT_ITS_FAULT.has(status)) count.broke.push({ what: `${status} to ${what}`, at: Date.now() });
  else count.refused += 1;
}

/** Connections that speak no protocol, stop halfway, or send the live feed what it never asked for. */
export async function socketFlood(world: FaultWorld, random: Random, count: FloodCount): Promise<void> {
  const ports = [Number(world.env['VIVARIUM_API_PORT']), Number(world.env['VIVARIUM_CONTROL_PANEL_PORT'])];
  const pick = picker(random);
  const raw = () =>
    new Promise<void>((resolve) => {
      const socket = connect(pick(ports), '127.0.0.1');
      count.sent += 1;
      socket.once('connect', () => {
        count.refused += 1;
        socket.write(
          pick(['GET / HTTP/1.1\r\nHost: x\r\n', '\u0016\u0003\u0001', 'POST /cycle HTTP/1.1\r\nContent-Length: 99\r\n\r\n{']),
        );
        setTimeout(() => socket.destroy(), random() * 800);
      });
      socket.once('error', () => {
        count.unanswered += 1;
      });
      socket.once('close', () => resolve());
    });
  await Promise.all([...Array.from({ length: 12 }, raw), feed(ports[1] ?? 0, count), feed(ports[1] ?? 0, count)]);
}

async function feed(port: number, count: FloodCount): Promise<void> {
  const socket = io(`http://127.0.0.1:${port}`, { auth: { seq: 'not a number' }, reconnection: false, timeout: 2_000 });
  count.sent += 1;
  for (const junk of [null, { seq: -1 }, 'x'.repeat(10_000)]) socket.emit('event', junk);
  await sleep(600);
  if (socket.connected) count.refused += 1;
  else count.unanswered += 1;
  socket.close();
}

const COMMANDS: readonly (readonly string[])[] = [
  ['add', 'a b', 'x'],
  ['add', 'x1', 'x', 'nobody'],
  ['approve', 'no-such-task'],
  ['reject', 'no-such-task'],
  ['show', '../../etc/passwd'],
  ['no-such-command'],
  ['run', '-3'],
  ['bounty', 'show', 'none'],
  ['add', '--file', '/dev/null'],
];

/** Commands that must be refused: exit codes 1 to 5, in words and without a stack. */
export async function cliFlood(world: FaultWorld, random: Random, count: FloodCount): Promise<void> {
  const pick = picker(random);
  for (let n = 0; n < 2; n++) {
    const args = pick(COMMANDS);
    const { child } = world.launch('worker', args);
    const { code } = await child.exit;
    count.sent += 1;
    if (code !== null && code >= 1 && code <= 5 && !child.errors.some((line) => /^\s+at /.test(line))) count.refused += 1;
    else
      count.broke.push({ what: `exit ${code} of worker ${args.join(' ')}: ${child.errors.slice(-2).join(' ')}`, at: Date.now() });
  }
}
