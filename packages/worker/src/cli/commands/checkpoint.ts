import type { ChangeStore, Checkpoint, ProjectRestore, RestorePreview, World } from '@vivarium/core';
import { CheckpointNotFoundError } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { inBareWorld } from '../world.ts';

/** checkpoint: ways back to what projects showed. */
export function addCheckpoint(program: Command, door: Door): void {
  const checkpoint = program.command('checkpoint').description('what every project showed at a moment, and the way back to it');
  const all = checkpoint.command('list').description('checkpoints, oldest first; one is taken before each landing');
  door.asks<[]>(all, 'list_checkpoints', (output) => inBareWorld((world) => list(output, world)));
  const one = checkpoint.command('show <id>').description('what every project showed, and the versions of what was learned');
  door.asks<[string]>(one, 'show_checkpoint', (output, _options, id) => inBareWorld((world) => show(output, world, id)));
  const preview = checkpoint
    .command('preview <id>')
    .description('what a restore would take back; changes nothing')
    .option('--project <name>', 'only this one');
  door.asks<[string], { project?: string }>(preview, 'preview_restore', (output, { project }, id) =>
    inBareWorld(async ({ checkpoints }) => {
      const found = await checkpoints.preview(id, project);
      output.result(found, previewWords(found));
      return EXIT.done;
    }),
  );
  addTaking(checkpoint, door);
  addRestoring(checkpoint, door);
}

function addTaking(checkpoint: Command, door: Door): void {
  const take = checkpoint.command('take').description('keep what every project shows now').option('--note <text>', 'what it is');
  door.does(take, 'take_checkpoint', {
    input: ({ note }: { note?: string }) => (note === undefined ? {} : { note }),
    show: ({ output, answer }) =>
      output.result(
        answer,
        flat`${answer.checkpoint_id}  ${answer.trees.map(({ project }) => project).join(', ') || 'no project'}`,
      ),
  });
  const drill = checkpoint
    .command('drill')
    .description('try the way back in the stores alone, without touching a project')
    .option('--project <name>', 'only this one');
  door.does(drill, 'drill_checkpoints', {
    input: ({ project }: { project?: string }) => (project === undefined ? {} : { project }),
    show({ output, answer }) {
      const lines = answer.drills.map(
        ({ project, passed, detail }) => flat`${project}: ${passed ? 'passed' : 'FAILED'}; ${detail}`,
      );
      output.result(answer, lines.join('\n') || 'there is no project');
      return answer.passed ? EXIT.done : EXIT.failed;
    },
  });
}

interface RestoreOptions {
  readonly project?: string;
  readonly includingMine?: boolean;
  readonly stop?: boolean;
}

function addRestoring(checkpoint: Command, door: Door): void {
  const restore = checkpoint
    .command('restore <id>')
    .description('bring projects back to it by a new commit; log, money and tasks stay')
    .option('--project <name>', 'only this one')
    .option('--including-mine', "take back also commits that are not Vivarium's")
    .option('--stop', 'first send the tasks round again that are worked on there');
  door.decides(restore, 'restore_checkpoint', {
    input: ({ project, includingMine = false, stop = false }: RestoreOptions, checkpoint_id: string) => ({
      ...{ checkpoint_id, including_mine: includingMine, stop },
      ...(project === undefined ? {} : { project }),
    }),
    show({ output, answer }) {
      const { same, because, landed, behind, stopped, left } = answer;
      const commits = landed.map(({ project, commit }) => flat`${project} shows it with the commit ${commit}`);
      const words = same
        ? [flat`${answer.checkpoint_id} is restored, every tree is the same`, ...commits]
        : [flat`NOT RESTORED: ${because}`, ...commits, 'see: pnpm worker project list; restore again when that is cleared away'];
      output.result(answer, words.join('\n'));
      if (stopped.length > 0) output.say(flat`sent round again: ${stopped.join(', ')}`);
      if (behind.length > 0) output.say(flat`merged anew and verified again: ${behind.join(', ')}`);
      for (const each of left) output.say(each);
      return same ? EXIT.done : EXIT.failed;
    },
  });
}

