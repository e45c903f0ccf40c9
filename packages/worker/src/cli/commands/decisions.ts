import { TaskNotFoundError } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import type { Output } from '../output.ts';
import { taskLine } from '../shape.ts';
import type { TaskWorld } from '../world.ts';

/** approve, reject, retry, undo, cancel: what a person says about a task. */
export function addDecisions(program: Command, door: Door): void {
  const approve = program.command('approve <id>').description('accept the result of a task that is held for review');
  door.decides(approve.option('--note <text>', 'why it is good'), 'approve', {
    input: ({ note }: { note?: string }, task_id: string) => ({ task_id, note }),
    show,
  });
  const reject = program
    .command('reject <id>')
    .description('send a held task round again, with the reason for the next attempt')
    .requiredOption('--reason <text>', 'what is wrong; the next attempt reads it');
  door.decides(reject, 'reject', {
    input: ({ reason }: { reason: string }, task_id: string) => ({ task_id, reason }),
    show,
  });
  const retry = program.command('retry <id>').description('run a failed, blocked, held or waiting task again, now');
  door.decides(retry, 'retry', { input: (_options, task_id: string) => ({ task_id }), show });
  const undo = program.command('undo <id>').description('take a breakdown back while none of its steps has started');
  door.decides(undo, 'undo', { input: (_options, task_id: string) => ({ task_id }), show });
  const cancel = program.command('cancel <id>').description('end a task that is not finished');
  door.decides(cancel.option('--reason <text>', 'why'), 'cancel', {
    input: ({ reason }: { reason?: string }, task_id: string) => ({ task_id, reason }),
    show,
  });
}

interface Shown {
  output: Output;
  world: TaskWorld;
  answer: { task_id: string; status: string; left: readonly string[] };
}

function show({ output, world: { store, money }, answer: { task_id, status, left } }: Shown): void {
  const record = store.get(task_id);
  if (!record) throw new TaskNotFoundError(task_id);
  output.result(taskLine(record, money), `${task_id} is ${status}`);
  for (const each of left) output.say(each);
}
