import type { ModelHandler, ModelReply, ModelRequest } from '@vivarium/core/testing';

export type Purpose = 'task' | 'critic' | 'breakdown' | 'other';

/** One call as it reached the model. `good`: it got an answer that is worth keeping, marked with `mark`. */
export interface ModelCall {
  readonly mark: string;
  readonly task: string;
  readonly purpose: Purpose;
  /** Wall clock of the campaign, milliseconds. */
  readonly at: number;
  readonly model: string;
  delay_ms: number;
  good: boolean;
  verdict?: 'APPROVE' | 'REJECT';
}

/** What a provider does when it is not well. */
export const MOODS = ['error', 'busy', 'garbage', 'cut', 'slow', 'hang'] as const;
export type Mood = (typeof MOODS)[number];
export type Manner = 'well' | 'once wrong' | 'always wrong' | 'no critic';

const MANNERS: Readonly<Record<Manner, string>> = {
  well: '',
  'once wrong': ' {first answer is wrong}',
  'always wrong': ' {every answer is wrong}',
  'no critic': ' {no critic will judge it}',
};
/** Prompts name their task, so that whoever reads one knows whose it is. */
export const promptFor = (id: string, manner: Manner = 'well') => `Write one sentence about [task ${id}]${MANNERS[manner]}.`;

const TOLD_SO = 'Your former answer to this task was rejected';
/** Of the calls that come while the provider is unwell, so many feel it. */
const SHARE = 0.7;

/** A model for a whole town: it answers by what it is asked, remembers every call, marks every answer, and has moods. */
export class TownModel {
  readonly calls: ModelCall[] = [];
  readonly #random: () => number;
  #mood: { readonly kind: Mood; readonly until: number } | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  be(kind: Mood, for_ms: number): void {
    this.#mood = { kind, until: performance.now() + for_ms };
  }

  beWell(): void {
    this.#mood = undefined;
  }

  readonly handler: ModelHandler = (request) => {
    const purpose = purposeOf(request);
    const named = purpose === 'critic' ? /answer #\d+# about \[task ([\w-]+)\]/ : /\[task ([\w-]+)\]/;
    const task = named.exec(request.prompt)?.[1] ?? '?';
    const delay_ms = 20 + this.#random() ** 3 * 2_000;
    const mark = `#${this.calls.length}#`;
    const call: ModelCall = { mark, task, purpose, at: Date.now(), model: request.model, delay_ms, good: true };
    this.calls.push(call);
    if (purpose === 'critic' && request.prompt.includes('{no critic will judge it}')) return unwell('error', call, () => ({}));
    const mood = this.#mood;
    if (mood && mood.until > performance.now() && this.#random() < SHARE)
      return unwell(mood.kind, call, () => answer(request, call));
    return { ...answer(request, call), delayMs: delay_ms };
  };
}

function purposeOf({ schemaName }: ModelRequest): Purpose {
  if (schemaName === 'critic_verdict') return 'critic';
  if (schemaName === 'task_breakdown') return 'breakdown';
  return schemaName === undefined ? 'task' : 'other';
}

function unwell(kind: Mood, call: ModelCall, well: () => ModelReply): ModelReply {
  call.good = kind === 'slow';
  switch (kind) {
    case 'slow':
      call.delay_ms += 3_000;
      return { ...well(), delayMs: call.delay_ms };
    case 'error':
      return { status: 500, text: 'out of order' };
    case 'busy':
      return { status: 429, text: 'too many', headers: { 'retry-after': '1' } };
    case 'garbage':
      return { raw: '{"choices": [{"message": {"content": "half an ans', delayMs: 30 };
    case 'cut':
      return { drop: true };
    case 'hang':
      return { hang: true };
  }
}

function answer(request: ModelRequest, call: ModelCall): ModelReply {
  switch (call.purpose) {
    case 'critic':
      return { text: JSON.stringify(judge(request.prompt, call)) };
    case 'breakdown':
      return { text: JSON.stringify({ subtasks: steps(call) }) };
    case 'other':
      call.good = false;
      return { text: '{}' };
    case 'task': {
      const { prompt } = request;
      const told = JSON.stringify(request.body['messages']).includes(TOLD_SO);
      const wrong = prompt.includes('{every answer is wrong}') || (prompt.includes('{first answer is wrong}') && !told);
      return { text: `This is the ${wrong ? 'wrong' : 'right'} answer ${call.mark} about [task ${call.task}].` };
    }
  }
}

/** The critic sees what it judges, so it says the same of the same answer however often it is asked. */
function judge(prompt: string, call: ModelCall) {
  call.verdict = prompt.includes('This is the wrong answer') ? 'REJECT' : 'APPROVE';
  const issues = call.verdict === 'REJECT' ? ['the sentence is wrong'] : [];
  return { verdict: call.verdict, confidence: 0.9, issues, suggestions: [`judged as ${call.mark}`] };
}

/** Two steps side by side and one that needs both. Their ids are the product's own, `<task>__phase4_01`. */
function steps({ task, mark }: ModelCall) {
  const step = (n: number, depends_on: string[]) => ({
    key: `s${n}${mark}`,
    prompt: `Compose part ${n} for [task ${task}__phase4_0${n}].`,
    depends_on,
  });
  return [step(1, []), step(2, []), step(3, [`s1${mark}`, `s2${mark}`])];
}
