import { Suspense, useState } from 'react';
import type { TaskDetail } from '../../../../src/protocol/tasks.ts';
import { Loading } from '../../parts/card.tsx';
import { late } from '../../parts/late.tsx';
import { Code } from '../../parts/markdown.tsx';
import { clockTime, took, usd } from '../../state/format.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { workApi } from '../../state/work-api.ts';

const Changes = late(() => import('../../parts/changes.tsx'));

interface Try {
  readonly attempt: number;
  readonly at: string;
  readonly path: string | undefined;
  readonly summary: string;
  readonly cost: number;
  readonly took: number | undefined;
  readonly reason: string | undefined;
}

/** Every attempt that gave something, oldest first, with the reason why it was not the last. */
export function triesOf({ events }: TaskDetail): readonly Try[] {
  const tries = new Map<number, Try>();
  for (const event of events) {
    if (event.event === 'task_executed') {
      const { artifact, result_summary, budget_used, duration_ms } = event.outcome;
      const made = { at: event.timestamp, path: artifact?.path, summary: result_summary, cost: budget_used, took: duration_ms };
      tries.set(event.attempt, { attempt: event.attempt, ...made, reason: undefined });
    }
    const sentBack = event.event === 'task_requeued' || event.event === 'task_rejected' || event.event === 'task_failed';
    const last = sentBack ? [...tries.values()].at(-1) : undefined;
    if (last && last.reason === undefined)
      tries.set(last.attempt, {
        ...last,
        reason: event.event === 'task_failed' ? event.errors : 'reason' in event ? String(event.reason) : '',
      });
  }
  return [...tries.values()];
}

/** Attempts side by side, or what changed between two of them. */
export function Attempts({ detail, onlyChange = false }: { detail: TaskDetail; onlyChange?: boolean }) {
  const tries = triesOf(detail);
  const [right, setRight] = useState(tries.length - 1);
  const [left, setLeft] = useState(Math.max(0, tries.length - 2));
  const [asChange, setAsChange] = useState(onlyChange);
  const [from, to] = [tries[left], tries[right]];
  const texts = useTexts(from, to);
  if (!from || !to) return null;
  return (
    <div className="flex flex-col gap-2">
      {onlyChange ? null : (
        <div className="flex flex-wrap items-center gap-2">
          <Choice label="Left" tries={tries} value={left} onChange={setLeft} />
          <Choice label="Right" tries={tries} value={right} onChange={setRight} />
          <button
            type="button"
            aria-pressed={asChange}
            className={`btn ${asChange ? 'border-leaf bg-leafbg text-leaf' : ''}`}
            onClick={() => setAsChange(!asChange)}
          >
            Only what changed
          </button>
        </div>
      )}
      {texts === undefined ? <Loading label="Loading both outputs" /> : null}
      {texts && asChange ? (
        <Suspense fallback={<Loading label="Comparing" />}>
          <Changes from={texts[0]} to={texts[1]} names={[`attempt ${from.attempt}`, `attempt ${to.attempt}`]} />
        </Suspense>
      ) : null}
      {texts && !asChange ? (
        <div className="grid gap-3 md:grid-cols-2">
          <Side made={from} text={texts[0]} />
          <Side made={to} text={texts[1]} />
        </div>
      ) : null}
    </div>
  );
}

function useTexts(from: Try | undefined, to: Try | undefined): readonly [string, string] | undefined {
  const read = async (made: Try | undefined, signal: AbortSignal) => {
    if (!made) return '';
    if (!made.path) return made.summary;
    return (await workApi.artifact(made.path, signal).catch(() => undefined))?.content ?? made.summary;
  };
  const { data } = useAnswer(`${from?.path}|${to?.path}`, async (signal) => {
    const [a, b] = await Promise.all([read(from, signal), read(to, signal)]);
    return [a, b] as const;
  });
  return data;
}

function Side({ made, text }: { made: Try; text: string }) {
  return (
    <div className="min-w-0">
      <p className="mb-1 text-[12.5px] text-dim">
        <span className="font-medium text-ink">Attempt {made.attempt}</span> · {clockTime(made.at)} · {usd(made.cost)}
        {made.took === undefined ? '' : ` · ${took(made.took)}`}
      </p>
      <Code text={text} wrap />
      {made.reason ? <p className="mt-1 break-words text-[12.5px] text-warn">Sent back: {made.reason}</p> : null}
    </div>
  );
}

function Choice(props: { label: string; tries: readonly Try[]; value: number; onChange: (index: number) => void }) {
  const { label, tries, value, onChange } = props;
  return (
    <label className="flex items-center gap-1.5 text-[12.5px] text-dim">
      {label}
      <select className="field w-auto py-1" value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {tries.map(({ attempt }, index) => (
          <option key={attempt} value={index}>
            attempt {attempt}
          </option>
        ))}
      </select>
    </label>
  );
}
