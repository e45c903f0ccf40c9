import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asOwner, openSociety, openTaskStore, type SocietyStore, type TaskStore, workspacePaths } from '@vivarium/core';
import {
  anOutcome,
  aReview,
  aTask,
  FakeLiveness,
  type ModelHandler,
  type ModelRequest,
  toolResults,
} from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, expect } from 'vitest';
import { aModelServer, anApi, asGroq, freshWorkspace } from './api-kit.ts';

export const NAMES = { ada: 'Fennel', ben: 'Lantern', cyn: 'Marrow' } as const;

/** An API with three residents and a scripted model. `society` is the door of another process, for the person and the others. */
export async function aWorld(handler: ModelHandler, workspace = freshWorkspace()) {
  const paths = workspacePaths(workspace);
  mkdirSync(paths.identities, { recursive: true });
  for (const [id, name] of Object.entries(NAMES)) settle(workspace, { id, name });
  const model = await aModelServer(handler);
  const api = await anApi(asGroq(model), workspace);
  const society = await openSociety({ backend: fileBackend(paths) });
  const store = await openTaskStore({ backend: fileBackend(paths), liveness: new FakeLiveness() });
  const lines = (file: string) => (existsSync(join(workspace, file)) ? readLines(join(workspace, file)) : []);
  return {
    api,
    model,
    society,
    store,
    workspace,
    paths,
    lines,
    /** A cycle of a resident, as a worker asks for it. */
    work: (prompt: string, more: object = {}) =>
      api.cycle({ mode: 'llm', prompt, identity_id: 'ada', resident_id: 'w1', max_budget: 0.1, ...more }),
    async close() {
      await society.close();
      await store.close();
      await api.close();
    },
  };
}

export type ResidentsWorld = Awaited<ReturnType<typeof aWorld>>;

/** `aWorld` for the tests of a file; each is closed after its test. */
export function worldsOfTests(): typeof aWorld {
  const worlds: ResidentsWorld[] = [];
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.close();
  });
  return async (...args) => {
    const made = await aWorld(...args);
    worlds.push(made);
    return made;
  };
}

/** What the last call of the model saw of its own acts. */
export const told = ({ model }: ResidentsWorld) => toolResults(model.requests.at(-1) as never);

export const toolsOf = (request: ModelRequest | undefined) =>
  ((request?.body['tools'] ?? []) as { function: { name: string } }[]).map((one) => one.function.name);

export function settle(workspace: string, identity: { id: string; name: string } & Record<string, unknown>): void {
  writeFileSync(join(workspacePaths(workspace).identities, `${identity.id}.json`), JSON.stringify(identity));
}

/** The records of a shared log or an audit, without what the log adds. */
function readLines(file: string): Record<string, unknown>[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

export async function tip(society: SocietyStore, identity_id: string, amount: number): Promise<void> {
  expect(await society.act(asOwner, 'tip', { identity_id, amount, reason: 'to begin with' })).toMatchObject({ ok: true });
}

/** Add and claim a task, as a worker does before it calls. */
export async function claimed(store: TaskStore, id: string, prompt: string) {
  await store.add([aTask({ id, prompt })], 'person');
  const [claim] = await store.claim({ worker_id: 'w1', limit: 1, assign: () => ({ identity_id: 'ada' }) });
  if (!claim) throw new Error('nothing was claimed');
  return {
    executed: () => store.record(claim.lease, { kind: 'record_execution', outcome: anOutcome({ execution_key: `${id}#1` }) }),
    approve: () =>
      store.record(claim.lease, { kind: 'record_review', review: aReview() }, { kind: 'approve', review: aReview() }),
    reject: () => {
      const review = aReview({ verdict: 'REJECT', issues: ['no'] });
      return store.record(claim.lease, { kind: 'record_review', review }, { kind: 'reject', review, max_attempts: 3 });
    },
  };
}

/** Everything a model was told, in one text. */
export const toldIn = ({ body }: ModelRequest): string =>
  (body['messages'] as { content: string | null }[]).map(({ content }) => content ?? '').join('\n');
