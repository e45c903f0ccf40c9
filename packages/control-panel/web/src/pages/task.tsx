import { ChartGantt, ChevronRight, ClipboardCheck, Columns2, FileText, History, MessageSquareText } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { Link } from 'wouter';
import type { TaskDetail } from '../../../src/protocol/tasks.ts';
import { Card, Empty, Loading, Trouble } from '../parts/card.tsx';
import { EventList } from '../parts/event-list.tsx';
import { Frame } from '../parts/frame.tsx';
import { Code } from '../parts/markdown.tsx';
import { OutputText } from '../parts/output.tsx';
import { Plain } from '../parts/small.tsx';
import { Status } from '../parts/status.tsx';
import { api, Refused } from '../state/api.ts';
import { bytes } from '../state/format.ts';
import { endOf } from '../state/status.ts';
import { useWorld } from '../state/world.ts';
import { Attempts, triesOf } from './task/attempts.tsx';
import { Facts } from './task/facts.tsx';
import { Gates } from './task/gates.tsx';
import { Live } from './task/live.tsx';
import { Reviewed } from './task/reviewed.tsx';
import { Understood } from './task/understood.tsx';
import { Waterfall } from './task/waterfall.tsx';

/** One task: what was asked, what came of it, how it was judged, and what a person can do. */
export default function TaskPage({ id }: { id: string }) {
  const [detail, setDetail] = useState<TaskDetail | undefined>();
  const [trouble, setTrouble] = useState<Refused | undefined>();
  const touched = useWorld((world) => world.picture?.touched.get(id));
  const link = useWorld((world) => world.link);
  const load = useCallback(
    async (signal?: AbortSignal) => {
      try {
        setDetail(await api.task(id, signal));
        setTrouble(undefined);
      } catch (error) {
        if (error instanceof Refused) setTrouble(error);
      }
    },
    [id],
  );
  // Read again whenever the feed touched this task, or after the connection was away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `touched` and `link` say when, not what.
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => load(abort.signal), 60);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [load, touched, link]);
  if (detail) return <Full detail={detail} />;
  if (!trouble)
    return (
      <div className="card">
        <Loading label="Loading the task" lines={6} />
      </div>
    );
  return (
    <div className="card">
      <Trouble text={trouble.message} fix={trouble.fix} onRetry={() => load()} />
    </div>
  );
}

function Full({ detail }: { detail: TaskDetail }) {
  const { row } = detail;
  return (
    <>
      <nav aria-label="Where you are" className="flex items-center gap-1 text-dim">
        <Link href="/tasks" className="hover:text-leaf hover:underline">
          Tasks
        </Link>
        <ChevronRight aria-hidden className="size-3.5" />
        <span className="break-all font-mono text-[12px]">{row.id}</span>
      </nav>
      <div className="mb-4 mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="break-words text-[18px] font-semibold leading-6">{row.title}</h1>
        <Status status={row.status} held={row.hold !== undefined} />
        {row.simulated ? <span className="rounded border border-line px-1.5 text-[12px] text-warn">Simulated</span> : null}
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_21rem]">
        <div className="flex min-w-0 flex-col gap-4 max-lg:order-2">
          <Card title="How it went" icon={ChartGantt}>
            <Waterfall detail={detail} />
          </Card>
          {row.status === 'in_progress' ? <Live id={row.id} /> : null}
          <Output detail={detail} />
          <Card title="How it was judged" icon={ClipboardCheck}>
            <Reviewed detail={detail} />
          </Card>
          {detail.gates ? <Gates gates={detail.gates} /> : null}
          {triesOf(detail).length > 1 ? (
            <Card title="Attempts side by side" icon={Columns2}>
              <div className="px-4 pb-4">
                <Attempts detail={detail} />
              </div>
            </Card>
          ) : null}
          <Prompt detail={detail} />
          <Card title="What happened" icon={History}>
            <EventList
              showTask={false}
              lines={detail.lines.map((line, index) => ({ ...line, key: String(index) })).toReversed()}
            />
          </Card>
          <Everything detail={detail} />
        </div>
        <Frame>
          <Facts detail={detail} />
        </Frame>
      </div>
    </>
  );
}

/** Written out when somebody asks for it. */
function Everything({ detail }: { detail: TaskDetail }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="card px-4 py-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer text-[12.5px] font-medium text-dim">Everything as JSON</summary>
      <Frame>
        <div className="mt-3">{open ? <Json value={detail} /> : null}</div>
      </Frame>
    </details>
  );
}

const Json = ({ value }: { value: object }) => <Code text={JSON.stringify(value, null, 2)} />;

function Output({ detail: { output, row } }: { detail: TaskDetail }) {
  const ended = endOf(row.status) === 'badly';
  const waiting = ended
    ? 'It left no output.'
    : row.lease
      ? 'It is being worked on; the output comes here.'
      : 'There is no output yet.';
  return (
    <Card
      title="Output"
      icon={FileText}
      aside={output ? <span className="text-[12.5px] text-dim">{bytes(output.bytes)}</span> : undefined}
    >
      {output === undefined ? <Empty>{waiting}</Empty> : null}
      {output ? (
        <div className="min-w-0 px-4 pb-4">
          <OutputText output={output} />
        </div>
      ) : null}
    </Card>
  );
}

function Prompt({ detail: { task, intent } }: { detail: TaskDetail }) {
  return (
    <Card title="What was asked" icon={MessageSquareText}>
      <div className="flex flex-col gap-2 px-4 pb-4">
        {task.prompt ? <Plain>{task.prompt}</Plain> : null}
        {task.command ? <Code text={task.command} /> : null}
        {task.skill ? <p>Skill {task.skill}</p> : null}
        {intent ? <Understood intent={intent} /> : null}
      </div>
    </Card>
  );
}
