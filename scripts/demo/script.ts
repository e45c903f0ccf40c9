import { callsTools, type ModelHandler, type ModelReply, type ModelRequest, stepOf, toolResults } from '@vivarium/core/testing';

/** What the script says to one call that it knows. */
interface Line {
  /** Words of the prompt. */
  readonly when: string;
  readonly say: (request: ModelRequest) => ModelReply | string;
  /** The critic's answer about it; approval when it is left out. */
  readonly judge?: (request: ModelRequest) => string;
}

const verdict = (word: string, confidence: number, issues: readonly string[] = [], suggestions: readonly string[] = []) =>
  JSON.stringify({ verdict: word, confidence, issues, suggestions });
const everythingSaid = ({ body }: ModelRequest) => JSON.stringify(body['messages'] ?? '');

const LOG = `# Who holds a task

Every worker **appends what it intends** and then reads the log up to its own line.

| Step | What happens |
| --- | --- |
| append | one line, one write |
| read back | lines of others come first or after |
| decide | the first claim counts, both workers know it |

\`\`\`ts
const [claim] = await store.claim({ worker_id, limit: 1, assign });
\`\`\`

Source: storage-files/src/log/shared-log.ts and core/src/domain/task/transitions.ts.
`;

const PATCH = `diff --git a/timers.ts b/timers.ts
--- a/timers.ts
+++ b/timers.ts
@@ -12,5 +12,6 @@ export class Timers {
   fire(id: string): void {
-    this.#due.get(id)?.();
+    const due = this.#due.get(id);
     this.#due.delete(id);
+    due?.();
   }
`;

const NOTE = 'This week the log starts faster and the panel says why a task waits.';
const MEMO = `# The shelf

- **runtime-map**: the runtime on one page
- **one-shelf**: why the guides belong together

Whoever adds a guide adds its line here.
`;

const LINES: readonly Line[] = [
  { when: 'Retell the shared log', say: () => ({ hang: true }) },
  {
    when: 'decides who holds a task',
    say: () => LOG,
    judge: () => verdict('MINOR_ISSUES', 0.93, ['The table skips what a torn line does'], ['Add one row for it']),
  },
  {
    when: 'Write the release note',
    say: (request) =>
      everythingSaid(request).includes('no file')
        ? `${NOTE}\n\nFiles: storage-files/src/log/snapshot.ts, control-panel/web/src/pages/task/facts.tsx.`
        : NOTE,
    judge: (request) =>
      everythingSaid(request).includes('snapshot.ts')
        ? verdict('APPROVE', 0.95)
        : verdict('REJECT', 0.9, ['The note names no file behind its claims'], ['Name the files that changed']),
  },
  {
    when: 'guide to the shelf',
    say: (request) =>
      inSteps(request, [
        ['write_document', { path: 'library/community_library/swarm_docs/shelf-guide.md', content: MEMO, mode: 'create' }],
        ['post_message', { room: 'discoveries', content: 'The shelf has a guide of its own, beside the map.' }],
        ['remember', { content: 'A guide needs one line for each document, and an owner.' }],
      ]) ?? `${MEMO}\nIt belongs with the runtime map.`,
  },
  {
    when: 'Propose what to do next',
    say: (request) =>
      inSteps(request, [
        ['propose_task', { id: 'witness-list', prompt: 'List the claims in the guides that have no witness', max_budget: 0.02 }],
        ['propose_task', { id: 'glossary-words', prompt: 'Add the five words that the glossary lacks', max_budget: 0.02 }],
        ['message_human', { type: 'question', content: 'Which of the two is more pressing for you, witnesses or words?' }],
      ]) ?? 'Two things seem due: a list of claims without a witness, and five words for the glossary. Both are small.',
  },
  { when: 'unified diff', say: () => PATCH },
  { when: 'health of the world as JSON', say: () => JSON.stringify({ state: 'well', open: 4, oldest_hold: 'house-rules' }) },
  {
    when: 'rules of the house',
    say: () => 'Say what would show that you are done. Name your sources. Leave the shelf as you would like to find it.',
    judge: () => 'That is a matter of taste, and I give no verdict on taste.',
  },
  {
    when: 'tea break',
    say: ({ index }) => `Everybody stops at four and is back at a quarter past, variant ${index}.`,
    judge: () => verdict('REJECT', 0.9, ['It does not say who looks after running work'], ['Name one who stays']),
  },
];

/** The answers of the demo's model: known lines for known prompts, a short text that says what it is for all others. */
export const scripted: ModelHandler = (request) => {
  const judged = request.schemaName === 'critic_verdict';
  const said = judged ? everythingSaid(request) : request.prompt;
  const line = LINES.find(({ when }) => said.includes(when));
  if (judged) return paced(line?.judge?.(request) ?? verdict('APPROVE', 0.95));
  if (request.schemaName === 'task_breakdown') return paced(JSON.stringify({ subtasks: [] }));
  const text = `A scripted answer; no model was asked. The request was: ${request.prompt.slice(-300)}`;
  return paced(line?.say(request) ?? text);
};

/** Answers take a moment, as they do from a model. */
function paced(answer: ModelReply | string): ModelReply {
  const reply = typeof answer === 'string' ? { text: answer } : answer;
  return { delayMs: 600, ...reply };
}

/** One call of a tool a step, while there are any; undefined when all were made. */
function inSteps(request: ModelRequest, calls: readonly (readonly [string, object])[]): ModelReply | undefined {
  const call = request.body['tools'] && toolResults(request).length < calls.length ? calls[stepOf(request)] : undefined;
  return call && callsTools(call);
}
