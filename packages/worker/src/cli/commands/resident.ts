import type { ResidentProfile, SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { inSociety, personDoes, residentIn, wordList } from '../society.ts';

interface CreateOptions {
  summary?: string;
  statement?: string;
  traits?: string[];
  values?: string[];
  activities?: string[];
}

interface DoubtOptions {
  because: string;
  harmful?: boolean;
}

/** resident list, show, create, memories and doubt: who lives here. */
export function addResident(program: Command, act: Act): void {
  const resident = program.command('resident').description('who lives here');
  withOutput(resident.command('list').description('every resident with their tokens')).action(
    act<[]>((output) => inSociety((society) => list(society, output))),
  );
  withOutput(resident.command('show <id>').description('one resident, whole')).action(
    act<[string]>((output, _options, id) => inSociety((society) => show(society, output, id))),
  );
  withOutput(resident.command('create <name>').description('bring a resident to life; refused when it is too much like another'))
    .option('--summary <text>', 'what it does and cares about')
    .option('--statement <text>', 'in its own words')
    .option('--traits <words>', 'comma-separated', wordList)
    .option('--values <words>', 'comma-separated', wordList)
    .option('--activities <words>', 'what it likes to do, comma-separated', wordList)
    .action(
      act<[string], CreateOptions>((output, options, name) => inSociety((society) => create(society, output, name, options))),
    );
  withOutput(resident.command('memories <id>').description('what a resident keeps, the newest first')).action(
    act<[string]>((output, _options, id) => inSociety((society) => memories(society, output, id))),
  );
  withOutput(resident.command('doubt <id> <memory>').description('let a memory weigh half as much from now on'))
    .requiredOption('--because <text>', 'what speaks against it')
    .option('--harmful', 'it did harm: it never comes to mind again')
    .action(
      act<[string, string], DoubtOptions>((output, options, id, memory) =>
        inSociety((society) => doubt(society, output, { identity_id: id, memory_id: memory }, options)),
      ),
    );
}

async function memories(society: SocietyStore, output: Output, id: string): Promise<number> {
  residentIn(society, id);
  const kept = [...(society.world.society.memories.get(id) ?? [])].reverse();
  if (kept.length === 0) output.say('it keeps no memory yet; judged tasks leave one');
  for (const memory of kept)
    output.result(memory, `${memory.id}  day ${memory.day}  weight ${memory.weight}  ${oneLine(memory.content, 100)}`);
  return EXIT.done;
}

async function doubt(
  society: SocietyStore,
  output: Output,
  which: { identity_id: string; memory_id: string },
  { because, harmful }: DoubtOptions,
): Promise<number> {
  const verdict = harmful ? 'harmful' : 'contradicted';
  await personDoes(society, 'doubt_memory', { ...which, verdict, because });
  const { weight } = society.world.society.memories.get(which.identity_id)?.find(({ id }) => id === which.memory_id) ?? {};
  output.result({ ...which, verdict, weight }, `${which.memory_id} weighs ${String(weight)} now`);
  return EXIT.done;
}

async function list(society: SocietyStore, output: Output): Promise<number> {
  const all = society.identities();
  if (all.length === 0) output.say('nobody lives here yet; the first worker brings the starters: pnpm worker run');
  for (const { id } of all) {
    const row = rowOf(society, residentIn(society, id));
    output.result(row, flat`${id}  ${row.name}  level ${row.level}  ${row.tokens}+${row.journal_tokens} tokens`);
  }
  return EXIT.done;
}

async function show(society: SocietyStore, output: Output, id: string): Promise<number> {
  const profile = residentIn(society, id);
  const row = rowOf(society, profile);
  const { core } = profile.identity.attributes;
  const text = [
    flat`${row.name} (${id})${row.summary ? `: ${row.summary}` : ''}`,
    ...(core.identity_statement ? [flat`  "${core.identity_statement}"`] : []),
    `  level ${row.level}, ${row.sessions} sessions, ${row.days} days; trust ${row.trust}`,
    `  ${row.tasks_completed} tasks approved, ${row.tasks_failed} failed (${row.task_success_rate} %)`,
    `  ${row.tokens} tokens, ${row.journal_tokens} journal tokens${row.guild_id ? `; guild ${row.guild_id}` : ''}`,
  ];
  output.result({ ...profile.identity, ...row }, text.join('\n'));
  return EXIT.done;
}

async function create(society: SocietyStore, output: Output, name: string, options: CreateOptions): Promise<number> {
  const { identity_id } = await personDoes(society, 'create_identity', {
    name,
    summary: options.summary ?? '',
    identity_statement: options.statement ?? '',
    personality_traits: options.traits ?? [],
    core_values: options.values ?? [],
    preferred_activities: options.activities ?? [],
  });
  output.result({ id: identity_id, name }, `${name} lives here now: ${String(identity_id)}`);
  return EXIT.done;
}

function rowOf(society: SocietyStore, { identity, person, level, success_rate, guild_id }: ResidentProfile) {
  const { tokens, journal_tokens } = society.wallet(identity.id);
  const { sessions, days, trust, tasks_completed, tasks_failed } = person;
  const { id, name, summary } = identity;
  const work = { sessions, days, trust, tasks_completed, tasks_failed, task_success_rate: success_rate };
  return { id, name, summary, level, ...work, tokens, journal_tokens, guild_id: guild_id ?? null };
}
