import {
  DEFAULT_MAX_TOKENS,
  ENOUGH_TOKENS,
  fieldProblemLines,
  type Intake,
  InvalidInputError,
  type TaskStore,
  type WorkspacePaths,
} from '@vivarium/core';
import { z } from 'zod';
import { RequestRefusedError } from '../errors/index.ts';
import type { Running } from '../execution/running.ts';
import type { ModelGate } from '../gate/gate.ts';
import { planPrompt, planSchema, proposals, readPlan } from './rules.ts';
import { scanWorkspace } from './scan.ts';

export interface PlanRequest {
  readonly goal?: string | undefined;
  readonly max_tasks?: number | undefined;
}

export interface PlanResult {
  readonly status: 'planned';
  readonly files_scanned: number;
  readonly total_lines: number;
  readonly tasks_created: number;
  readonly task_ids: readonly string[];
}

export type MakePlan = (request: PlanRequest) => Promise<PlanResult>;

interface PlanDeps {
  readonly gate: ModelGate;
  readonly running: Running;
  readonly store: TaskStore;
  readonly intake: Intake;
  readonly paths: WorkspacePaths;
}

const TIMEOUT_MS = 60_000;

/** Builds what `POST /plan` does: look at the tree, ask once, and append proposals for a person, or change nothing. */
export function buildMakePlan({ gate, running, store, intake, paths }: PlanDeps): MakePlan {
  return async (request) => {
    running.checkOpen();
    const { scan, text } = await running.run({ mode: 'plan' }, async (signal) => {
      const scan = await scanWorkspace(paths.root, signal);
      const schema = z.toJSONSchema(planSchema(request.max_tasks), { io: 'input' });
      const answer = await gate.call(
        {
          purpose: 'plan',
          user: 'planner',
          messages: [{ role: 'user', content: planPrompt(scan, request.goal, request.max_tasks) }],
          max_tokens: DEFAULT_MAX_TOKENS,
          enough_tokens: ENOUGH_TOKENS,
          temperature: 0.4,
          schema: { name: 'task_plan', schema },
          timeout_ms: TIMEOUT_MS,
        },
        signal,
      );
      return { scan, text: answer.text };
    });
    store.refresh();
    const answer = readPlan(text, request.max_tasks);
    if (!answer.found) throw badPlan(answer.fault);
    const tasks = proposals(answer.value, request.goal, (id) => store.get(id) !== undefined);
    if (!tasks) throw badPlan('it repeats the goal or itself instead of breaking it into tasks');
    const { added } = await intake.enter(store, tasks, 'planner').catch((error: unknown) => {
      throw error instanceof InvalidInputError ? badPlan(fieldProblemLines(error.problems)) : error;
    });
    return {
      status: 'planned',
      files_scanned: scan.files.length,
      total_lines: scan.total_lines,
      tasks_created: added.length,
      task_ids: added,
    };
  };
}

function badPlan(why: string): RequestRefusedError {
  return new RequestRefusedError(
    502,
    'VIV_BAD_PLAN',
    `The planner's answer is not a plan, so nothing was changed: ${why}`,
    'Ask again, or name a goal',
  );
}