async function list(output: Output, world: World): Promise<number> {
  const changes = await world.changes();
  await changes.catchUp();
  if (changes.state.checkpoints.size === 0) output.say('there is none yet; take one with: pnpm worker checkpoint take');
  for (const checkpoint of changes.state.checkpoints.values()) {
    const { checkpoint_id, at, note, automatic, trees } = checkpoint;
    const projects = trees.map(({ project, commit }) => `${project} ${commit.slice(0, 12)}`).join(', ');
    const restored = restoresOf(changes, checkpoint_id);
    const words = [note ?? (automatic ? 'before a landing' : ''), restored.length > 0 ? `restored ${restored.length}×` : ''];
    output.result(
      { checkpoint_id, at, ...(note === undefined ? {} : { note }), automatic, trees, restores: restored },
      flat`${checkpoint_id}  ${at}  ${projects}  ${oneLine(words.filter(Boolean).join('; '), 60)}`,
    );
  }
  return EXIT.done;
}

const restoresOf = ({ state }: ChangeStore, id: string) =>
  [...state.restores.values()].flatMap(({ restore_id, checkpoint_id, at, finished }) =>
    checkpoint_id === id ? [{ restore_id, at, ...(finished ? { same: finished.same } : {}) }] : [],
  );

async function show(output: Output, world: World, id: string): Promise<number> {
  const changes = await world.changes();
  await changes.catchUp();
  const checkpoint = changes.state.checkpoints.get(id);
  if (!checkpoint) throw new CheckpointNotFoundError(id);
  output.result({ ...checkpoint, restores: restoresOf(changes, id) }, checkpointWords(checkpoint));
  return EXIT.done;
}

function checkpointWords({ checkpoint_id, at, note, automatic, trees, versions }: Checkpoint): string {
  return [
    flat`${checkpoint_id}, taken ${automatic ? 'by itself' : 'by you'} at ${at}${note === undefined ? '' : `: ${note}`}`,
    ...trees.map(({ project, commit, tree }) => flat`  ${project}: commit ${commit}, tree ${tree}`),
    ...Object.entries(versions).map(([name, version]) => flat`  ${name}: ${version}`),
    flat`what a restore would do: pnpm worker checkpoint preview ${checkpoint_id}`,
  ].join('\n');
}

function previewWords({ checkpoint_id, projects, versions }: RestorePreview): string {
  return [
    ...projects.flatMap(projectWords),
    ...versions.map(({ name, was = 'not there', is = 'not there' }) => flat`stays as it is: ${name} (${is}; was ${was})`),
    ...(projects.some(({ same }) => !same) ? [flat`then: pnpm worker checkpoint restore ${checkpoint_id}`] : []),
  ].join('\n');
}

const MOST_FILES = 40;
function projectWords({ project, same, problem, files, commits, ...view }: ProjectRestore): string[] {
  if (problem !== undefined) return [flat`${project}: cannot be restored at this moment: ${problem}`];
  if (same) return [flat`${project}: shows that tree already`];
  return [
    flat`${project}: ${files.length} files`,
    ...files.slice(0, MOST_FILES).map(({ path, change }) => flat`  ${change} ${path}`),
    ...(files.length > MOST_FILES ? [`  … and ${files.length - MOST_FILES} more (--json has all)`] : []),
    ...commits.map(({ commit, by, author, subject, task_id }) => {
      const whose = by === 'you' ? `NOT of Vivarium, by ${author}` : `task ${task_id ?? '-'}`;
      return flat`  takes back ${commit.slice(0, 12)} ${oneLine(subject, 60)} (${whose})`;
    }),
    ...(view.rewritten ? ['  its branch was rewritten since'] : []),
    ...(view.needs_including_mine ? ['  needs --including-mine'] : []),
    ...(view.running.length > 0 ? [flat`  worked on: ${view.running.join(', ')} (--stop sends them round again)`] : []),
    ...(view.waiting.length > 0 ? [flat`  merged anew afterwards: ${view.waiting.join(', ')}`] : []),
  ];
}
