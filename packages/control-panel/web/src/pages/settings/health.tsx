import { CircleAlert, CircleCheck, CircleX } from 'lucide-react';
import { useState } from 'react';
import type { DoctorAnswer, DoctorFinding } from '../../../../src/protocol/running.ts';
import { Loading } from '../../parts/card.tsx';
import { attempt } from '../../state/notices.ts';
import { workApi } from '../../state/work-api.ts';

const LOOKS = {
  ok: [CircleCheck, 'text-ok', 'fine'],
  warning: [CircleAlert, 'text-warn', 'warning'],
  error: [CircleX, 'text-bad', 'error'],
} as const;

/** What the doctor finds, when asked: each finding with its fix. */
export function Health() {
  const [answer, setAnswer] = useState<DoctorAnswer | undefined>();
  const [busy, setBusy] = useState(false);
  const examine = async () => {
    setBusy(true);
    await attempt(async () => setAnswer(await workApi.doctor()));
    setBusy(false);
  };
  const faults = answer?.findings.filter(({ level }) => level !== 'ok') ?? [];
  const fine = answer?.findings.filter(({ level }) => level === 'ok') ?? [];
  return (
    <div className="flex flex-col gap-3 px-4 pb-4">
      <div className="flex flex-wrap items-center gap-3">
        <button type="button" className="btn" disabled={busy} onClick={examine}>
          {busy ? 'Examining…' : answer ? 'Examine again' : 'Examine'}
        </button>
        <span role="status" className="text-dim">
          {answer ? words(answer) : busy ? '' : 'Checks configuration, provider, sandbox, files and locks.'}
        </span>
      </div>
      {busy && !answer ? <Loading label="Examining" lines={2} /> : null}
      {faults.length > 0 ? <Findings findings={faults} /> : null}
      {fine.length > 0 ? (
        <details>
          <summary className="cursor-pointer text-[12.5px] font-medium text-dim">{fine.length} checks are fine</summary>
          <div className="mt-2">
            <Findings findings={fine} />
          </div>
        </details>
      ) : null}
    </div>
  );
}

function words({ errors, warnings }: DoctorAnswer): string {
  if (errors + warnings === 0) return 'All is well.';
  const count = (number: number, one: string) => (number === 0 ? '' : `${number} ${one}${number === 1 ? '' : 's'}`);
  return [count(errors, 'error'), count(warnings, 'warning')].filter(Boolean).join(', ');
}

function Findings({ findings }: { findings: readonly DoctorFinding[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {findings.map(({ level, check, message, fix, file, line }, index) => {
        const [Icon, tone, word] = LOOKS[level];
        return (
          <li key={index} className="flex items-start gap-2 text-[12.5px]">
            <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
            <div className="min-w-0 break-words">
              <span className="sr-only">{word}: </span>
              <span className="font-medium">{check}</span> {message}
              {file ? (
                <span className="block break-all font-mono text-[11.5px] text-dim">
                  {file}
                  {line === undefined ? '' : `:${line}`}
                </span>
              ) : null}
              {fix ? <span className="block text-dim">{fix}</span> : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
