import { Hammer } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { PoolWorker, WorkerView } from '../../../../src/protocol/running.ts';
import { Card, Empty, Loading, Trouble } from '../../parts/card.tsx';
import { FormField } from '../../parts/form-field.tsx';
import { span } from '../../state/format.ts';
import { attempt } from '../../state/notices.ts';
import { useNow } from '../../state/now.ts';
import { useAnswer } from '../../state/use-answer.ts';
import { workApi } from '../../state/work-api.ts';
import { useWorld } from '../../state/world.ts';

const LOOK_AGAIN_MS = 3000;

/** Workers: those started here can be stopped here; all others are shown. */
export function Workers() {
  const live = useWorld((world) => world.picture?.workers.length);
  const { data, trouble, again } = useAnswer(`workers ${live}`, (signal) => workApi.workers(signal), LOOK_AGAIN_MS);
  const crew = data?.crew ?? [];
  const own = new Set(crew.map(({ pid }) => pid));
  const others = (data?.workers ?? []).filter(({ pid, live: alive }) => alive && !own.has(pid));
  const running = crew.filter(({ state }) => state !== 'ended').length;
  return (
    <Card
      title="Workers"
      icon={Hammer}
      aside={<span className="num text-[12.5px] text-dim">{running + others.length} at work</span>}
    >
      {trouble && !data ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {!data && !trouble ? <Loading label="Loading the workers" /> : null}
      {data && crew.length + others.length === 0 ? <Empty>No worker runs, so no task is taken. Start one here.</Empty> : null}
      <ul className="divide-y divide-line">
        {others.map((worker) => (
          <Other key={worker.worker_id} worker={worker} />
        ))}
        {crew.map((member) => (
          <Own key={member.id} member={member} beat={data?.workers.find(({ pid }) => pid === member.pid)} onStopped={again} />
        ))}
      </ul>
      {data ? <Start most={data.most - running} onStarted={again} /> : null}
    </Card>
  );
}

function Other({ worker }: { worker: WorkerView }) {
  const now = useNow();
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <div className="min-w-0 flex-1">
        <p className="truncate font-mono text-[12.5px]">{worker.worker_id}</p>
        <p className="text-[12.5px] text-dim">
          {worker.running.length} of {worker.concurrency} tasks · for {span(now - Date.parse(worker.started_at))} · started
          elsewhere
        </p>
      </div>
    </li>
  );
}

const STATES = { starting: 'Starting', running: 'Running', stopping: 'Stopping', ended: 'Ended' } as const;

function Own({ member, beat, onStopped }: { member: PoolWorker; beat: WorkerView | undefined; onStopped: () => void }) {
  const { id, pid, state, concurrency, said, started_at } = member;
  const now = useNow();
  const stop = async () => {
    if (await attempt(() => workApi.stopWorker(id), 'The worker gives its tasks back and ends')) onStopped();
  };
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <div className="min-w-0 flex-1">
        <p className="truncate">
          <span className="font-medium">{STATES[state]}</span> <span className="text-dim">process {pid}</span>
        </p>
        <p className="break-words text-[12.5px] text-dim">
          {state === 'ended'
            ? (said ?? 'It ended.')
            : `${beat?.running.length ?? 0} of ${concurrency} tasks · for ${span(now - Date.parse(started_at))}`}
        </p>
      </div>
      {state === 'starting' || state === 'running' ? (
        <button type="button" className="btn" onClick={stop}>
          Stop
        </button>
      ) : null}
    </li>
  );
}

function Start({ most, onStarted }: { most: number; onStarted: () => void }) {
  const [count, setCount] = useState('1');
  const [slots, setSlots] = useState('4');
  const start = async (event: FormEvent) => {
    event.preventDefault();
    if (
      await attempt(
        () => workApi.startWorkers(Number(count), Number(slots)),
        `Starting ${count === '1' ? 'a worker' : `${count} workers`}`,
      )
    )
      onStarted();
  };
  if (most <= 0) return <Empty>All 16 run.</Empty>;
  return (
    <form onSubmit={start} className="flex flex-wrap items-end gap-3 border-t border-line px-4 py-3">
      <FormField label="How many">
        {(given) => (
          <input
            {...given}
            type="number"
            min={1}
            max={most}
            className="field w-20"
            value={count}
            onChange={(event) => setCount(event.target.value)}
          />
        )}
      </FormField>
      <FormField label="Tasks at once, each">
        {(given) => (
          <input
            {...given}
            type="number"
            min={1}
            max={64}
            className="field w-20"
            value={slots}
            onChange={(event) => setSlots(event.target.value)}
          />
        )}
      </FormField>
      <button type="submit" className="btn btn-go">
        Start
      </button>
      <p className="w-full text-[12px] text-dim">They are children of the panel and end with it.</p>
    </form>
  );
}
