import type { TaskDetail } from '../../../../src/protocol/tasks.ts';
import { Plain } from '../../parts/small.tsx';

type Intent = NonNullable<TaskDetail['intent']>;

/** What the runtime made of the request before it began. */
export function Understood({ intent }: { intent: Intent }) {
  const lists = [
    ['Must', intent.constraints],
    ['Rather', intent.preferences],
    ['Must not', intent.anti_goals],
  ] as const;
  return (
    <div className="mt-1 rounded-lg bg-bg p-3">
      <p className="text-[12.5px] text-dim">Understood as</p>
      <Plain className="font-medium">{intent.goal}</Plain>
      <dl className="mt-1 grid grid-cols-[5rem_1fr] gap-x-3 gap-y-0.5 text-[12.5px]">
        {lists.map(([name, values]) =>
          values.length > 0 ? (
            <div key={name} className="contents">
              <dt className="text-dim">{name}</dt>
              <dd className="min-w-0">
                <Plain>{values.join('; ')}</Plain>
              </dd>
            </div>
          ) : null,
        )}
        <dt className="text-dim">Confidence</dt>
        <dd className="num">{intent.confidence.toFixed(2)}</dd>
      </dl>
    </div>
  );
}
