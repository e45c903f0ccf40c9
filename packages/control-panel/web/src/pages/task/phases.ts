import type { TaskDetail } from '../../../../src/protocol/tasks.ts';

/** One stretch of a task's life on a common axis of milliseconds. `until` is undefined while it lasts. */
export interface Stretch {
  readonly name: string;
  readonly from: number;
  readonly until: number | undefined;
  readonly note: string;
  readonly cost: number | undefined;
  readonly tone: 'wait' | 'work' | 'check' | 'bad';
}

export interface Attempt {
  readonly attempt: number;
  readonly stretches: readonly Stretch[];
}

type Event = TaskDetail['events'][number];

/** A task's events as stretches: waiting, work, review, and the calls to a model inside them. */
export function attemptsOf(detail: TaskDetail): readonly Attempt[] {
  const attempts = new Map<number, Stretch[]>();
  const put = (attempt: number, stretch: Stretch) => attempts.set(attempt, [...(attempts.get(attempt) ?? []), stretch]);
  const { events } = detail;
  let attempt = 1;
  for (const [index, event] of events.entries()) {
    if ('attempt' in event && typeof event.attempt === 'number') attempt = event.attempt;
    const stretch = stretchFrom(detail, event, events[index + 1]);
    if (stretch) put(attempt, stretch);
    if ('next_attempt' in event && typeof event.next_attempt === 'number') attempt = event.next_attempt;
  }
  return [...attempts].map(([number, stretches]) => ({
    attempt: number,
    stretches: withCalls(detail, number, [...stretches, ...phasesIn(detail, number)]),
  }));
}

function stretchFrom(detail: TaskDetail, event: Event, next: Event | undefined): Stretch | undefined {
  const from = Date.parse(event.timestamp);
  const until = next ? Date.parse(next.timestamp) : undefined;
  const base = { from, until, cost: undefined };
  switch (event.event) {
    case 'task_added':
    case 'task_requeued':
    case 'task_rejected':
    case 'task_retried':
    case 'task_unheld':
    case 'task_released':
      return event.status === 'failed' ? undefined : { ...base, name: 'Waiting', note: waitNote(event), tone: 'wait' };
    case 'task_claimed':
      return { ...base, name: 'Working', note: workNote(detail, next), tone: next?.event === 'task_failed' ? 'bad' : 'work' };
    case 'task_expanded':
      return { ...base, name: 'Its steps', note: `${event.children.length} steps first`, tone: 'wait' };
    case 'task_executed':
      return { ...base, name: 'Review', note: reviewNote(next), tone: 'check' };
    case 'task_gated':
      return event.hold ? { ...base, name: 'Quality gate', note: event.hold.reason, tone: 'check' } : undefined;
    case 'task_held':
      if (event.hold.kind === 'gates') return { ...base, name: 'Quality gate', note: event.hold.reason, tone: 'check' };
      return { ...base, name: 'Waiting for you', note: event.hold.reason, tone: 'wait' };
    default:
      return undefined;
  }
}

function waitNote(event: Event): string {
  return event.event === 'task_requeued'
    ? `after ${event.reason}`
    : event.event === 'task_added' && event.hold
      ? event.hold.reason
      : '';
}

function workNote(detail: TaskDetail, next: Event | undefined): string {
  if (next?.event === 'task_executed') {
    const { model, usage, exit_code, tool_route, tool_name } = next.outcome;
    const tokens = usage ? `${usage.prompt_tokens.toLocaleString()} in · ${usage.completion_tokens.toLocaleString()} out` : '';
    const route = tool_name ? `skill ${tool_name}` : tool_route === 'generate' ? '' : (tool_route ?? '');
    const exit = exit_code === undefined ? '' : `exit code ${exit_code}`;
    return [route, model, tokens, exit].filter(Boolean).join(' · ');
  }
  if (next?.event === 'task_failed') return next.errors;
  if (next?.event === 'task_blocked') return `blocked: ${next.reason}`;
  return next ? '' : (detail.row.lease?.worker_id ?? '');
}

