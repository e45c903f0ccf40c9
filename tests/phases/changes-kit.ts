import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangeRecord, TaskRecord } from '@vivarium/core';
import { openChanges } from '@vivarium/core';
import { type ModelHandler, type ModelRequest, type ScriptedCall, scriptOf } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { git } from '../contract/changes-kit.ts';
import { FILES, MEND, writeProject } from '../e2e/change-kit.ts';
import { cliHere } from '../e2e/cli-here.ts';
import { type InsideWorld, openInside } from './phase-kit.ts';

/** A world in which residents mend a small project, with a model that follows scripts. */
export interface ChangesWorld extends InsideWorld {
  readonly repository: string;
  /** What the project's file says. */
  text(path: string): string;
  git(...args: string[]): string;
  change(task_id: string, attempt?: number): Promise<ChangeRecord | undefined>;
  record(task_id: string): Promise<TaskRecord>;
  cli(...args: string[]): ReturnType<typeof cliHere>;
  /** The person's yes to exactly what is shown. */
  approve(task_id: string): Promise<void>;
}

/** Asks for a test of somebody else's change. */
export const isQa = ({ body }: ModelRequest): boolean => JSON.stringify(body).includes('fails if this change is wrong');

/** A test that fails while sum() subtracts. */
export const QA: readonly ScriptedCall[][] = [
  [
    [
      'create_file',
      {
        path: 'test/qa.test.mjs',
        content: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sum } from '../src/sum.mjs';
test('sums four and five', () => assert.equal(sum(4, 5), 9));
`,
      },
    ],
  ],
  [['hand_in', { title: 'Test the sum', summary: 'Fails without the change.', kind: 'test' }]],
];

const APPROVED = { vote: 'approved', reason: 'It does what the task asks.' };
/** Asks a juror for its vote. */
const isBallot = ({ body }: ModelRequest): boolean => JSON.stringify(body).includes('Answer with your ballot');

type Script = readonly ScriptedCall[][];

/** Authors follow one script, or the one that `of` finds by what they are asked, whoever does the QA another; the critic approves. */
export const acting =
  (
    author: Script,
    qa: Script = QA,
    of: (asked: string) => Script | undefined = () => undefined,
    ballot = APPROVED,
  ): ModelHandler =>
  (request) => {
    if (isBallot(request)) return JSON.stringify(ballot);
    if (!request.body['tools']) return JSON.stringify({ verdict: 'APPROVE', confidence: 0.9, issues: [], suggestions: [] });
    const script = isQa(request) ? qa : (of(JSON.stringify(request.body)) ?? author);
    return scriptOf([...script])(request);
  };

export async function aChangesWorld(
  handler: ModelHandler = acting(MEND),
  settings: object = {},
  files = FILES,
): Promise<ChangesWorld> {
  const inside = await openInside(handler, { VIVARIUM_BUDGET_LIMIT_USD: '5' });
  const { root } = inside.world;
  const repository = writeProject(root, settings, files);
  const changes = async <T>(use: (log: Awaited<ReturnType<typeof openChanges>>) => T): Promise<T> => {
    const log = await openChanges({ backend: fileBackend(inside.world.paths) });
    const seen = use(log);
    await log.close();
    return seen;
  };
  const change: ChangesWorld['change'] = (task_id, attempt) => changes((log) => log.ofTask(task_id, attempt));
  return {
    ...inside,
    repository,
    text: (path) => readFileSync(join(repository, path), 'utf8'),
    git: (...args) => git(repository, args),
    change,
    record: (id) => inside.world.record(id),
    cli: (...args) => cliHere({ root }, args),
    async approve(task_id) {
      const shown = await change(task_id);
      if (!shown) throw new Error(`${task_id} has no change`);
      const { entries_sha256, tree, change_id } = shown;
      const said = await cliHere({ root }, [
        'change',
        'approve',
        change_id,
        '--entries',
        entries_sha256.slice(0, 16),
        '--tree',
        tree,
      ]);
      if (said.code !== 0) throw new Error(said.stderr);
    },
  };
}
