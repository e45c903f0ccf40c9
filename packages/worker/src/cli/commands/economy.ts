import {
  type Identity,
  loadIdentities,
  openTokenLedger,
  systemClock,
  verifyLedger,
  walletAccount,
  workspacePaths,
} from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import { CommandRefusal, type Output } from '../output.ts';
import { readConfig } from '../world.ts';

/** ledger verify, wallet show, resident list and show: the residents and what they own. */
export function addEconomy(program: Command, act: Act): void {
  const ledger = program.command('ledger').description('the double-entry record of all tokens');
  withOutput(ledger.command('verify').description('recompute every balance; names the first difference')).action(
    act<[]>((output) => verify(output)),
  );
  const wallet = program.command('wallet').description('what a resident owns');
  withOutput(wallet.command('show <id>').description("a resident's tokens")).action(
    act<[string]>((output, _options, id) => showWallet(output, id)),
  );
  const resident = program.command('resident').description('who lives here');
  withOutput(resident.command('list').description('every resident with their tokens')).action(
    act<[]>((output) => listResidents(output)),
  );
  withOutput(resident.command('show <id>').description('one resident, whole')).action(
    act<[string]>((output, _options, id) => showResident(output, id)),
  );
}

async function verify(output: Output): Promise<number> {
  const paths = workspacePaths(readConfig().workspace);
  const verdict = verifyLedger(paths.tokenLedger);
  if (!verdict.ok) {
    output.result(
      { ok: false, entries: verdict.entries, difference: verdict.difference },
      `the ledger differs: ${verdict.difference}`,
    );
    return EXIT.failed;
  }
  const balances = Object.fromEntries(verdict.balances);
  output.result(
    { ok: true, entries: verdict.entries, balances },
    `the ledger holds: ${verdict.entries} entries, every balance recomputes`,
  );
  return EXIT.done;
}

async function showWallet(output: Output, id: string): Promise<number> {
  const [resident, tokens] = await Promise.all([find(id), holdings()]);
  const wallet = tokens(resident.id);
  output.result(
    { identity_id: id, name: resident.name, ...wallet },
    `${resident.name} (${id}): ${wallet.tokens} tokens, ${wallet.journal_tokens} journal tokens`,
  );
  return EXIT.done;
}

async function listResidents(output: Output): Promise<number> {
  const [all, tokens] = await Promise.all([residents(), holdings()]);
  if (all.length === 0) output.say('nobody lives here yet; the first worker brings the starters: pnpm worker run');
  for (const { id, name, summary } of all) {
    const wallet = tokens(id);
    output.result({ id, name, summary, ...wallet }, `${id}  ${name}  ${wallet.tokens}+${wallet.journal_tokens} tokens`);
  }
  return EXIT.done;
}

async function showResident(output: Output, id: string): Promise<number> {
  const [resident, tokens] = await Promise.all([find(id), holdings()]);
  output.result({ ...resident, ...tokens(id) }, JSON.stringify(resident, null, 2));
  return EXIT.done;
}

const residents = (): Promise<readonly Identity[]> => loadIdentities(workspacePaths(readConfig().workspace));

async function find(id: string): Promise<Identity> {
  const found = (await residents()).find((resident) => resident.id === id);
  if (found) return found;
  throw new CommandRefusal(
    EXIT.nothing,
    'VIV_RESIDENT_NOT_FOUND',
    `No resident has the id ${id}`,
    'List them: pnpm worker resident list',
  );
}

async function holdings() {
  const ledger = await openTokenLedger({ paths: workspacePaths(readConfig().workspace), clock: systemClock });
  const balances = new Map(ledger.balances());
  await ledger.close();
  return (id: string) => ({
    tokens: balances.get(walletAccount(id, 'free')) ?? 0,
    journal_tokens: balances.get(walletAccount(id, 'journal')) ?? 0,
  });
}
