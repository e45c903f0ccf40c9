import type { SocietyStore } from '@vivarium/core';
import type { Command } from 'commander';
import { type Act, withOutput } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { inSociety, personDoes, residentIn, tokens } from '../society.ts';
import { count } from '../whole-number.ts';

interface ShowOptions {
  limit?: number;
}

interface GiveOptions {
  reason: string;
}

/** wallet show, tip and share: what a resident owns, the entries that led to it, and what you give. */
export function addWallet(program: Command, act: Act): void {
  const wallet = program.command('wallet').description('what a resident owns');
  withOutput(wallet.command('show <id>').description("a resident's tokens and the last entries"))
    .option('--limit <n>', 'this many entries, newest first (20)', count)
    .action(act<[string], ShowOptions>((output, options, id) => inSociety((society) => show(society, output, id, options))));
  const giving = [
    ['tip', 'new tokens for a resident, 70 % free time and 30 % journal', 'tip'],
    ['share', 'tokens of the commons for a resident', 'grant_from_commons'],
  ] as const;
  for (const [name, about, action] of giving)
    withOutput(wallet.command(`${name}`).description(about))
      .argument('<id>')
      .argument('<tokens>', 'a whole number')
      .requiredOption('--reason <text>', 'what for')
      .action(
        act<[string, string], GiveOptions>((output, { reason }, id, amount) =>
          inSociety((society) => give(society, output, action, { identity_id: id, amount: tokens(amount), reason })),
        ),
      );
}

async function give(
  society: SocietyStore,
  output: Output,
  action: string,
  gift: { identity_id: string; amount: number; reason: string },
): Promise<number> {
  residentIn(society, gift.identity_id);
  const { amount } = await personDoes(society, action, gift);
  const { identity_id } = gift;
  output.result({ ...society.wallet(identity_id), amount }, `${identity_id} received ${String(amount)} tokens`);
  return EXIT.done;
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
