import { asOwner, type OutputOf, perform, RefusedError, type SocietyStore, type World } from '@vivarium/core';
import { type Command, InvalidArgumentError } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import { CommandRefusal, type Output } from '../output.ts';
import { inSociety, residentIn, tokens } from '../society.ts';
import { count } from '../whole-number.ts';
import { inBareWorld } from '../world.ts';

interface ShowOptions {
  limit?: number;
}

interface VouchOptions {
  test?: number;
  critical?: boolean;
  described?: boolean;
  bug?: boolean;
  coverage?: number;
}

/** wallet show, tip, share and vouch: what a resident owns, the entries that led to it, what you give and what you stand for. */
export function addWallet(program: Command, door: Door): void {
  const wallet = program.command('wallet').description('what a resident owns');
  const one = wallet
    .command('show <id>')
    .description("a resident's tokens and the last entries")
    .option('--limit <n>', 'this many entries, newest first (20)', count);
  door.asks<[string], ShowOptions>(one, 'show_wallet', (output, options, id) =>
    inSociety((society) => show(society, output, id, options)),
  );
  const vouching = wallet
    .command('vouch <id> <task>')
    .description('reward what you looked at yourself: tests, a fault it found, coverage')
    .option('--test <assertions>', 'it wrote tests with so many assertions: 30 tokens and 5 for each up to 50', count)
    .option('--critical', 'they cover what must not break: 25 more')
    .option('--described', 'they say what they are for: 15 more')
    .option('--bug', 'it found a fault: 75 tokens')
    .option('--coverage <points>', 'percentage points of coverage it gained: 2 tokens each', points);
  door.asks<[string, string], VouchOptions>(vouching, 'vouch', (output, options, id, task) =>
    inBareWorld((world) => vouch(world, output, { identity_id: id, task_id: task }, options)),
  );
  const giving = [
    ['tip', 'new tokens for a resident, 70 % free time and 30 % journal', 'tip'],
    ['share', 'tokens of the commons for a resident', 'grant_from_commons'],
  ] as const;
  for (const [name, about, operation] of giving) {
    const gift = wallet
      .command(name)
      .description(about)
      .argument('<id>')
      .argument('<tokens>', 'a whole number')
      .requiredOption('--reason <text>', 'what for');
    door.does(gift, operation, {
      input: ({ reason }: { reason: string }, identity_id: string, amount: string) => ({
        ...{ identity_id, amount: tokens(amount), reason },
      }),
      show: received,
    });
  }
}

async function received({ output, world, answer }: { output: Output; world: World; answer: OutputOf<'tip'> }) {
  const { identity_id, amount } = answer;
  output.result({ ...(await world.society()).wallet(identity_id), amount }, `${identity_id} received ${amount} tokens`);
}

/** The amounts or the work that was named do not fit. Nothing was paid. */
const badInput = (message: string, fix: string) => new CommandRefusal('usage', 'VIV_BAD_INPUT', message, fix);

/** Percentage points. */
function points(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number <= 0 || number > 100)
    throw new InvalidArgumentError('give percentage points, more than 0 and at most 100');
  return number;
}

/** One reward for each kind of work that was named; what was rewarded before is no obstacle to the others. */
async function vouch(
  world: World,
  output: Output,
  about: { identity_id: string; task_id: string },
  { test, critical = false, described = false, bug, coverage }: VouchOptions,
): Promise<number> {
  residentIn(await world.society(), about.identity_id);
  const works = [
    ...(test === undefined ? [] : [{ of: 'test' as const, assertions: test, critical, described }]),
    ...(bug ? [{ of: 'bug' as const }] : []),
    ...(coverage === undefined ? [] : [{ of: 'coverage' as const, points: coverage }]),
  ];
  if (works.length === 0) throw badInput('Say what for', 'Add --test, --bug or --coverage');
  if (test === undefined && (critical || described))
    throw badInput('--critical and --described speak of tests', 'Add --test <assertions>');
  let amount = 0;
  const refused: RefusedError[] = [];
  for (const work of works) {
    try {
      amount += (await perform(world, 'vouch', { ...about, ...work }, asOwner)).amount;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      refused.push(error);
    }
  }
  if (refused[0] && refused.length === works.length) throw refused[0];
  await received({ output, world, answer: { identity_id: about.identity_id, amount } });
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
