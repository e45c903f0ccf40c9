import { join } from 'node:path';
import { ActionEntry, inertCss, inertHtml, type ResidentProfile } from '@vivarium/core';
import { tailText } from '../files/rooms.ts';
import { displayOf } from '../projections/identities.ts';
import type { ProfileView, WorkDay } from '../protocol/residents.ts';
import type { TaskRow } from '../protocol/tasks.ts';
import { namesIn } from '../world/names.ts';
import type { World } from '../world/world.ts';
import { disputesOf } from './disputes.ts';
import { actSentence } from './lines.ts';

const RECENT = 5;
const JOURNALS = 10;
const ACTIONS = 20;
const LOOKED_AT = 200;
const CHATS = 20;
const PREVIEW_CHARS = 200;
/** How many of the newest tasks are looked through for those of one resident. */
const TASKS_LOOKED_AT = 2000;
const TASKS = 50;

/** A resident as the person sees it; undefined when nobody has the id. Private journals are not in it. */
export async function profileOf(world: World, id: string): Promise<ProfileView | undefined> {
  await world.society.refresh();
  const found = world.society.profile(id);
  if (found === undefined) return undefined;
  const tasks = tasksOf(world, id);
  return {
    ...documented(found),
    journals: await journalsOf(world, id),
    recent_actions: await actionsOf(world, id),
    chat_history: chatsOf(world, id),
    ...standing(world, found),
    ...memoriesOf(world, id),
    disputes: disputesOf(world).filter(({ requester_id, participants }) => requester_id === id || participants.includes(id)),
    tasks: tasks.slice(0, TASKS),
    trend: trendOf(tasks),
  };
}

function documented({ identity, person, level, success_rate, respec_cost }: ResidentProfile) {
  const { core } = identity.attributes;
  const style = core['communication_style'];
  return {
    identity_id: identity.id,
    name: identity.name,
    created_at: identity.created_at ?? null,
    sessions: person.sessions,
    tasks_completed: person.tasks_completed,
    tasks_failed: person.tasks_failed,
    task_success_rate: success_rate,
    ...{ level, respec_cost },
    profile: shownProfile(identity),
    core_summary: {
      traits: core.personality_traits,
      values: core.core_values,
      identity_statement: core.identity_statement,
      communication_style: typeof style === 'string' ? style : '',
    },
    mutable: objectIn(identity.attributes['mutable']),
    expertise: Object.fromEntries([...person.expertise].sort((a, b) => b[1] - a[1])),
    summary: identity.summary,
  };
}

/** A resident's own page: its HTML and CSS with nothing left in them that could act. */
function shownProfile(identity: ResidentProfile['identity']): ProfileView['profile'] {
  const { custom_html, custom_css } = objectIn(identity.attributes['profile']);
  const display = displayOf(identity);
  return {
    ...(display === undefined ? {} : { display }),
    ...(typeof custom_html === 'string' ? { custom_html: inertHtml(custom_html) } : {}),
    ...(typeof custom_css === 'string' ? { custom_css: inertCss(custom_css) } : {}),
  };
}

function standing(world: World, { identity, person, guild_id }: ResidentProfile) {
  const { society } = world.society.world;
  const { tokens, journal_tokens, free_time_cap, journal_cap } = world.society.wallet(identity.id);
  const guild = guild_id === undefined ? undefined : society.guilds.guilds.get(guild_id);
  const nameOf = namesIn(world);
  const relations = [...person.relations].sort((a, b) => b[1] - a[1]);
  return {
    ...{ tokens, journal_tokens, free_time_cap, journal_cap },
    days: person.days,
    trust: person.trust,
    declined: person.declined,
    awake: person.awake !== undefined,
    hat: person.hat ?? null,
    guild: guild ? { id: guild.id, name: guild.name, founder: guild.founder === identity.id } : null,
    suspended: Object.fromEntries(person.suspended),
    badges: person.badges,
    edits: [...person.edits].reverse(),
    relationships: relations.slice(0, TASKS).map(([id, times]) => ({ id, name: nameOf(id), times })),
  };
}

