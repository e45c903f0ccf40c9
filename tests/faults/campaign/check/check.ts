import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLog, readPlainLog } from '../../kit/read-log.ts';
import type { FaultWorld } from '../../kit/world.ts';
import type { Victim } from '../injuries.ts';
import { checkAnswers } from './answers.ts';
import type { Found } from './found.ts';
import { checkLoose } from './loose.ts';
import { checkMoney } from './money.ts';
import { storiesOf } from './story.ts';
import { checkLost, checkOnce, checkStuck, checkVerified, type Said } from './tasks.ts';
import { type Confirmed, checkTokens } from './tokens.ts';

/** An error of the disk while it was full is told as one, and for a moment after. */
const AFTER_FULL_MS = 3_000;

/** Hold everything that a campaign left behind against what was promised. */
export async function checkCampaign(found: Found, victim: Victim): Promise<void> {
  const { world, crew, model } = victim;
  const { paths } = world;
  const stories = storiesOf(readLog(paths.executionLog), (task, waitsFor) =>
    found.broke('done means verified', `${task} was claimed before ${waitsFor} was approved`),
  );
  const [said] = await Promise.all([whatIsSaid(victim), checkDoctor(found, victim)]);
  checkStuck(found, stories, said);
  checkLost(found, stories, said);
  checkVerified(found, stories, model.calls);
  checkOnce(found, stories);
  checkMoney(found, readLog(paths.budgetLedger), readPlainLog(paths.apiAudit), model.calls);
  checkTokens(found, readLog(paths.tokenLedger), stories, confirmedIn(world), walletsIn(paths.walletView));
  const apis = world.lives.filter(({ role }) => role === 'api');
  checkAnswers(found, readLog(join(paths.swarm, 'executions.jsonl')), model.calls, { ...victim, apis, freezes: crew.freezes });
  checkBehaviour(found, victim);
  checkLoose(found, world);
}

/** What the product says at the end, by its command line and its own `explain`. */
async function whatIsSaid({ world, town }: Victim): Promise<Said> {
  const { child } = world.launch('worker', ['list', '--json']);
  await child.exit;
  const rows = child.lines.flatMap((line) => {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : [value];
  });
  const listed = new Map(rows.map((row: { id: string; status: string }) => [row.id, row.status]));
  const movers = await world.withStore((store) => {
    const open = [...listed].flatMap(([id, status]) => (status === 'approved' ? [] : [id]));
    return new Map(
      open.map((id) => {
        const { mover, because, action } = store.explain(id);
        return [id, { kind: mover.kind, because, action }] as const;
      }),
    );
  });
  return { told: town.told, byHand: town.byHand, listed, movers };
}

/** Acts that the door confirmed to a trader before it died. */
function confirmedIn(world: FaultWorld): Confirmed[] {
  const lines = world.lives.flatMap(({ role, child }) => (role === 'trader' ? child.lines : []));
  return lines.flatMap((line) => (line.startsWith('{"act"') ? [JSON.parse(line) as Confirmed] : []));
}

function walletsIn(file: string): Map<string, number> {
  const view = JSON.parse(readFileSync(file, 'utf8'));
  return new Map(Object.entries(view.identities ?? view).map(([id, row]) => [id, Number((row as { tokens: number }).tokens)]));
}

/** Nobody fell who was not pushed, and nothing that was sent broke anything. */
function checkBehaviour(found: Found, { crew, flood, fullDisk, town }: Victim): void {
  const whileFull = (at: number) => fullDisk.some(({ from, to }) => at >= from && at <= to + AFTER_FULL_MS);
  for (const { at, said } of crew.fallen) {
    if (whileFull(at)) found.count('processes that ended on a full disk');
    else found.broke('nothing runs loose', said);
  }
  for (const { what, at } of flood.broke) {
    if (whileFull(at)) found.count('bad input answered 5xx on a full disk');
    else found.broke('bad input is refused', what);
  }
  found.count('bad requests sent', flood.sent);
  found.count('bad requests unanswered', flood.unanswered);
  for (const [what, times] of Object.entries(town.did)) found.count(`by the person: ${what}`, times);
}

/** Every damaged log is named. */
async function checkDoctor(found: Found, { world, damaged }: Victim): Promise<void> {
  const { child } = world.launch('worker', ['doctor', '--json']);
  await child.exit;
  const said = child.lines.join('\n');
  for (const file of damaged) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    found.count('damaged logs');
    if (!said.includes(name)) found.broke('nothing is lost', `doctor does not name the damaged ${name}`);
  }
}
