import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOGS } from '@vivarium/core';
import type { StageTimes } from '../rows-changes.ts';

type Line = Readonly<Record<string, unknown>> & { readonly event: string; readonly at: string };

/** What the logs of changes and of gates say of how long each stage took. `suites`: of each change, one after the other. */
export function stageTimes(folder: string, suites: readonly number[]): StageTimes {
  const changes = linesOf(folder, LOGS.changes);
  const gates = linesOf(folder, LOGS.gates);
  const between = (from: readonly Line[], to: readonly Line[], key: string) => {
    const begun = new Map(from.map((line) => [line[key], Date.parse(line.at)]));
    return to.flatMap((line) => {
      const at = begun.get(line[key]);
      return at === undefined ? [] : [Date.parse(line.at) - at];
    });
  };
  const of = (lines: readonly Line[], event: string) => lines.filter((line) => line.event === event);
  const started = of(changes, 'landing_started');
  const changeOf = new Map(started.map((line) => [line['landing_id'], line['change_id']]));
  const finished = of(changes, 'landing_finished').filter((line) => line['ok'] === true);
  const landed = finished.map((line) => ({ ...line, change_id: changeOf.get(line['landing_id']) }));
  const [opened, handed] = [of(changes, 'change_opened'), of(changes, 'change_handed_in')];
  const handedByTask = handed.map((line) => ({
    ...line,
    change_id: opened.find((one) => one['change_id'] === line['change_id'])?.['task_id'],
  }));
  const submitted = of(gates, 'change_submitted');
  const unit = of(gates, 'result_recorded').filter((line) => line['test_type'] === 'unit');
  const whole = between(opened, landed, 'change_id');
  return {
    work_ms: between(opened, handed, 'change_id'),
    review_ms: between(handedByTask, submitted, 'change_id'),
    unit_ms: between(submitted, unit, 'change_id'),
    integration_ms: between(of(gates, 'batch_created'), of(gates, 'batch_recorded'), 'batch_id'),
    landing_ms: between(started, finished, 'landing_id'),
    whole_ms: whole,
    counts: {
      'unit looks': unit.length,
      batches: of(gates, 'batch_recorded').length,
      'merges anew': of(changes, 'change_moved').length,
    },
    suites_ms: suites,
    ours_ms: suites.slice(1).map((ms, at) => (whole[at + 1] ?? 0) - ms),
  };
}

function linesOf(folder: string, log: string): readonly Line[] {
  const file = join(folder, `${log}.jsonl`);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line)).flatMap((line) => (line.event === 'together' ? line.events : [line]));
}
