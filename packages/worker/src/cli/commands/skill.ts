import { join } from 'node:path';
import {
  fileExists,
  type OperationName,
  SkillNotFoundError,
  type SkillRecord,
  type SkillRegistry,
  type World,
} from '@vivarium/core';
import { readSkill } from '@vivarium/world';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat } from '../shape.ts';
import { inBareWorld } from '../world.ts';

const MOVES = [
  ['promote', 'skill_promote', 'let a skill be used from now on'],
  ['quarantine', 'skill_quarantine', 'use a skill no more, until somebody promotes it'],
  ['retire', 'skill_retire', 'take a skill out for good'],
] as const satisfies readonly (readonly [string, OperationName, string])[];

/** skill: the skills as they stand, and what a person decides about them. */
export function addSkill(program: Command, door: Door): void {
  const skill = program.command('skill').description('list, add and judge skills');
  addLooking(skill, door);
  const add = skill.command('add <folder>').description('copy a skill into the library, as a candidate');
  door.does(add, 'skill_add', { input: (_options, folder: string) => ({ folder }), show: told });
  for (const [word, operation, about] of MOVES) {
    const move = skill.command(`${word} <name>`).description(about).option('--reason <text>', 'why');
    door.does(move, operation, {
      input: ({ reason }: { reason?: string }, name: string) => ({ name, reason }),
      show: told,
    });
  }
}

function addLooking(skill: Command, door: Door): void {
  const all = skill.command('list').description('every skill, with its status and what its uses have shown');
  door.asks<[]>(all, 'list_skills', (output) => inBareWorld(async (world) => list(output, await world.skills())));
  const one = skill.command('show <name>').description('one skill: its file, its way and its uses');
  door.asks<[string]>(one, 'show_skill', (output, _options, name) =>
    inBareWorld(async (world) => show(output, found(await world.skills(), name))),
  );
  const check = skill
    .command('validate <folder-or-name>')
    .description('check a SKILL.md and everything beside it; changes nothing');
  door.asks<[string]>(check, 'validate_skill', (output, _options, skill) =>
    inBareWorld(async (world) => validate(output, placeOf(skill, await world.skills(), world.paths))),
  );
}

function found(shelf: SkillRegistry, name: string): SkillRecord {
  const skill = shelf.show(name);
  if (skill) return skill;
  throw new SkillNotFoundError(name);
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

async function told({ output, world, answer: { name } }: { output: Output; world: World; answer: { name: string } }) {
  const skill = found(await world.skills(), name);
  output.result(line(skill), `${skill.name} ${skill.version} is ${skill.status}`);
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