function reviewNote(next: Event | undefined): string {
  if (next === undefined) return 'being checked';
  if (next.event === 'task_approved' || next.event === 'task_accepted' || next.event === 'task_reviewed')
    return `${next.review.verdict.toLowerCase().replaceAll('_', ' ')} by ${next.review.by}`;
  if (next.event === 'task_requeued' || next.event === 'task_rejected') return `sent back: ${next.reason}`;
  return next.event === 'task_held' ? 'no verdict possible' : '';
}

const PURPOSES: Readonly<Record<string, string>> = { task: 'Model', critic: 'Critic', plan: 'Plan', breakdown: 'Breakdown' };

const PHASES: Readonly<Record<string, string>> = {
  safety: 'Safety',
  before: 'Its files',
  intent: 'Intent',
  decomposition: 'Decomposition',
  'tool-routing': 'Routing',
  execution: 'Execution',
};

/** The phases between a claim and the execution it led to, one behind the other, as the worker timed them. */
function phasesIn(detail: TaskDetail, attempt: number): readonly Stretch[] {
  const { events } = detail;
  return events.flatMap((event, index) => {
    if (event.event !== 'task_executed' || event.attempt !== attempt || !event.outcome.phase_ms) return [];
    const claimed = events.slice(0, index).findLast((former) => former.event === 'task_claimed');
    let from = Date.parse((claimed ?? event).timestamp);
    return Object.entries(event.outcome.phase_ms).map(([phase, ms]): Stretch => {
      const stretch: Stretch = {
        name: PHASES[phase] ?? phase,
        from,
        until: from + ms,
        note: phaseNote(detail, phase, event.outcome),
        cost: undefined,
        tone: phase === 'safety' ? 'check' : 'work',
      };
      from += ms;
      return stretch;
    });
  });
}

type Done = Extract<Event, { event: 'task_executed' }>['outcome'];

function phaseNote({ intent, children }: TaskDetail, phase: string, outcome: Done): string {
  if (phase === 'safety') return 'passed';
  if (phase === 'intent') return intent ? `confidence ${intent.confidence.toFixed(2)}` : '';
  if (phase === 'decomposition') return children ? `${children.length} steps` : 'one task';
  if (phase !== 'tool-routing') return '';
  const { tool_route, tool_name, tool_confidence } = outcome;
  const sure = tool_name === undefined || tool_confidence === undefined ? '' : `, confidence ${tool_confidence.toFixed(2)}`;
  return `${tool_name ? `${tool_route ?? 'skill'}: ${tool_name}` : (tool_route ?? '')}${sure}`;
}

/** Put each call to a model behind the stretch in which it was made. */
function withCalls(detail: TaskDetail, attempt: number, stretches: readonly Stretch[]): readonly Stretch[] {
  const first = Math.min(...stretches.map(({ from }) => from));
  const last = Math.max(...stretches.map(({ until }) => until ?? Number.POSITIVE_INFINITY));
  const calls = detail.calls.flatMap((call): Stretch[] => {
    const until = Date.parse(call.at);
    if (until < first || until > last) return [];
    const tokens = `${call.input_tokens.toLocaleString()} in · ${call.output_tokens.toLocaleString()} out`;
    return [
      {
        name: PURPOSES[call.purpose] ?? call.purpose,
        from: until - call.duration_ms,
        until,
        note: call.failed ? `${call.model} · ${call.error ?? call.outcome}` : `${call.model} · ${tokens}`,
        cost: call.cost_usd,
        tone: call.failed ? 'bad' : call.purpose === 'critic' ? 'check' : 'work',
      },
    ];
  });
  // Waiting is as long as it was; it goes first and the calls stand below the stretch that holds them.
  return [...stretches, ...calls].sort(
    (a, b) => a.from - b.from || Number(calls.includes(a)) - Number(calls.includes(b)) || attempt,
  );
}
