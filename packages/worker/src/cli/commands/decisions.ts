import { decideAsPerson, type PersonCommand, TaskConflictError, type TaskRecord } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import { CommandRefusal, type Output } from '../output.ts';
import { taskLine } from '../shape.ts';
import { inWorld, type TaskWorld } from '../world.ts';

/** approve, reject, retry, cancel: what a person says about a task. */
export function addDecisions(program: Command, act: Act): void {
  withOutput(program.command('approve <id>').description('accept the result of a task that is held for review'))
    .option('--note <text>', 'why it is good')
    .action(act<[string], { note?: string }>(async (output, options, id) => approve(output, id, options.note)));
  withOutput(program.command('reject <id>').description('send a held task round again, with the reason for the next attempt'))
    .requiredOption('--reason <text>', 'what is wrong; the next attempt reads it')
    .action(act<[string], { reason: string }>(async (output, options, id) => reject(output, id, options.reason)));
  withOutput(program.command('retry <id>').description('run a failed, blocked, held or waiting task again, now')).action(
    act<[string]>((output, _options, id) => decide(output, id, () => ({ kind: 'retry' }))),
  );
  withOutput(program.command('undo <id>').description('take a breakdown back while none of its steps has started')).action(
    act<[string]>((output, _options, id) => decide(output, id, () => ({ kind: 'collapse' }))),
  );
  withOutput(program.command('cancel <id>').description('end a task that is not finished'))
    .option('--reason <text>', 'why')
    .action(
      act<[string], { reason?: string }>((output, { reason }, id) =>
        decide(output, id, () => ({ kind: 'cancel', ...(reason === undefined ? {} : { reason }) })),
      ),
    );
}

async function approve(output: Output, id: string, note: string | undefined): Promise<number> {
  return decide(output, id, () => ({ kind: 'approve', ...(note === undefined ? {} : { note }) }));
}

async function reject(output: Output, id: string, reason: string): Promise<number> {
  if (reason.trim() === '') {
    throw new CommandRefusal(
      EXIT.usage,
      'VIV_INVALID_INPUT',
      '--reason: say what is wrong',
      'e.g. --reason "the total is missing"',
    );
  }
  return decide(output, id, ({ config }) => ({ kind: 'reject', reason, max_attempts: config.maxRequeueAttempts }));
}

function decide(output: Output, id: string, command: (world: TaskWorld) => PersonCommand): Promise<number> {
  return inWorld(async (world) => {
    const record = await decided(world, id, command(world));
    output.result(taskLine(record, world.money), `${id} is ${record.status}`);
    return EXIT.done;
  });
}

/** A decision that does not fit the task's state changes nothing, and the exit code says so. */
async function decided(world: TaskWorld, id: string, command: PersonCommand): Promise<TaskRecord> {
  try {
    return await decideAsPerson(world, id, command, 'person');
  } catch (error) {
    if (!(error instanceof TaskConflictError)) throw error;
    throw new CommandRefusal(EXIT.nothing, error.code, error.message, error.fix);
  }
}
