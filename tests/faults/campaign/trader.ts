/**
 * Offers bounties and pays them, one after the other, through the society's door: every act under a key of its own, so a
 * trader that was killed begins the same bounty again and nothing happens twice. Says on stdout what the door confirmed.
 * Arguments: workspace, number of the first bounty, how many (0: until it is ended).
 */
import { actorOf, openSociety, type SocietyStore, StorageError, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';

const [folder = '', first = '0', count = '0'] = process.argv.slice(2);
const REWARD = 40;
const PAUSE_MS = 150;
/** A disk that refuses for longer than this is somebody else's to mend. */
const PATIENCE_MS = 30_000;

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let leaving = false;
process.on('SIGTERM', () => {
  leaving = true;
});

/** One act, until the door has said yes or no. */
async function act(society: SocietyStore, actor: string, action: string, args: object, key: string) {
  for (const late = performance.now() + PATIENCE_MS; ; await sleep(200)) {
    try {
      const answer = await society.ask(actorOf(actor), action, args, { execution_key: key });
      if (!answer.ok && answer.reason === 'rate_limited') {
        if (leaving) throw new Error('asked to end while it waits');
        continue;
      }
      if (answer.ok) say({ act: `act:${actor}:${key}#0`, action, ...args });
      return answer;
    } catch (cause) {
      if (!(cause instanceof StorageError) || cause.fatal || leaving || performance.now() > late) throw cause;
    }
  }
}

/** Every third is a resident's own, every fourth is taken back, every fifth is handed in twice. */
async function trade(society: SocietyStore, n: number): Promise<void> {
  const [one = 'human', two = 'human'] = society
    .identities()
    .map(({ id }) => id)
    .sort();
  const owner = n % 3 === 2 ? one : 'human';
  const offered = await act(society, owner, 'create_bounty', { title: `bounty ${n}`, reward: REWARD }, `b${n}-offer`);
  if (!offered.ok) return;
  const bounty_id = String(offered['bounty_id']);
  if (n % 4 === 3) {
    await act(society, owner, 'cancel_bounty', { bounty_id }, `b${n}-cancel`);
    return;
  }
  await act(society, two, 'claim_bounty', { bounty_id }, `b${n}-claim`);
  const description = `The work for bounty ${n}, in enough words that it counts as a contribution to what was asked for here.`;
  await act(society, two, 'submit_bounty', { bounty_id, description }, `b${n}-submit`);
  if (n % 5 === 4 && owner === 'human')
    await act(society, one, 'submit_bounty', { bounty_id, description: `${description} More of it.` }, `b${n}-more`);
  const runner_up_reward = n % 5 === 4 ? 10 : 0;
  if (runner_up_reward > 0) await act(society, owner, 'top_up_bounty', { bounty_id, amount: runner_up_reward }, `b${n}-top-up`);
  await act(society, owner, 'complete_bounty', { bounty_id, runner_up_reward }, `b${n}-pay`);
}

async function main(): Promise<void> {
  const society = await openSociety({ backend: fileBackend(workspacePaths(folder)) });
  say({ ready: true });
  const last = count === '0' ? Number.POSITIVE_INFINITY : Number(first) + Number(count);
  for (let n = Number(first); n < last && !leaving; n++) {
    await trade(society, n);
    say({ traded: n });
    await sleep(PAUSE_MS);
  }
  await society.close();
  process.exitCode = leaving ? 143 : 0;
}

process.stdin.resume().on('end', () => process.exit(3));
main().then(
  () => process.exit(),
  (cause: unknown) => {
    process.stderr.write(`${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}\n`);
    process.exit(leaving ? 143 : 1);
  },
);
