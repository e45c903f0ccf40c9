import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { World } from '@vivarium/control-panel';
import { type Claim, openArtifacts, type Review } from '@vivarium/core';
import { aTaskNamed, holdForReview } from '../e2e/panel-kit.ts';

/** Answers `/status` as the execution API does. */
export async function fakeApi(provider: object = READY): Promise<{ port: number; close(): void }> {
  const budget = { cap_usd: 5, spent_usd: 0, reserved_usd: 0 };
  const status = { tasks: 0, completed: 0, failed: 0, by_status: {}, running: [], budget, provider, switch: 'running' };
  const server: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(status));
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

export const READY = {
  name: 'groq',
  state: 'ready',
  detail: 'Answers came from api.groq.com',
  default_model: 'openai/gpt-oss-20b',
  fingerprint: 'f',
};

const REPORT = `# Repository summary

The workspace holds **four packages** and \`312\` files. <script>alert('never runs')</script>

| Package | Files | Lines |
| --- | --- | --- |
| core | 118 | 9,410 |
| api | 61 | 4,822 |

1. The contract comes first
2. Each port has one suite
   - and any backend must pass it

> Nothing is approved on the author's word.

\`\`\`ts
export const answer = 42;
\`\`\`

See [the site](https://example.org/docs) or [a trap](javascript:alert(1)). ![pixel](https://example.org/pixel.png)
`;

/** A small world in the middle of its work: one task of every kind. */
export async function scriptWorld(world: World): Promise<void> {
  await residents(world);
  const { store } = world;
  await store.add(
    [
      aTaskNamed('map-runtime', { title: 'Map the runtime and its data flow' }),
      aTaskNamed('summarise-gaps', { prompt: 'Summarise architecture gaps', depends_on: ['map-runtime'] }),
      aTaskNamed('safety-tests', { prompt: 'Write safety gate tests' }),
      aTaskNamed('repo-maps', { prompt: 'Draft the skill for repo maps' }),
      aTaskNamed('flaky-lock', { prompt: 'Fix the flaky lock test' }),
      aTaskNamed('clean-up', { command: 'rm -rf /', mode: 'local' }),
      aTaskNamed('timeline', { prompt: 'Build the timeline view', depends_on: ['summarise-gaps'] }),
    ],
    'person:cli',
  );
  await approve(world, 'map-runtime', 'wren');
  await holdForReview(world, 'repo-maps', 'A draft of the skill, three pages long.');
  await fail(world, 'flaky-lock');
  await block(world, 'clean-up');
  await claim(world, 'safety-tests', 'juniper');
}

async function residents({ paths, society }: World): Promise<void> {
  await mkdir(paths.identities, { recursive: true });
  const all = [
    ['wren', 'Wren', 'Toolsmith, keeps the sandbox in order'],
    ['juniper', 'Juniper', 'Critic who asks for one more source'],
    ['moss', 'Moss', 'Librarian of the commons'],
  ] as const;
  for (const [id, name, summary] of all)
    await writeFile(join(paths.identities, `${id}.json`), JSON.stringify({ id, name, summary }));
  for (const [identity_id, amount] of [
    ['wren', 156],
    ['juniper', 90],
    ['moss', 123],
  ] as const)
    await society.act('human', 'tip', { identity_id, amount, reason: 'to begin with' });
}

export async function claim(world: World, id: string, resident: string): Promise<Claim> {
  const [made] = await world.store.claim({
    worker_id: 'worker-test',
    limit: 1,
    assign: (task) => (task.id === id ? { identity_id: resident, resident_id: resident } : undefined),
  });
  if (!made) throw new Error(`${id} cannot be claimed`);
  return made;
}

async function approve(world: World, id: string, resident: string): Promise<void> {
  const { lease } = await claim(world, id, resident);
  const artifact = await openArtifacts(world.paths).put({ task_id: id, attempt: 1, name: 'output.md', bytes: REPORT });
  const outcome = {
    result_summary: 'A map of the runtime',
    model: 'openai/gpt-oss-20b',
    budget_used: 0.0121,
    execution_key: `${id}#1`,
  };
  const usage = { prompt_tokens: 1204, completion_tokens: 388 };
  await world.store.record(lease, {
    kind: 'record_execution',
    outcome: { ...outcome, usage, artifact, duration_ms: 1920, tool_route: 'generate' },
  });
  const review: Review = {
    verdict: 'MINOR_ISSUES',
    confidence: 0.94,
    issues: ['One claim has no source'],
    suggestions: ['Name the files behind each claim'],
    witnesses: [
      { kind: 'output', passed: true, decisive: false, detail: '812 characters' },
      { kind: 'critic', passed: true, decisive: true, detail: 'openai/gpt-oss-120b said MINOR_ISSUES at 0.94' },
    ],
    by: 'critic',
  };
  await world.store.record(lease, { kind: 'approve', review });
}

async function fail(world: World, id: string): Promise<void> {
  const { lease } = await claim(world, id, 'wren');
  await world.store.record(lease, {
    kind: 'fail',
    reason: 'The provider refused the request: the prompt is longer than the model takes',
  });
}

async function block(world: World, id: string): Promise<void> {
  const { lease } = await claim(world, id, 'moss');
  const reason = 'The program rm is not among those that may run';
  const check = {
    check: 'command',
    passed: false,
    rule: 'command.allowlist',
    reason,
    fix: 'Add it in config/commands.json',
  } as const;
  const report = {
    timestamp: world.now().toISOString(),
    task_id: id,
    stage: 'worker',
    subject: 'rm -rf /',
    subject_sha256: '0',
    passed: false,
  } as const;
  await world.store.record(lease, {
    kind: 'block',
    reason,
    safety_report: { ...report, blocked_reason: reason, checks: [check] },
  });
}
