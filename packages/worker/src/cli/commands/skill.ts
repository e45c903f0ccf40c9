import { join } from 'node:path';
import { fileExists, type SkillRecord, type SkillRegistry, type SkillStatus, type World } from '@vivarium/core';
import { readSkill } from '@vivarium/world';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import { CommandRefusal, type Output } from '../output.ts';
import { flat } from '../shape.ts';
import { inBareWorld } from '../world.ts';

/** skill: the skills as they stand, and what a person decides about them. */
export function addSkill(program: Command, act: Act): void {
  const skill = program.command('skill').description('list, add and judge skills');
  withOutput(skill.command('list').description('every skill, with its status and what its uses have shown')).action(
    act((output) => withShelf(async (shelf) => list(output, shelf))),
  );
  withOutput(skill.command('show <name>').description('one skill: its file, its way and its uses')).action(
    act<[string]>((output, _options, name) => withShelf(async (shelf) => show(output, found(shelf, name)))),
  );
  withOutput(
    skill.command('validate <folder-or-name>').description('check a SKILL.md and everything beside it; changes nothing'),
  ).action(
    act<[string]>((output, _options, skill) =>
      withShelf(async (shelf, { paths }) => validate(output, placeOf(skill, shelf, paths))),
    ),
  );
  withOutput(skill.command('add <folder>').description('copy a skill into the library, as a candidate')).action(
    act<[string]>((output, _options, folder) => withShelf(async (shelf) => told(output, await shelf.addSkill(folder)))),
  );
  const moves: readonly [string, SkillStatus, string][] = [
    ['promote <name>', 'active', 'let a skill be used from now on'],
    ['quarantine <name>', 'quarantined', 'use a skill no more, until somebody promotes it'],
    ['retire <name>', 'retired', 'take a skill out for good'],
  ];
  for (const [words, status, description] of moves) {
    withOutput(skill.command(words).description(description))
      .option('--reason <text>', 'why')
      .action(
        act<[string], { reason?: string }>((output, { reason }, name) =>
          withShelf(async (shelf) => {
            found(shelf, name);
            return told(output, await shelf.setStatus(name, status, 'person', reason ?? `a person said ${words.split(' ')[0]}`));
          }),
        ),
      );
  }
}

const withShelf = (work: (shelf: SkillRegistry, world: World) => Promise<number>): Promise<number> =>
  inBareWorld(async (world) => work(await world.skills(), world));

function found(shelf: SkillRegistry, name: string): SkillRecord {
  const skill = shelf.show(name);
  if (skill) return skill;
  throw new CommandRefusal(
    EXIT.nothing,
    'VIV_SKILL_NOT_FOUND',
    `There is no skill ${name}`,
    'List them with: pnpm worker skill list',
  );
}

function list(output: Output, shelf: SkillRegistry): number {
  for (const skill of shelf.list()) {
    const { uses, useful, model_calls_avoided } = skill.counters;
    const counts = `${uses} uses, ${useful} useful, ${model_calls_avoided} model calls avoided`;
    output.result(line(skill), flat`${skill.name} ${skill.version}  ${skill.kind}  ${skill.status}  ${counts}`);
  }
  for (const finding of shelf.findings()) output.say(flat`${finding.file}: ${finding.reason}`);
  return EXIT.done;
}

function show(output: Output, skill: SkillRecord): number {
  const reason = skill.last_reason === undefined ? [] : [flat`because: ${skill.last_reason}`];
  const words = [
    flat`${skill.name} ${skill.version}: ${skill.status}, ${skill.kind}, by ${skill.origin}`,
    ...reason,
    skill.description,
    '',
    skill.body,
  ];
  output.result({ ...line(skill), body: skill.body, file: skill.file, provenance: skill.provenance ?? null }, words.join('\n'));
  return EXIT.done;
}

/** A folder as it is given, else the skill of that name, readable or not. */
function placeOf(skill: string, shelf: SkillRegistry, paths: World['paths']): string {
  if (fileExists(join(skill, 'SKILL.md'))) return skill;
  return shelf.show(skill)?.folder ?? (/^[\w-]+$/.test(skill) ? join(paths.skills, skill) : skill);
}

function validate(output: Output, folder: string): number {
  const read = readSkill(folder);
  if (read.kind === 'skill') {
    const { name, version, kind } = read.skill.manifest;
    output.result({ valid: true, name, version, kind }, `${name} ${version} is a valid ${kind} skill`);
    return EXIT.done;
  }
  const lines = read.findings.map(({ file, line: at, field, reason }) =>
    [file, at, field, reason].filter((part) => part !== undefined).join(': '),
  );
  output.result({ valid: false, findings: read.findings }, lines.join('\n'));
  return EXIT.failed;
}

function told(output: Output, skill: SkillRecord): number {
  output.result(line(skill), `${skill.name} ${skill.version} is ${skill.status}`);
  return EXIT.done;
}

const line = ({ name, version, kind, status, origin, description, counters, shipped, last_reason }: SkillRecord) => ({
  id: name,
  name,
  version,
  kind,
  status,
  origin,
  shipped,
  description,
  counters,
  ...(last_reason === undefined ? {} : { last_reason }),
});
