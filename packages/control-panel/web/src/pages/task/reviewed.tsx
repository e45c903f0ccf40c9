import type { TaskDetail } from '../../../../src/protocol/tasks.ts';
import { Empty } from '../../parts/card.tsx';
import { Check } from '../../parts/check.tsx';
import { Plain } from '../../parts/small.tsx';

const BY = { evidence: 'by evidence', critic: 'by the critic', person: 'by a person', nobody: 'by nobody yet' } as const;
const VERDICTS = {
  APPROVE: 'Accepted',
  MINOR_ISSUES: 'Accepted with minor issues',
  REJECT: 'Rejected',
  NONE: 'No verdict',
} as const;

/** The witnesses, the critic's words, the reasons, and what safety said. */
export function Reviewed({ detail, withHold = true }: { detail: TaskDetail; withHold?: boolean }) {
  const { review, reasons, feedback, safety_report, row } = detail;
  if (!review && reasons.length === 0 && !row.hold && !safety_report) return <Empty>It has not been judged yet.</Empty>;
  return (
    <div className="flex flex-col gap-3 px-4 pb-4">
      {row.hold && withHold ? <Plain className="text-warn">{row.hold.reason}</Plain> : null}
      {review ? <Verdict review={review} /> : null}
      <Points title="Sent back because" points={feedback ? [...feedback.issues, ...feedback.suggestions] : []} />
      <Points title="Reasons so far" points={reasons} />
      {safety_report ? <Safety report={safety_report} /> : null}
    </div>
  );
}

function Verdict({ review }: { review: NonNullable<TaskDetail['review']> }) {
  return (
    <>
      <p>
        <span className="font-medium">{VERDICTS[review.verdict]}</span> {BY[review.by]}
        {review.by === 'critic' ? <span className="text-dim">, confidence {review.confidence.toFixed(2)}</span> : null}
      </p>
      {review.witnesses.length > 0 ? (
        <ul aria-label="Witnesses" className="flex flex-col gap-1.5">
          {review.witnesses.map((witness, index) => (
            <Check
              key={index}
              passed={witness.passed}
              name={witness.kind.replaceAll('_', ' ')}
              detail={witness.detail}
              rule={witness.rule}
              diff={witness.diff}
              weak={!witness.decisive}
            />
          ))}
        </ul>
      ) : null}
      <Points title="Issues" points={review.issues} />
      <Points title="Suggestions" points={review.suggestions} />
    </>
  );
}

function Points({ title, points }: { title: string; points: readonly string[] }) {
  if (points.length === 0) return null;
  return (
    <div>
      <h3 className="text-[12.5px] font-medium text-dim">{title}</h3>
      <ul className="mt-0.5 list-disc pl-5">
        {points.map((point, index) => (
          <li key={index}>
            <Plain>{point}</Plain>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Safety({ report }: { report: NonNullable<TaskDetail['safety_report']> }) {
  return (
    <div>
      <h3 className="text-[12.5px] font-medium text-dim">Safety</h3>
      <ul className="mt-1 flex flex-col gap-1.5">
        {report.checks.map((check, index) => (
          <Check
            key={index}
            passed={check.passed}
            name={check.check.replaceAll('_', ' ')}
            detail={[check.reason, check.fix].filter(Boolean).join(' — ')}
          />
        ))}
      </ul>
    </div>
  );
}