function memoriesOf(world: World, id: string): Pick<ProfileView, 'recent_memories' | 'memories' | 'skills'> {
  const held = [...(world.society.world.society.memories.get(id) ?? [])].reverse();
  const skills = new Map<string, number>();
  for (const { provenance } of held) if (provenance.skill) skills.set(provenance.skill, (skills.get(provenance.skill) ?? 0) + 1);
  return {
    recent_memories: held.slice(0, RECENT).map(({ content }) => content),
    memories: held.slice(0, TASKS).map(({ about, provenance, identity_id: _, ...memory }) => ({
      ...memory,
      about: about ?? null,
      source: provenance.source,
      task_id: provenance.task_id ?? null,
      skill: provenance.skill ?? null,
      outcome: provenance.outcome ?? null,
    })),
    skills: [...skills].map(([name, times]) => ({ name, times })).sort((a, b) => b.times - a.times),
  };
}

/** Journals that were written for others. */
async function journalsOf(world: World, id: string): Promise<ProfileView['journals']> {
  const entries = await world.society.journals(id, { limit: Number.MAX_SAFE_INTEGER });
  const own = entries.filter((entry) => entry['own'] === true && entry['status'] !== 'private').slice(0, JOURNALS);
  return own.map((entry) => {
    const content = textIn(entry, 'content');
    return {
      filename: textIn(entry, 'journal_id'),
      preview: content.length > PREVIEW_CHARS ? `${content.slice(0, PREVIEW_CHARS)}...` : content,
      modified: textIn(entry, 'created_at'),
      journal_type: textIn(entry, 'journal_type'),
      status: textIn(entry, 'status'),
    };
  });
}

async function actionsOf(world: World, id: string): Promise<ProfileView['recent_actions']> {
  const lines = ((await tailText(join(world.paths.actionLog))) ?? '').trimEnd().split('\n').slice(-LOOKED_AT);
  const entries = lines.flatMap((line) => {
    const entry = ActionEntry.safeParse(json(line));
    return entry.success && entry.data.actor === id ? [entry.data] : [];
  });
  const shown = entries.slice(-ACTIONS).reverse();
  return shown.map((entry) => {
    const { timestamp, action_type: type, action, detail } = entry;
    return { timestamp, type, action, detail, text: actSentence(entry, namesIn(world)) };
  });
}

function chatsOf(world: World, id: string): ProfileView['chat_history'] {
  const sent = [...world.society.world.society.mail.sent.values()].filter(({ from_id }) => from_id === id).slice(-CHATS);
  return sent.reverse().map(({ id: message, content, type, timestamp, answer }) => ({
    ...{ id: message, content, type, sent_at: timestamp },
    response: answer?.response ?? null,
    responded_at: answer?.responded_at ?? null,
  }));
}

function tasksOf({ store, rowOf }: World, id: string): TaskRow[] {
  store.refresh();
  const { records } = store.list({ order: 'newest', limit: TASKS_LOOKED_AT });
  const rows = records.map(rowOf).filter(({ resident }) => resident === id);
  return rows.sort((a, b) => b.updated_at.localeCompare(a.updated_at));
}

/** Success and cost by UTC day, oldest first. */
function trendOf(tasks: readonly TaskRow[]): readonly WorkDay[] {
  const days = new Map<string, { approved: number; failed: number; cost_usd: number }>();
  for (const { status, updated_at, spent_usd } of tasks) {
    const day = updated_at.slice(0, 10);
    const sum = days.get(day) ?? { approved: 0, failed: 0, cost_usd: 0 };
    if (status === 'approved' || status === 'ready_for_merge') sum.approved += 1;
    if (status === 'failed' || status === 'safety_blocked') sum.failed += 1;
    sum.cost_usd += spent_usd;
    days.set(day, sum);
  }
  return [...days].map(([day, sum]) => ({ day, ...sum })).sort((a, b) => a.day.localeCompare(b.day));
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function textIn(row: Readonly<Record<string, unknown>>, key: string): string {
  const value = row[key];
  return typeof value === 'string' ? value : '';
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
