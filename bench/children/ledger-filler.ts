/** Write a ledger of so many entries, made by the society's own rules: rewards, outcomes, memories, gifts, journals, tips. */
import { ACTIONS, actorOf, applyLedger, emptyLedger, entryOf, type Identity, workspacePaths } from '@vivarium/core';
import { openSharedLog } from '@vivarium/storage-files';
import { done, ready } from './signal.ts';

const [folder = '', wanted = '0'] = process.argv.slice(2);
const PEOPLE = 50;
const person = (id: string): Identity => ({
  id,
  name: id,
  summary: '',
  attributes: { core: { personality_traits: [], core_values: [], identity_statement: '' } },
});
const identities = new Map(Array.from({ length: PEOPLE }, (_, n) => [`resident_${n}`, person(`resident_${n}`)]));
const people = [...identities.keys()];
const fold = emptyLedger();
const paths = workspacePaths(folder);
const log = await openSharedLog<object>({ file: paths.tokenLedger, parse: (value) => Object(value), onRecord: () => undefined });
const entries: object[] = [];
const BEGAN = Date.UTC(2026, 10, 1);

function add(entry: Parameters<typeof applyLedger>[1]): void {
  if (applyLedger(fold, entry, entries.length) === 'counted') entries.push(entry);
}

/** One act out of ten kinds, in the mix of a busy world: mostly work and what follows it. */
function next(n: number): void {
  const who = people[n % PEOPLE] ?? '';
  const other = people[(n * 7 + 1) % PEOPLE] ?? '';
  const timestamp = new Date(BEGAN + n * 900).toISOString();
  const act = (actor: string, action: string, args: object) => {
    const { kind } = actorOf(actor);
    const context = { actor, kind, now: timestamp, key: `act:${actor}:task-${n}#1/1.0#0` } as const;
    const world = { ...fold, identities };
    const decision = ACTIONS.get(action)?.run(world, args, context);
    const entry = decision?.ok ? entryOf(decision, context, action, world) : undefined;
    if (entry) add({ timestamp, ...entry });
  };
  const task_id = `task-${n}`;
  const about = { budget_used: 0.0123, max_budget: 0.1, review_confidence: 0.95 };
  act('runtime', 'reward_task', { task_id, identity_id: who, tokens: 1 + (n % 10), ...about });
  act('runtime', 'record_outcome', {
    identity_id: who,
    task_id,
    verdict: 'approved',
    quality: 0.95,
    topics: ['prose'],
    cost_usd: 0.01,
  });
  if (n % 2 === 0)
    act('runtime', 'learn', {
      identity_id: who,
      task_id,
      content: `Task ${task_id}: my work was approved by the critic.`,
      outcome: 'worked',
    });
  if (n % 3 === 0) act(who, 'gift_tokens', { identity_id: other, amount: 1 + (n % 9) });
  if (n % 50 === 0) act(who, 'write_journal', { content: 'I learned something about patterns today.' });
  if (n % 20 === 0) act('runtime', 'wake', { identity_id: who, resident_id: `r${n}`, cycle_id: n });
}

await ready();
const count = Number(wanted);
for (let n = 0, written = 0; written < count; n++) {
  next(n);
  if (entries.length < 5_000 && written + entries.length < count) continue;
  const part = entries.splice(0).slice(0, count - written);
  await Promise.all(part.map((entry) => log.append([entry])));
  written += part.length;
}
await log.close();
done({ entries: count });
