import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  applyToken,
  codeOf,
  emptyTokenFold,
  parseTokenRecord,
  type TokenFold,
  type TokenRecord,
  walletAccount,
} from '@vivarium/core';
import { z } from 'zod';
import { listSegments } from '../log/segments.ts';
import { readTail, type TailLine } from '../log/tail.ts';

export type LedgerVerdict =
  | { readonly ok: true; readonly entries: number; readonly balances: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly entries: number; readonly difference: string };

/** Balances as the wallet file shows them. */
type Shown = ReadonlyMap<string, number>;

/**
 * Recompute every balance from the ledger's own lines, without snapshot or memory, and hold them against the published
 * wallets. A view may lag, so it is right when it shows the balances as they stood after any entry. Names the first
 * difference: a changed or foreign line by file and line, a wallet by its account and both amounts.
 */
export function verifyLedger(file: string): LedgerVerdict {
  const fold = emptyTokenFold();
  const shown = readWallets(join(dirname(file), 'free_time_balances.json'));
  if (typeof shown === 'string') return { ok: false, entries: 0, difference: shown };
  const compare = shown && comparison(shown);
  let entries = 0;
  for (const line of ledgerLines(file)) {
    if (typeof line === 'string') return { ok: false, entries, difference: line };
    if (applyToken(fold, line.record, entries) !== 'counted') continue;
    entries += 1;
    compare?.after(fold, line.record);
  }
  const difference = compare?.difference(fold);
  return difference === undefined ? { ok: true, entries, balances: fold.balances } : { ok: false, entries, difference };
}

/** Keeps count of the accounts that differ while the ledger is folded; none left means the view once was right. */
function comparison(shown: Shown) {
  const differing = new Set([...shown].flatMap(([account, balance]) => (balance === 0 ? [] : [account])));
  let matched = differing.size === 0;
  return {
    after(fold: TokenFold, record: TokenRecord) {
      for (const { account } of record.postings) {
        if (!account.startsWith('wallet:')) continue;
        if ((fold.balances.get(account) ?? 0) === (shown.get(account) ?? 0)) differing.delete(account);
        else differing.add(account);
      }
      matched ||= differing.size === 0;
    },
    difference(fold: TokenFold): string | undefined {
      const [account] = [...differing].sort();
      if (matched || account === undefined) return undefined;
      const [there, here] = [shown.get(account) ?? 0, fold.balances.get(account) ?? 0];
      return `free_time_balances.json shows ${there} tokens in ${account}; the ledger's entries add up to ${here}`;
    },
  };
}

/** Every record in order; a text instead where a line cannot be trusted. An unfinished line was never acknowledged: skipped. */
function* ledgerLines(file: string): Generator<{ record: TokenRecord } | string> {
  for (const segment of segmentsOf(file)) {
    const bytes = readFileSync(segment);
    const { lines, bad } = readTail(bytes, 0);
    const broken = bad.find(({ reason }) => reason !== 'torn');
    for (const line of lines) {
      const { offset } = line;
      if (broken && broken.line_start < offset) break;
      const record = parseQuietly(line);
      if (!record) {
        yield `${basename(segment)} line ${lineNumber(bytes, offset)}: is not a booking`;
        return;
      }
      yield { record };
    }
    if (broken) {
      const what = broken.reason === 'checksum' ? 'was changed after it was written' : 'was not written by Vivarium';
      yield `${basename(segment)} line ${lineNumber(bytes, broken.line_start)}: ${what}`;
      return;
    }
  }
}

function segmentsOf(file: string): readonly string[] {
  try {
    statSync(dirname(file));
    return listSegments(file).map((segment) => segment.file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function parseQuietly(line: TailLine): TokenRecord | undefined {
  try {
    return parseTokenRecord(line.value);
  } catch {
    return undefined;
  }
}

function lineNumber(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < offset; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
}

const Wallets = z.record(z.string(), z.looseObject({ tokens: z.number().default(0), journal_tokens: z.number().default(0) }));

/** Undefined when there is no view; a text when there is one that does not read. */
function readWallets(file: string): Shown | undefined | string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const rows = Object.entries(Wallets.parse(JSON.parse(text)));
    return new Map(
      rows.flatMap(([id, row]): [string, number][] => [
        [walletAccount(id, 'free'), row.tokens],
        [walletAccount(id, 'journal'), row.journal_tokens],
      ]),
    );
  } catch {
    return `${basename(file)} does not read; delete it, the next booking writes it anew`;
  }
}
