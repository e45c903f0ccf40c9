import { type ApiAuditLine, LINES, openAudit, openBudgetLedger } from '@vivarium/core';
import type { FakeClock } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import type { ChangeStage } from './world/changes.ts';
import { scriptChanges } from './world/invoice.ts';
import { act, type Stage, voteOnJournal } from './world/people.ts';
import { scriptSociety } from './world/society.ts';
import { approve, aTaskNamed, fail } from './world/tasks.ts';

const MINUTE_MS = 60_000;
/** How long ago the script begins; it takes about that long to play, on its own clock. */
export const PAST_MS = 265 * MINUTE_MS;

/** Work of the past hours: id, title, who did it, minutes until the next, US dollars. */
const WORK = [
  ['read-contract', 'Read the contract and list what it promises', 'wren', 11, 0.0021],
  ['index-ports', 'Index the ports and their suites', 'ash', 9, 0.0034],
  ['draw-packages', 'Draw the packages and their arrows', 'ash', 17, 0.0058],
  ['sort-errors', 'Sort the errors by disposition', 'juniper', 8, 0.0019],
  ['explain-epochs', 'Explain epochs to a newcomer', 'moss', 21, 0.0042],
  ['shelf-order', 'Put the shelf of guides in order', 'moss', 6, 0.0016],
  ['lock-names', 'Find where lock files are named', 'wren', 12, 0.0027],
  ['measure-starts', 'Compare the starts of the three programs', 'sorrel', 25, 0.0071],
  ['short-logs', 'Say which log lines nobody reads', 'juniper', 7, 0.0014],
  ['plan-week', 'Plan the week in small steps', 'sorrel', 15, 0.0039],
  ['check-links', 'Check the links between the guides', 'moss', 10, 0.0022],
  ['name-witnesses', 'Name a witness for every claim', 'juniper', 19, 0.0065],
  ['sandbox-limits', 'List the limits of the sandbox', 'wren', 9, 0.0018],
  ['glossary-gaps', 'Find words that the glossary lacks', 'ash', 14, 0.0031],
  ['rehearse-halt', 'Describe what Halt does, step by step', 'sorrel', 12, 0.0036],
] as const;

/** Four hours of a small world, played through its own doors by a clock that a script moves. */
export async function playThePast(stage: Stage & ChangeStage, clock: FakeClock): Promise<void> {
  const society: Stage['society'] = {
    ...stage.society,
    get world() {
      return stage.society.world;
    },
    ask: (...said) => {
      clock.advance(1.5 * MINUTE_MS);
      return stage.society.ask(...said);
    },
  };
  const slow = { ...stage, society };
  await scriptSociety(slow);
  await endings(slow);
  await work(stage, clock);
  await scriptChanges(stage);
}

/** What has come to its end: a bounty that is paid, a journal that was accepted, a wish of a guild. */
async function endings(stage: Stage): Promise<void> {
  const { bounty_id } = await act(stage, 'human', 'create_bounty', {
    title: 'Name every lock file in one table',
    description: 'Path, holder, what ends it.',
    reward: 40,
  });
  await act(stage, 'ash', 'submit_bounty', {
    bounty_id,
    description: 'Six rows, each with the line of code that makes the file.',
    members: ['ash', 'moss'],
  });
  await act(stage, 'human', 'complete_bounty', { bounty_id });
  const { journal_id = '' } = await act(stage, 'ash', 'write_journal', {
    content: 'A map is finished when nobody asks me the way any more. Today somebody did, so I drew one more arrow.',
    journal_type: 'reflection',
  });
  const well = ['accept', 'It says what would show that it is true'] as const;
  await voteOnJournal(stage, journal_id, [well, well, well]);
  await act(stage, 'juniper', 'wear_hat', { hat: 'Reviewer' });
  await act(stage, 'moss', 'gift_tokens', { identity_id: 'sorrel', amount: 5, note: 'For the plan that began with its end' });
}

async function work(stage: Stage, clock: FakeClock): Promise<void> {
  const { paths } = stage;
  const audit = openAudit(fileBackend(paths), LINES.apiAudit);
  const budget = await openBudgetLedger({ backend: fileBackend(paths, clock), capUsd: CAP_USD });
  for (const [id, title, resident, minutes, cost] of WORK) {
    await stage.store.add([aTaskNamed(id, { title, prompt: title, identity_id: resident })], 'person:cli');
    clock.advance(0.4 * minutes * MINUTE_MS);
    const line = call(id, resident, cost, clock);
    await budget.reserve({ call_id: line.call_id, task_id: id, amount_usd: cost * 2, minimum_usd: cost });
    await budget.settle(line.call_id, cost);
    audit.append(line);
    const summary = `${title}: done, with the file behind each claim.`;
    await approve(stage, id, resident, `# ${title}\n\n${summary}\n`, { budget_used: cost, result_summary: summary });
    clock.advance(0.6 * minutes * MINUTE_MS);
  }
  await stage.store.add([aTaskNamed('long-prompt', { prompt: 'Read every file at once' })], 'person:cli');
  await fail(stage, 'long-prompt', 'wren', 'The provider refused the request: the prompt is longer than the model takes');
  await act(stage, 'runtime', 'record_outcome', { identity_id: 'wren', task_id: 'long-prompt', verdict: 'failed' });
  await budget.close();
  audit.close();
}

/** The demo's budget, small enough that its spending can be seen against it. */
export const CAP_USD = 0.25;

function call(task_id: string, identity_id: string, cost: number, clock: FakeClock): ApiAuditLine {
  return {
    timestamp: clock.now().toISOString(),
    event: 'API_CALL_SUCCESS',
    call_id: `past-${task_id}`,
    user: 'scripted',
    task_id,
    identity_id,
    purpose: 'task',
    provider: 'groq',
    model: 'openai/gpt-oss-20b',
    attempt: 1,
    input_tokens: Math.round(cost * 8e6),
    output_tokens: Math.round(cost * 1.3e6),
    estimated_cost: cost * 2,
    cost,
    outcome: 'completed',
    duration_ms: 1900,
  };
}
