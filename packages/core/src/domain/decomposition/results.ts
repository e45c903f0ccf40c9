/** What one step of a breakdown came to. */
export interface StepResult {
  readonly id: string;
  readonly status: string;
  readonly prompt: string;
  readonly output: string;
  readonly reason?: string;
}

/**
 * The block of results a parent gets when its steps are done. `fence` marks a text of another author and keeps it from
 * commanding anything. Each output is kept up to `maxChars`.
 */
export function resultsBlock(
  results: readonly StepResult[],
  fence: (origin: string, text: string, maxChars: number) => string,
  maxChars = 24_000,
): string {
  const each = results.map(
    ({ id, prompt, output }, index) => `### Step ${index + 1}: ${oneLine(prompt)}\n${fence(`result of ${id}`, output, maxChars)}`,
  );
  return [
    '## RESULTS OF THE STEPS',
    'The request below was done in steps. Put their results together into one answer that does the whole of it; leave out nothing that a step found.',
    ...each,
  ].join('\n\n');
}

/** Why a parent cannot go on, naming each step that did not succeed; undefined when none failed. */
export function failedSteps(results: readonly Pick<StepResult, 'id' | 'status' | 'prompt' | 'reason'>[]): string | undefined {
  const failed = results.filter(({ status }) => ['failed', 'safety_blocked', 'blocked', 'rejected'].includes(status));
  if (failed.length === 0) return undefined;
  return failed
    .map(({ id, status, prompt, reason }) => `step ${id} (${oneLine(prompt)}) is ${status}${reason ? `: ${reason}` : ''}`)
    .join('; ');
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
