import type { SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { inSociety, residentIn } from '../society.ts';
import { count } from '../whole-number.ts';

interface ShowOptions {
  limit?: number;
}

/** wallet show: what a resident owns, and the entries that led to it. */
export function addWallet(program: Command, act: Act): void {
  const wallet = program.command('wallet').description('what a resident owns');
  withOutput(wallet.command('show <id>').description("a resident's tokens and the last entries"))
    .option('--limit <n>', 'this many entries, newest first (20)', count)
    .action(act<[string], ShowOptions>((output, options, id) => inSociety((society) => show(society, output, id, options))));
}

async function show(society: SocietyStore, output: Output, id: string, { limit = 20 }: ShowOptions): Promise<number> {
  residentIn(society, id);
  const wallet = society.wallet(id);
  const { lines } = society.walletLedger(id, { limit });
  const rows = lines.map(
    ({ timestamp, free, journal, kind, memo }) => `${timestamp}  ${signed(free)} ${signed(journal)}  ${memo || kind}`,
  );
  const head = `${wallet.name} (${id}): ${wallet.tokens} tokens, ${wallet.journal_tokens} journal tokens`;
  output.result({ ...wallet, entries: lines }, [head, ...rows].join('\n'));
  return EXIT.done;
}

const signed = (amount: number): string => (amount > 0 ? `+${amount}` : String(amount)).padStart(6);
