import { type Explanation, explainTask, type TaskEvent, TaskNotFoundError, type TaskRecord } from '@vivarium/core';
import type { Command } from 'commander';
import { outputOf } from '../../pipeline/outputs.ts';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine, taskLine, usd } from '../shape.ts';
import { askApi, inWorld, type TaskWorld } from '../world.ts';

/** show and explain: one task, whole; and what moves it next. */
export function addShow(program: Command, door: Door): void {
  const one = program.command('show <id>').description('one task: body, output, review, history');
  door.asks<[string]>(one, 'show_task', (output, _options, id) => inWorld((world) => show(world, output, id)));
  const mover = program.command('explain <id>').description('the one next mover of a task, and what would unblock it');
  door.asks<[string]>(mover, 'explain_task', (output, _options, id) => inWorld((world) => explain(world, output, id)));
}

async function show(world: TaskWorld, output: Output, id: string): Promise<number> {
  const record = world.store.get(id);
  if (!record) throw new TaskNotFoundError(id);
  const history = world.store.history(id);
  const text = await outputOf(world.artifacts, record).catch((error: unknown) => {
    output.say(error instanceof Error ? error.message : String(error));
    return record.outcome?.result_summary ?? '';
  });
  const value = {
    ...taskLine(record, world.money),
    task: record.task,
    outcome: record.outcome ?? null,
    output: text,
    review: record.review ?? null,
    hold: record.hold ?? null,
    gate: record.gate ?? null,
    feedback: record.feedback ?? null,
    safety_report: record.safety_report ?? null,
    reasons: record.reasons,
    ...(record.children ? { children: record.children } : {}),
    ...(record.intent ? { intent: record.intent } : {}),
    explain: await explainNow(world, id),
    history,
  };
  output.result(value, inWords(record, history, text, value.spent_usd));
  return EXIT.done;
}

function inWords(record: TaskRecord, history: readonly TaskEvent[], text: string, spent_usd: number): string {
  const { task, review } = record;
  const parts = [`${task.id}: ${record.status}, attempt ${record.attempt}, spent ${usd(spent_usd)}`];
  parts.push(`asked:   ${oneLine(task.prompt ?? task.command ?? task.skill ?? '', 200)}`);
  if (record.hold) parts.push(flat`held:    ${record.hold.reason}`, flat`do:      ${record.hold.action}`);
  if (record.gate && !record.hold) parts.push(flat`gate:    ${record.gate.reason}`);
  for (const reason of record.reasons) parts.push(`reason:  ${oneLine(reason, 300)}`);
  if (review) {
    parts.push(flat`review:  ${review.verdict} by ${review.by}, confidence ${review.confidence}`);
    for (const { kind, rule, passed, detail } of review.witnesses)
      parts.push(flat`  ${passed ? 'pass' : 'FAIL'} ${rule ?? kind}: ${detail}`);
  }
  if (record.children) parts.push(`steps:   ${record.children.join(', ')}`);
  const choice = record.outcome?.model_decision;
  if (choice)
    parts.push(
      flat`model:   ${choice.model} (${choice.tier}), ${choice.reason}; at most ${usd(choice.estimate_usd)}, paid ${usd(record.outcome?.budget_used ?? 0)}`,
    );
  if (record.outcome?.artifact) parts.push(flat`output:  ${record.outcome.artifact.path}`);
  if (text !== '') parts.push(`---\n${text.trimEnd()}\n---`);
  parts.push('history:', ...history.map((event) => flat`  ${event.timestamp}  ${event.event}`));
  return parts.join('\n');
}

async function explain(world: TaskWorld, output: Output, id: string): Promise<number> {
  const explanation = await explainNow(world, id);
  const { mover, because, action, status } = explanation;
  const who =
    mover.kind === 'dependency' ? `dependency ${mover.task_id}` : mover.kind === 'timer' ? `timer ${mover.at}` : mover.kind;
  output.result(
    explanation,
    [`${id} is ${status}`, flat`next:    ${who}`, flat`because: ${because}`, flat`action:  ${action}`].join('\n'),
  );
  return EXIT.done;
}

/** The next mover as things stand; the API is asked only where the model provider may decide. */
function explainNow(world: TaskWorld, id: string): Promise<Explanation> {
  const { config, paths, store, switches } = world;
  const provider = async () => (await askApi(config, paths))?.provider.circuit;
  return explainTask({ store, switches, provider, world }, id);
}
