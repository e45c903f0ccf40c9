import {
  CHANGE_STATES,
  type ChangeRecord,
  type ChangeState,
  changeLine,
  changeNamed,
  shownChange,
  storyOf,
  type World,
} from '@vivarium/core';
import { type Command, InvalidArgumentError } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { patchText, writePatch } from '../patch.ts';
import { flat, oneLine } from '../shape.ts';
import { count } from '../whole-number.ts';
import { inBareWorld } from '../world.ts';
import { showChange } from './change-words.ts';

interface ListOptions {
  readonly project?: string;
  readonly state?: readonly ChangeState[];
  readonly limit?: number;
  readonly newest?: boolean;
}

/** change: what residents want to do to projects, and the person's word on it. */
export function addChange(program: Command, door: Door): void {
  const change = program
    .command('change')
    .description('changes to projects: read them, approve exactly these bytes, or reject them');
  const all = change
    .command('list')
    .description('changes, oldest first; all of them unless filtered')
    .option('--project <name>', 'only of this project')
    .option('--state <states>', `only these, comma-separated: ${CHANGE_STATES.join(', ')}`, states)
    .option('--limit <n>', 'at most this many', count)
    .option('--newest', 'newest first');
  door.asks<[], ListOptions>(all, 'list_changes', (output, options) => inBareWorld((world) => list(world, output, options)));
  const one = change
    .command('show <id>')
    .description('files with tiers, checks, approval, landing, reasons; by change or task id');
  door.asks<[string]>(one, 'show_change', (output, _options, id) => onChange(id, (found, world) => show(world, output, found)));
  const diff = change.command('diff <id>').description('what it does to the files, line by line');
  door.asks<[string]>(diff, 'show_change_diff', (output, _options, id) =>
    onChange(id, async (found, world) => {
      const { change_id, base_tree, tree } = found;
      const patch = await patchText(world, found);
      output.result({ change_id, base_tree, tree, diff: patch }, patch.trimEnd());
      return EXIT.done;
    }),
  );
  const log = change.command('log <id>').description('everything that happened to it, from the log alone');
  door.asks<[string]>(log, 'show_change_log', (output, _options, id) =>
    onChange(id, (found, world) => tell(world, output, found)),
  );
  const exported = change
    .command('export <id>')
    .description('write it as a .patch file, for git apply')
    .option('--to <file>', 'where; otherwise beside the store of its project');
  door.asks<[string], { to?: string }>(exported, 'show_change_diff', (output, { to }, id) =>
    onChange(id, async (found, world) => {
      const path = await writePatch(world, found, to);
      output.result({ change_id: found.change_id, path, entries_sha256: found.entries_sha256 }, path);
      return EXIT.done;
    }),
  );
  addWords(change, door);
}

/** approve, reject, retry: the person's word. */
function addWords(change: Command, door: Door): void {
  const approve = change
    .command('approve <id>')
    .description('approve exactly these bytes; the hash must be the one that stands')
    .requiredOption('--entries <hex>', 'the entry hash as it is shown, at least its first 16 digits')
    .option('--tree <hex>', 'the tree too, where the project lands exactly what was approved');
  door.decides(approve, 'approve_change', {
    input: ({ entries, tree }: { entries: string; tree?: string }, change_id: string) => ({
      ...{ change_id, entries_sha256: entries.toLowerCase() },
      ...(tree === undefined ? {} : { tree: tree.toLowerCase() }),
    }),
    show: ({ output, answer }) =>
      output.result(
        answer,
        flat`${answer.change_id} is approved (${answer.approval_id}) until ${answer.expires_at}; it is ${answer.state}`,
      ),
  });
  const reject = change
    .command('reject <id>')
    .description('take back your approval; without one, end it and send its task round again')
    .requiredOption('--reason <text>', 'what is wrong; the next attempt reads it');
  door.decides(reject, 'reject_change', {
    input: ({ reason }: { reason: string }, change_id: string) => ({ change_id, reason }),
    show: ({ output, answer }) => {
      const done = answer.withdrawn ? 'your approval is withdrawn' : 'rejected';
      output.result(answer, flat`${answer.change_id}: ${done}; it is ${answer.state}`);
      for (const each of answer.left) output.say(each);
    },
  });
  const retry = change.command('retry <id>').description('try a landing that was held again, or have its task tried again');
  door.decides(retry, 'retry_change', {
    input: (_options, change_id: string) => ({ change_id }),
    show: ({ output, answer }) => {
      const again =
        answer.state === 'rejected' || answer.state === 'abandoned' ? '; its task is tried again, with a new change' : '';
      output.result(answer, flat`${answer.change_id} is ${answer.state}${again}`);
      for (const each of answer.left) output.say(each);
    },
  });
}

const onChange = (id: string, work: (change: ChangeRecord, world: World) => number | Promise<number>): Promise<number> =>
  inBareWorld(async (world) => work(await changeNamed(await world.changes(), id), world));

const now = ({ clock }: World): string => clock.now().toISOString();

async function list(world: World, output: Output, { project, state, limit = Number.POSITIVE_INFINITY, newest }: ListOptions) {
  const [changes, gates] = await Promise.all([world.changes(), world.gates()]);
  const lines = [...changes.state.changes.values()]
    .map((change) => changeLine(change, { gates: gates.change(change.task_id), at: now(world) }))
    .filter((line) => (project === undefined || line.project === project) && (state === undefined || state.includes(line.state)));
  const found = (newest ? lines.reverse() : lines).slice(0, limit);
  if (found.length === 0) output.say('no such changes; a task makes one: pnpm worker add <id> "<prompt>" --project <name>');
  for (const line of found) {
    const { change_id, project: of, state: at, tier, files, title, approved } = line;
    output.result(
      line,
      flat`${change_id}  ${of}  ${at}${approved ? ' (approved)' : ''}  tier ${tier}  ${files} files  ${oneLine(title, 60)}`,
    );
  }
  return EXIT.done;
}

async function show(world: World, output: Output, change: ChangeRecord): Promise<number> {
  const gates = (await world.gates()).change(change.task_id);
  const shown = shownChange(change, { gates, at: now(world) });
  const mode = (await world.projects.get(change.project))?.settings.approval;
  output.result(shown, showChange(change, shown, mode));
  return EXIT.done;
}

async function tell(world: World, output: Output, { change_id }: ChangeRecord): Promise<number> {
  const changes = await world.changes();
  for (const told of storyOf(change_id, changes.history(change_id))) output.result(told, flat`${told.at}  ${told.text}`);
  return EXIT.done;
}

function states(text: string): ChangeState[] {
  return text.split(',').map((word) => {
    const state = CHANGE_STATES.find((one) => one === word.trim());
    if (!state) throw new InvalidArgumentError(`"${word.trim()}" is none of: ${CHANGE_STATES.join(', ')}`);
    return state;
  });
}
