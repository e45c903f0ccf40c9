import type { ResidentProfile, SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, oneLine } from '../shape.ts';
import { inSociety, residentIn, wordList } from '../society.ts';

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
export function addResident(program: Command, door: Door): void {
  const resident = program.command('resident').description('who lives here');
  addLooking(resident, door);
  const create = resident
    .command('create <name>')
    .description('bring a resident to life; refused when it is too much like another')
    .option('--summary <text>', 'what it does and cares about')
    .option('--statement <text>', 'in its own words')
    .option('--traits <words>', 'comma-separated', wordList)
    .option('--values <words>', 'comma-separated', wordList)
    .option('--activities <words>', 'what it likes to do, comma-separated', wordList);
  door.does(create, 'create_identity', {
    input: (options: CreateOptions, name: string) => ({
      name,
      summary: options.summary ?? '',
      identity_statement: options.statement ?? '',
      personality_traits: options.traits ?? [],
      core_values: options.values ?? [],
      preferred_activities: options.activities ?? [],
    }),
    show: ({ output, input: { name }, answer: { identity_id: id } }) =>
      output.result({ id, name }, `${name} lives here now: ${id}`),
  });
  const doubt = resident
    .command('doubt <id> <memory>')
    .description('let a memory weigh half as much from now on')
    .requiredOption('--because <text>', 'what speaks against it')
    .option('--harmful', 'it did harm: it never comes to mind again');
  door.does(doubt, 'doubt_memory', {
    input: ({ because, harmful }: DoubtOptions, identity_id: string, memory_id: string) => {
      const verdict = harmful ? ('harmful' as const) : ('contradicted' as const);
      return { identity_id, memory_id, verdict, because };
    },
    show: async ({ output, world, input: { identity_id, memory_id, verdict } }) => {
      const { weight } =
        (await world.society()).world.society.memories.get(identity_id)?.find(({ id }) => id === memory_id) ?? {};
      output.result({ identity_id, memory_id, verdict, weight }, `${memory_id} weighs ${String(weight)} now`);
    },
  });
}

function addLooking(resident: Command, door: Door): void {
  const all = resident.command('list').description('every resident with their tokens');
  door.asks<[]>(all, 'list_residents', (output) => inSociety((society) => list(society, output)));
  const one = resident.command('show <id>').description('one resident, whole');
  door.asks<[string]>(one, 'show_resident', (output, _options, id) => inSociety((society) => show(society, output, id)));
  const kept = resident.command('memories <id>').description('what a resident keeps, the newest first');
  door.asks<[string]>(kept, 'list_memories', (output, _options, id) => inSociety((society) => memories(society, output, id)));
}

async function memories(society: SocietyStore, output: Output, id: string): Promise<number> {
  residentIn(society, id);
  const kept = [...(society.world.society.memories.get(id) ?? [])].reverse();
  if (kept.length === 0) output.say('it keeps no memory yet; judged tasks leave one');
  for (const memory of kept)
    output.result(memory, `${memory.id}  day ${memory.day}  weight ${memory.weight}  ${oneLine(memory.content, 100)}`);
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

function rowOf(society: SocietyStore, { identity, person, level, success_rate, guild_id }: ResidentProfile) {
  const { tokens, journal_tokens } = society.wallet(identity.id);
  const { sessions, days, trust, tasks_completed, tasks_failed } = person;
  const { id, name, summary } = identity;
  const work = { sessions, days, trust, tasks_completed, tasks_failed, task_success_rate: success_rate };
  return { id, name, summary, level, ...work, tokens, journal_tokens, guild_id: guild_id ?? null };
}
