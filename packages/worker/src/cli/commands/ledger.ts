import type { WorkspacePaths } from '@vivarium/core';
import { verifyLedger } from '@vivarium/world';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { inBareWorld } from '../world.ts';

/** ledger verify: recompute every balance from the double-entry record. */
export function addLedger(program: Command, door: Door): void {
  const ledger = program.command('ledger').description('the double-entry record of all tokens');
  const command = ledger.command('verify').description('recompute every balance; names the first difference');
  door.asks<[]>(command, 'verify_ledger', (output) => inBareWorld(async ({ paths }) => verify(output, paths)));
}

function verify(output: Output, paths: WorkspacePaths): number {
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
